package io.syncline.record;

import java.time.Instant;

/**
 * Values in the form in which systems usually write them, from JSON's bytes to canonical ones without anything made in between. What has another form is left
 * to {@link ValueReader}, which knows them all: nothing is written then. Each is told by where it begins and ends, a text without its quotes.
 */
final class UsualForm {
    private static final int MOST_DIGITS = 18;
    private static final int SECOND_END = 19;
    private static final int MICROS = 1_000_000;
    /** What is no instant of the usual form. */
    static final long NONE = Long.MIN_VALUE;

    private UsualForm() {
    }

    /** @param escaped whether it has escapes; one of U+0000 or of half a character is no usual one */
    static boolean text(CanonicalBytes to, byte[] json, int from, int end, boolean escaped) {
        if (escaped) {
            return unescaped(to, json, from, end);
        }
        to.raw(json, from - 1, end + 1);
        return true;
    }

    private static boolean unescaped(CanonicalBytes to, byte[] json, int from, int end) {
        int begin = to.length();
        to.raw('"');
        int plain = from;
        int at = from;
        while (at < end) {
            if (json[at] != '\\') {
                at++;
                continue;
            }
            to.raw(json, plain, at);
            char escape = (char) json[at + 1];
            at += 2;
            if (escape == 'u') {
                int point = hex(json, at);
                at += 4;
                if (Character.isHighSurrogate((char) point) && at + 6 <= end && json[at] == '\\' && json[at + 1] == 'u'
                        && Character.isLowSurrogate((char) hex(json, at + 2))) {
                    point = Character.toCodePoint((char) point, (char) hex(json, at + 2));
                    at += 6;
                }
                if (point == 0 || point < 0x10000 && Character.isSurrogate((char) point)) {
                    to.backTo(begin);
                    return false;
                }
                to.letter(point);
            } else {
                to.letter(meant(escape));
            }
            plain = at;
        }
        to.raw(json, plain, end);
        to.raw('"');
        return true;
    }

    private static int hex(byte[] json, int from) {
        int value = 0;
        for (int at = from; at < from + 4; at++) {
            value = value << 4 | Character.digit(json[at], 16);
        }
        return value;
    }

    private static char meant(char escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escape;
        };
    }

    /** Whether it is a whole number of few digits: it is canonical then. */
    static boolean isInteger(byte[] json, int from, int end) {
        int first = json[from] == '-' ? from + 1 : from;
        return first < end && end - first <= MOST_DIGITS && areDigits(json, first, end) && (json[first] != '0' || end - from == 1);
    }

    static boolean integer(CanonicalBytes to, byte[] json, int from, int end) {
        if (!isInteger(json, from, end)) {
            return false;
        }
        to.raw(json, from, end);
        return true;
    }

    /** A text that the side writes as a whole number. */
    static boolean digits(CanonicalBytes to, byte[] json, int from, int end) {
        if (!isInteger(json, from, end)) {
            return false;
        }
        to.raw('"');
        to.raw(json, from, end);
        to.raw('"');
        return true;
    }

    static boolean truth(CanonicalBytes to, byte[] json, int from, int end) {
        if (json[from] != 't' && json[from] != 'f') {
            return false;
        }
        to.raw(json, from, end);
        return true;
    }

    /** @param from of what {@link #isInteger} */
    static long integer(byte[] json, int from, int end) {
        boolean negative = json[from] == '-';
        long number = 0;
        for (int at = negative ? from + 1 : from; at < end; at++) {
            number = number * 10 + json[at] - '0';
        }
        return negative ? -number : number;
    }

    /** A number of few digits, without those at its end that say nothing: 4.50 is 4.5. */
    static boolean decimal(CanonicalBytes to, byte[] json, int from, int end) {
        int first = json[from] == '-' ? from + 1 : from;
        int point = first;
        while (point < end && json[point] >= '0' && json[point] <= '9') {
            point++;
        }
        if (point == first || end - first > MOST_DIGITS || json[first] == '0' && point > first + 1) {
            return false;
        }
        int last = point;
        if (point < end) {
            if (json[point] != '.' || point + 1 == end || !areDigits(json, point + 1, end)) {
                return false;
            }
            last = end;
            while (json[last - 1] == '0') {
                last--;
            }
            last = last == point + 1 ? point : last;
        }
        if (first > from && last == first + 1 && json[first] == '0') {
            to.raw('0');
        } else {
            to.raw(json, from, last);
        }
        return true;
    }

    /** {@code 2026-01-31}. */
    static boolean date(CanonicalBytes to, byte[] json, int from, int end) {
        return end - from == 10 && day(json, from) != NONE && text(to, json, from, end, false);
    }

    /** The day in days since 1970, or {@link #NONE}. */
    private static long day(byte[] json, int from) {
        int century = pair(json, from);
        int ofCentury = pair(json, from + 2);
        int month = pair(json, from + 5);
        int day = pair(json, from + 8);
        int year = century * 100 + ofCentury;
        if ((century | ofCentury | month | day) < 0 || json[from + 4] != '-' || json[from + 7] != '-' || !isDay(year, month, day)) {
            return NONE;
        }
        // Years that begin in March, counted from the year 0: leap days are then the last of a year.
        int years = month <= 2 ? year - 1 : year;
        return 365L * years + years / 4 - years / 100 + years / 400 + (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1 - 719_468;
    }

    /** The number that two digits are; below 0 where they are none. */
    private static int pair(byte[] json, int at) {
        int tens = json[at] - '0';
        int ones = json[at + 1] - '0';
        return (tens | ones | 9 - tens | 9 - ones) < 0 ? -1 : tens * 10 + ones;
    }

    private static boolean isDay(int year, int month, int day) {
        if (year == 0 || month == 0 || month > 12 || day == 0) {
            return false;
        }
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        int days = month == 2 ? leap ? 29 : 28 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
        return day <= days;
    }

    /** To the microsecond, with as many groups of three digits as say something. */
    static boolean instant(CanonicalBytes to, byte[] json, int from, int end) {
        long micros = micros(json, from, end);
        if (micros == NONE) {
            return false;
        }
        if (end - from > SECOND_END + 1) {
            to.value(instant(micros));
            return true;
        }
        return text(to, json, from, end, false);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000L);
    }

    /**
     * {@code 2026-01-31T10:15:30Z}, with or without a fraction, in microseconds since 1970: finer digits are cut, not rounded. {@link #NONE} where it is none
     * of that form.
     */
    static long micros(byte[] json, int from, int end) {
        int last = end - 1;
        if (last - from < SECOND_END || last - from > SECOND_END + 10 || json[last] != 'Z' || json[from + 10] != 'T' || json[from + 13] != ':'
                || json[from + 16] != ':') {
            return NONE;
        }
        long day = day(json, from);
        int hour = pair(json, from + 11);
        int minute = pair(json, from + 14);
        int second = pair(json, from + 17);
        if (day == NONE || (hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59) {
            return NONE;
        }
        long micros = ((day * 24 + hour) * 60 + minute) * 60 + second;
        if (last == from + SECOND_END) {
            return micros * MICROS;
        }
        if (json[from + SECOND_END] != '.' || last == from + SECOND_END + 1 || !areDigits(json, from + SECOND_END + 1, last)) {
            return NONE;
        }
        for (int at = from + SECOND_END + 1; at <= from + SECOND_END + 6; at++) {
            micros = micros * 10 + (at < last ? json[at] - '0' : 0);
        }
        return micros;
    }

    private static boolean areDigits(byte[] json, int from, int end) {
        for (int at = from; at < end; at++) {
            if (json[at] < '0' || json[at] > '9') {
                return false;
            }
        }
        return true;
    }
}
