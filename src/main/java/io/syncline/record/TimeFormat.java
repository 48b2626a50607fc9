package io.syncline.record;

import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * How a source writes an instant, both ways: as it is read from records and as it is sent in a since-parameter; and how it writes a date.
 * {@code iso} (the default) reads any ISO 8601 instant, with or without seconds, {@code Z} or {@code +02:00} or {@code +0200}; one without a zone
 * is taken in {@code zone}, which is UTC unless declared. {@code epoch-seconds} and {@code epoch-millis} are numbers. Anything else is a
 * {@link DateTimeFormatter} pattern, with English names where it has names. Instants are kept to the microsecond, as PostgreSQL keeps them; finer digits
 * are cut, not rounded. A local time that was skipped when clocks went forward counts from before the change, one that came twice is the first.
 */
public final class TimeFormat {
    public static final TimeFormat ISO = new TimeFormat("iso", ZoneOffset.UTC);

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private final String name;
    private final ZoneId zone;
    private final DateTimeFormatter pattern;

    private TimeFormat(String name, ZoneId zone) {
        this.name = name;
        this.zone = zone;
        this.pattern = switch (name) {
            case "iso", "epoch-seconds", "epoch-millis" -> null;
            default -> strict(name);
        };
        if (pattern != null) {
            try {
                parsed(write(Instant.EPOCH));
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("the pattern " + name + " does not hold a whole date", e);
            }
        }
    }

    /**
     * @param name {@code iso}, {@code epoch-seconds}, {@code epoch-millis} or a pattern
     * @throws IllegalArgumentException when it is none of them, or a pattern that cannot tell a day
     */
    public static TimeFormat of(String name, ZoneId zone) {
        return new TimeFormat(name, zone);
    }

    /** The 30th of February is refused, not taken for the 29th; a year without an era is one of ours. */
    private static DateTimeFormatter strict(String pattern) {
        return new DateTimeFormatterBuilder().parseCaseInsensitive().appendPattern(pattern).parseDefaulting(ChronoField.ERA, 1)
                .toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    }

    /** @throws DateTimeException when the text is no instant in this format */
    public Instant read(String text) {
        Instant instant = switch (name) {
            case "iso" -> IsoTime.instant(text, zone);
            case "epoch-seconds" -> ofMicros(text, 6);
            case "epoch-millis" -> ofMicros(text, 3);
            default -> parsed(text);
        };
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw new DateTimeException("outside the years 1 to 9999");
        }
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    /** @throws DateTimeException when the text is no date in this format; an epoch's date is the one in the declared zone */
    public LocalDate readDate(String text) {
        LocalDate date = switch (name) {
            case "iso" -> IsoTime.date(text);
            case "epoch-seconds", "epoch-millis" -> LocalDate.ofInstant(read(text), zone);
            default -> LocalDate.from(pattern.parse(text));
        };
        if (date.getYear() < 1 || date.getYear() > 9999) {
            throw new DateTimeException("outside the years 1 to 9999");
        }
        return date;
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

    /** The date as this source expects it; as an epoch the day's beginning in the declared zone. */
    public String write(LocalDate date) {
        return switch (name) {
            case "iso" -> date.toString();
            case "epoch-seconds", "epoch-millis" -> write(date.atStartOfDay(zone).toInstant());
            default -> pattern.format(date.atStartOfDay(zone));
        };
    }

    /** Whether it is written as a number, not as a text. */
    boolean isNumber() {
        return name.startsWith("epoch-");
    }

    /** Everything that decides which instant a text is. */
    String fingerprint() {
        return name + " in " + zone;
    }

    boolean isIso() {
        return name.equals("iso");
    }

    private Instant parsed(String text) {
        TemporalAccessor read = pattern.parse(text);
        if (read.isSupported(ChronoField.INSTANT_SECONDS)) {
            return Instant.from(read);
        }
        if (read.query(TemporalQueries.localTime()) == null) {
            return LocalDate.from(read).atStartOfDay(zone).toInstant();
        }
        return LocalDateTime.from(read).atZone(zone).toInstant();
    }

    private static Instant ofMicros(String epoch, int pointRight) {
        try {
            long micros = Canonical.number(epoch).movePointRight(pointRight).setScale(0, RoundingMode.FLOOR).longValueExact();
            return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        } catch (UnfitValue | ArithmeticException e) {
            throw new DateTimeException("not a number of this size", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
