package io.syncline.config;

import io.syncline.record.TimeFormat;

import org.quartz.CronExpression;

import java.nio.charset.Charset;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;

/** Rules that more than one kind of file keeps. */
final class CommonRules {
    private CommonRules() {
    }

    static void nameIsThatOfTheFile(Declared declared) {
        Yaml name = declared.yaml().get("name");
        if (name.text().matches("[a-z][a-z0-9_]*") && !name.text().equals(declared.name())) {
            declared.mistakes().add(name, Mistakes.quoted(name.text()) + " is not the name of this file.",
                    "Write " + declared.name() + ", or rename the file to " + name.text() + ".yaml.");
        }
    }

    /** Checks {@code format} and {@code zone} of whatever has them. */
    static void time(Yaml yaml, Mistakes mistakes) {
        Yaml format = yaml.get("format");
        if (format.is(Yaml.Kind.TEXT)) {
            try {
                TimeFormat.of(format.text(), ZoneOffset.UTC);
            } catch (IllegalArgumentException e) {
                mistakes.add(format, Mistakes.quoted(format.text()) + " is not a way to write times.",
                        "Write iso, epoch-seconds, epoch-millis, or a pattern such as uuuu-MM-dd HH:mm:ss.");
            }
        }
        zone(yaml.get("zone"), mistakes);
    }

    static void zone(Yaml zone, Mistakes mistakes) {
        if (zone.is(Yaml.Kind.TEXT)) {
            try {
                ZoneId.of(zone.text());
            } catch (DateTimeException e) {
                mistakes.add(zone, Mistakes.quoted(zone.text()) + " is not a time zone.", DidYouMean.likeliest(zone.text(), ZoneId.getAvailableZoneIds())
                        .map(likely -> "Did you mean \"" + likely + "\"?").orElse("Write one like UTC or Europe/Berlin."));
            }
        }
    }

    static void charset(Yaml charset, Mistakes mistakes) {
        if (charset.is(Yaml.Kind.TEXT)) {
            try {
                Charset.forName(charset.text());
            } catch (IllegalArgumentException e) {
                mistakes.add(charset, Mistakes.quoted(charset.text()) + " is not a character set.", "Write one like UTF-8, ISO-8859-1 or windows-1252.");
            }
        }
    }

    static void cron(Yaml cron, Mistakes mistakes) {
        if (!cron.is(Yaml.Kind.TEXT)) {
            return;
        }
        try {
            if (new CronExpression(cron.text()).getNextValidTimeAfter(new Date()) == null) {
                mistakes.add(cron, Mistakes.quoted(cron.text()) + " never comes: it names no day that is still ahead.",
                        "Write one that does, for example 0 0 2 * * ?, or leave it out.");
            }
        } catch (ParseException | RuntimeException e) {
            int fields = cron.text().trim().split("\\s+").length;
            mistakes.add(cron, Mistakes.quoted(cron.text()) + " is not a cron expression" + (fields == 5 ? ": it has no field for the second." : "."),
                    "Write second, minute, hour, day of month, month and day of week, one of the days as ?; for example 0 */15 * * * ?.");
        }
    }
}
