package io.syncline.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Reads {@code 2026-01-31T10:15:30.1234567+02:00} and its shorter forms: a blank for the T, no seconds, no fraction, an offset without colon or minutes,
 * no zone at all. Days that no calendar has are refused, not moved. Written by hand because a formatter would take longer than the rest of the record.
 */
final class IsoTime {
    private final String text;
    private int at;

    private IsoTime(String text) {
        this.text = text;
    }

    /** @throws DateTimeException when the text is anything else */
    static Instant instant(String text, ZoneId zoneWhenNone) {
        Instant usual = usual(text);
        if (usual != null) {
            return usual;
        }
        IsoTime reading = new IsoTime(text);
        LocalDateTime local = LocalDateTime.of(reading.date(), reading.time());
        Instant instant = reading.ends() ? local.atZone(zoneWhenNone).toInstant() : local.toInstant(reading.offset());
        reading.expectEnd();
        return instant;
    }

    /** {@code 2026-01-31T10:15:30Z}, with or without a fraction, as most systems write it; null for whatever is or may be anything else. */
    private static Instant usual(String text) {
        int end = text.length() - 1;
        if (end < 19 || end > 29 || text.charAt(end) != 'Z' || text.charAt(4) != '-' || text.charAt(7) != '-' || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':' || end > 19 && (text.charAt(19) != '.' || end == 20)) {
            return null;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        int fraction = end == 19 ? 0 : number(text, 20, end);
        // The 29th to the 31st are left to the calendar.
        if ((year | hour | minute | second | fraction) < 0 || month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59) {
            return null;
        }
        for (int digits = end - 20; digits < 9 && digits >= 0; digits++) {
            fraction *= 10;
        }
        // Days of years that begin in March, counted from the year 0: leap days are then the last of a year.
        int years = month <= 2 ? year - 1 : year;
        long days = 365L * years + Math.floorDiv(years, 4) - Math.floorDiv(years, 100) + Math.floorDiv(years, 400) + (153 * ((month + 9) % 12) + 2) / 5
                + day - 1
                - 719_468;
        return Instant.ofEpochSecond(days * 86_400 + hour * 3_600 + minute * 60 + second, fraction);
    }

    /** Less than 0 where something else than digits stands there. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int at = from; at < to; at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** @throws DateTimeException when the text is anything but {@code 2026-01-31} */
    static LocalDate date(String text) {
        IsoTime reading = new IsoTime(text);
        LocalDate date = reading.date();
        reading.expectEnd();
        return date;
    }

    private LocalDate date() {
        int year = digits(4);
        expect('-');
        int month = digits(2);
        expect('-');
        return LocalDate.of(year, month, digits(2));
    }

    private LocalTime time() {
        if (!takes(' ')) {
            expect('T');
        }
        int hour = digits(2);
        expect(':');
        int minute = digits(2);
        if (!takes(':')) {
            return LocalTime.of(hour, minute);
        }
        int second = digits(2);
        return LocalTime.of(hour, minute, second, takes('.') ? nanos() : 0);
    }

    /** Digits finer than a nanosecond are passed over. */
    private int nanos() {
        int nanos = digits(1);
        int weight = 100_000_000;
        nanos *= weight;
        while (!ends() && isDigit(text.charAt(at))) {
            weight /= 10;
            nanos += weight * digits(1);
        }
        return nanos;
    }

    private ZoneOffset offset() {
        if (takes('Z')) {
            return ZoneOffset.UTC;
        }
        boolean west = takes('-');
        if (!west) {
            expect('+');
        }
        int hours = digits(2);
        int minutes = 0;
        if (takes(':') || !ends()) {
            minutes = digits(2);
        }
        return west ? ZoneOffset.ofHoursMinutes(-hours, -minutes) : ZoneOffset.ofHoursMinutes(hours, minutes);
    }

    private int digits(int count) {
        int number = 0;
        for (int end = at + count; at < end; at++) {
            if (ends() || !isDigit(text.charAt(at))) {
                throw unreadable();
            }
            number = number * 10 + text.charAt(at) - '0';
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private boolean takes(char c) {
        if (ends() || text.charAt(at) != c) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(char c) {
        if (!takes(c)) {
            throw unreadable();
        }
    }

    private boolean ends() {
        return at == text.length();
    }

    private void expectEnd() {
        if (!ends()) {
            throw unreadable();
        }
    }

    private DateTimeException unreadable() {
        return new DateTimeException("not as ISO 8601 writes it");
    }
}
