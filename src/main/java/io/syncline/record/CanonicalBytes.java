package io.syncline.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * A canonical document as it grows: the same as {@link Canonical} writes, as the UTF-8 that is hashed and stored. Every record of every read is written by it,
 * so texts and instants go from their characters and numbers straight to bytes.
 */
final class CanonicalBytes {
    /** How long a name is that is written quickly. */
    static final int BRIEF = 3 * Long.BYTES;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final ThreadLocal<CanonicalBytes> OF_THIS_THREAD = ThreadLocal.withInitial(CanonicalBytes::new);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    /** A longer one goes the way of what is rare: room for the worst that it may need would be too much. */
    private static final int LONG_TEXT = 20_000;
    private static final int SECONDS_A_DAY = 86_400;
    /** 0001-01-01 and 9999-12-31 in days since 1970, the years that an instant's text has four digits for. */
    private static final long FIRST_DAY = -719_162;
    private static final long LAST_DAY = 2_932_896;

    private byte[] bytes = new byte[1024];
    private int length;

    private CanonicalBytes() {
    }

    /** Empty. There is one for each thread, so whoever takes it is done with it before anybody else takes it. */
    static CanonicalBytes begin() {
        CanonicalBytes bytes = OF_THIS_THREAD.get();
        bytes.length = 0;
        return bytes;
    }

    /** What was written; a page of large records leaves no large buffer behind. */
    byte[] end() {
        byte[] written = Arrays.copyOf(bytes, length);
        if (bytes.length > 1 << 20) {
            bytes = new byte[1024];
        }
        return written;
    }

    int length() {
        return length;
    }

    /** Forgets what was written behind this length. */
    void backTo(int shorter) {
        length = shorter;
    }

    void raw(byte[] value) {
        raw(value, 0, value.length);
    }

    void raw(byte[] value, int from, int to) {
        reserve(to - from);
        System.arraycopy(value, from, bytes, length, to - from);
        length += to - from;
    }

    /**
     * The same, in three steps without a loop where it is short, which is what most names are.
     *
     * @param value so many bytes as that stand behind its end
     */
    void brief(byte[] value, int from, int to) {
        if (to - from > BRIEF) {
            raw(value, from, to);
            return;
        }
        reserve(BRIEF);
        eight(value, from, 0);
        eight(value, from, Long.BYTES);
        eight(value, from, 2 * Long.BYTES);
        length += to - from;
    }

    private void eight(byte[] value, int from, int shift) {
        EIGHT.set(bytes, length + shift, (long) EIGHT.get(value, from + shift));
    }

    void raw(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    void value(Object value) {
        if (value == null) {
            ascii("null");
        } else if (value instanceof String text && text.length() <= LONG_TEXT) {
            text(text);
        } else if (value instanceof Instant instant) {
            instant(instant);
        } else if (value instanceof BigDecimal number) {
            ascii(number.toPlainString());
        } else if (value instanceof Json json) {
            raw(json.canonical().getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof Long || value instanceof Boolean) {
            ascii(value.toString());
        } else {
            StringBuilder other = new StringBuilder();
            Canonical.value(other, value);
            raw(other.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A character of a text, escaped where it has to be. */
    void letter(int point) {
        reserve(6);
        length = point < 0x80 && (point < ' ' || point == '"' || point == '\\') ? escaped(bytes, length, (char) point) : encoded(bytes, length, point);
    }

    private void text(String value) {
        int letters = value.length();
        // No character takes more than six bytes, as those do that have no short escape.
        reserve(2 + 6 * letters);
        byte[] to = bytes;
        int at = length;
        to[at++] = '"';
        for (int i = 0; i < letters; i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                if (c >= ' ' && c != '"' && c != '\\') {
                    to[at++] = (byte) c;
                } else {
                    at = escaped(to, at, c);
                }
            } else if (!Character.isSurrogate(c)) {
                at = encoded(to, at, c);
            } else if (i + 1 == letters || !Character.isSurrogatePair(c, value.charAt(i + 1))) {
                to[at++] = '?';
            } else {
                at = encoded(to, at, Character.toCodePoint(c, value.charAt(++i)));
            }
        }
        to[at++] = '"';
        length = at;
    }

    private static int encoded(byte[] to, int from, int point) {
        int at = from;
        if (point < 0x80) {
            to[at++] = (byte) point;
        } else if (point < 0x800) {
            to[at++] = (byte) (0xc0 | point >> 6);
            to[at++] = (byte) (0x80 | point & 0x3f);
        } else if (point < 0x10000) {
            to[at++] = (byte) (0xe0 | point >> 12);
            to[at++] = (byte) (0x80 | point >> 6 & 0x3f);
            to[at++] = (byte) (0x80 | point & 0x3f);
        } else {
            to[at++] = (byte) (0xf0 | point >> 18);
            to[at++] = (byte) (0x80 | point >> 12 & 0x3f);
            to[at++] = (byte) (0x80 | point >> 6 & 0x3f);
            to[at++] = (byte) (0x80 | point & 0x3f);
        }
        return at;
    }

    private static int escaped(byte[] to, int from, char c) {
        int at = from;
        to[at++] = '\\';
        switch (c) {
            case '"', '\\' -> to[at++] = (byte) c;
            case '\b' -> to[at++] = 'b';
            case '\f' -> to[at++] = 'f';
            case '\n' -> to[at++] = 'n';
            case '\r' -> to[at++] = 'r';
            case '\t' -> to[at++] = 't';
            default -> {
                to[at++] = 'u';
                to[at++] = '0';
                to[at++] = '0';
                to[at++] = HEX[c >> 4];
                to[at++] = HEX[c & 15];
            }
        }
        return at;
    }

    /** As {@link Instant#toString} has it: seconds always, and as many groups of three digits behind them as say something. */
    private void instant(Instant instant) {
        long day = Math.floorDiv(instant.getEpochSecond(), (long) SECONDS_A_DAY);
        int nanos = instant.getNano();
        if (day < FIRST_DAY || day > LAST_DAY || nanos % 1_000 != 0) {
            ascii('"' + instant.toString() + '"');
            return;
        }
        reserve(40);
        int second = (int) (instant.getEpochSecond() - day * SECONDS_A_DAY);
        // Days of years that begin in March, counted from the year 0: leap days are then the last of a year.
        long shifted = day + 719_468;
        int era = (int) (shifted / 146_097);
        int ofEra = (int) (shifted - era * 146_097L);
        int yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365;
        int ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int fromMarch = (5 * ofYear + 2) / 153;
        int month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
        int year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        bytes[length++] = '"';
        digits(year, 4);
        bytes[length++] = '-';
        digits(month, 2);
        bytes[length++] = '-';
        digits(ofYear - (153 * fromMarch + 2) / 5 + 1, 2);
        bytes[length++] = 'T';
        digits(second / 3_600, 2);
        bytes[length++] = ':';
        digits(second / 60 % 60, 2);
        bytes[length++] = ':';
        digits(second % 60, 2);
        if (nanos != 0) {
            bytes[length++] = '.';
            boolean millis = nanos % 1_000_000 == 0;
            digits(millis ? nanos / 1_000_000 : nanos / 1_000, millis ? 3 : 6);
        }
        bytes[length++] = 'Z';
        bytes[length++] = '"';
    }

    private void digits(int number, int count) {
        int rest = number;
        for (int at = length + count - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    private void ascii(String text) {
        int letters = text.length();
        reserve(letters);
        for (int i = 0; i < letters; i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
