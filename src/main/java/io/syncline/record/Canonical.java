package io.syncline.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * The one way to write a value: what is equal is written alike, byte for byte, here and by the function of the same name in the database.
 * Text is escaped as PostgreSQL's {@code to_json} does; numbers are exact and without needless digits; instants are UTC.
 */
final class Canonical {
    /**
     * Reads what was written here: it was let in once, so no length in it is too much now; and nothing that is let in is nested half as deeply as this.
     * From a text: a table of all names seen would be copied for each document in which a new one stands.
     */
    static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(2_100).maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE).maxNameLength(Integer.MAX_VALUE).build())
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
            .build();

    /** More digits than this on either side of the point are refused: they are an attack or a mistake, not a price. */
    private static final int MOST_DIGITS = 100;
    /** Reading a number takes time by the square of its length; no number that is allowed needs more characters. */
    private static final int LONGEST_NUMBER = 1000;

    private Canonical() {
    }

    static void text(StringBuilder to, String value) {
        to.append('"');
        int from = 0;
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c >= ' ' && c != '"' && c != '\\') {
                continue;
            }
            to.append(value, from, at);
            from = at + 1;
            switch (c) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\b' -> to.append("\\b");
                case '\f' -> to.append("\\f");
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                case '\t' -> to.append("\\t");
                default -> to.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        to.append(value, from, value.length()).append('"');
    }

    /** What PostgreSQL cannot store is said here, not found out in the middle of a publish. */
    static String storable(String value) {
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == 0) {
                throw new UnfitValue("contains the character U+0000, which PostgreSQL cannot store");
            }
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c) && at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1))) {
                    at++;
                } else {
                    throw new UnfitValue("contains half of a surrogate pair, which is not a character");
                }
            }
        }
        return value;
    }

    static BigDecimal number(String literal) {
        if (literal.length() > LONGEST_NUMBER) {
            throw new UnfitValue("is a number with too many digits");
        }
        BigDecimal plain = plain(literal);
        if (plain != null) {
            return plain;
        }
        BigDecimal number;
        try {
            number = new BigDecimal(literal);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new UnfitValue("is not a decimal number");
        }
        if (number.signum() == 0) {
            return BigDecimal.ZERO;
        }
        if (number.scale() < -MOST_DIGITS || number.precision() - (long) number.scale() > MOST_DIGITS || number.scale() > MOST_DIGITS + number.precision()) {
            throw new UnfitValue("is a number with too many digits");
        }
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.scale() > MOST_DIGITS) {
            throw new UnfitValue("is a number with too many digits");
        }
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** A number of few digits, as almost all are, is read without the detour over all that a number can be; null where it is none. */
    private static BigDecimal plain(String literal) {
        int first = literal.startsWith("-") ? 1 : 0;
        int end = literal.length();
        int point = literal.indexOf('.');
        if (end - first > 18 || first == end || point == first || point == end - 1) {
            return null;
        }
        while (point >= 0 && end - 1 > point && literal.charAt(end - 1) == '0') {
            end--;
        }
        long unscaled = 0;
        for (int at = first; at < end; at++) {
            char digit = literal.charAt(at);
            if (at != point && (digit < '0' || digit > '9')) {
                return null;
            }
            unscaled = at == point ? unscaled : unscaled * 10 + digit - '0';
        }
        return BigDecimal.valueOf(first == 0 ? unscaled : -unscaled, point < 0 ? 0 : end - point - 1);
    }

    static void value(StringBuilder to, Object value) {
        if (value == null) {
            to.append("null");
        } else if (value instanceof String text) {
            text(to, text);
        } else if (value instanceof BigDecimal number) {
            to.append(number.toPlainString());
        } else if (value instanceof Instant || value instanceof LocalDate) {
            to.append('"').append(value).append('"');
        } else if (value instanceof Json json) {
            to.append(json.canonical());
        } else {
            to.append(value);
        }
    }
}
