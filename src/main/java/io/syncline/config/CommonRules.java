package io.syncline.config;

import io.syncline.record.TimeFormat;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;

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
}
