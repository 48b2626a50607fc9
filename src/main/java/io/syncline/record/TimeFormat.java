package io.syncline.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * How a source writes an instant, both ways: as it is read from records and as it is sent in a since-parameter.
 * {@code iso} (the default) reads any ISO 8601 instant, with or without seconds, {@code Z} or {@code +02:00} or {@code +0200}; one without a zone
 * is taken in {@code zone}, which is UTC unless declared. {@code epoch-seconds} and {@code epoch-millis} are numbers. Anything else is a
 * {@link DateTimeFormatter} pattern. Instants are kept to the microsecond, as PostgreSQL keeps them; finer digits are cut, not rounded.
 */
public final class TimeFormat {
    public static final TimeFormat ISO = new TimeFormat("iso", ZoneOffset.UTC);

    private static final DateTimeFormatter ISO_READ = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd")
            .optionalStart().appendLiteral('T').optionalEnd()
            .optionalStart().appendLiteral(' ').optionalEnd()
            .appendPattern("HH:mm")
            .optionalStart().appendPattern(":ss").appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true).optionalEnd()
            .optionalStart().appendPattern("XXX").optionalEnd()
            .optionalStart().appendPattern("XX").optionalEnd()
            .optionalStart().appendPattern("X").optionalEnd()
            .toFormatter(Locale.ROOT);
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private final String name;
    private final ZoneId zone;
    private final DateTimeFormatter pattern;

    private TimeFormat(String name, ZoneId zone) {
        this.name = name;
        this.zone = zone;
        this.pattern = switch (name) {
            case "iso" -> ISO_READ;
            case "epoch-seconds", "epoch-millis" -> null;
            default -> DateTimeFormatter.ofPattern(name, Locale.ROOT);
        };
    }

    /**
     * @param name {@code iso}, {@code epoch-seconds}, {@code epoch-millis} or a pattern
     * @throws IllegalArgumentException when it is none of them
     */
    public static TimeFormat of(String name, ZoneId zone) {
        return new TimeFormat(name, zone);
    }

    /** @throws DateTimeException when the text is no instant in this format */
    public Instant read(String text) {
        Instant instant = switch (name) {
            case "epoch-seconds" -> Instant.ofEpochSecond(whole(text));
            case "epoch-millis" -> Instant.ofEpochMilli(whole(text));
            default -> parsed(text);
        };
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw new DateTimeException("outside the years 1 to 9999");
        }
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    /** The instant as this source expects it in a request. */
    public String write(Instant instant) {
        return switch (name) {
            case "iso" -> instant.toString();
            case "epoch-seconds" -> Long.toString(instant.getEpochSecond());
            case "epoch-millis" -> Long.toString(instant.toEpochMilli());
            default -> pattern.format(instant.atZone(zone));
        };
    }

    private Instant parsed(String text) {
        TemporalAccessor read = pattern.parse(text);
        if (read.isSupported(ChronoField.OFFSET_SECONDS)) {
            return OffsetDateTime.from(read).toInstant();
        }
        if (read.query(TemporalQueries.localTime()) == null) {
            return LocalDate.from(read).atStartOfDay(zone).toInstant();
        }
        return LocalDateTime.from(read).atZone(zone).toInstant();
    }

    private static long whole(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new DateTimeException("not a whole number", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
