package bench;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.postgresql.util.ByteConverter;

/** Values from JSON's bytes: as the canonical document writes them, and as PostgreSQL's binary {@code COPY} takes them. */
final class Canonical {
    private static final long EPOCH_2000_MICROS = 946_684_800_000_000L;
    private static final int LONG_DIGITS = 14;

    private Canonical() {
    }

    /** What stands between two quotes; most texts are canonical as they come. */
    static void text(Bytes to, byte[] from, int start, int end, boolean escaped) {
        to.add('"');
        if (escaped) {
            for (byte b : plain(from, start, end)) {
                switch (b) {
                    case '"' -> to.add("\\\"".getBytes(StandardCharsets.US_ASCII));
                    case '\\' -> to.add("\\\\".getBytes(StandardCharsets.US_ASCII));
                    case '\b' -> to.add("\\b".getBytes(StandardCharsets.US_ASCII));
                    case '\f' -> to.add("\\f".getBytes(StandardCharsets.US_ASCII));
                    case '\n' -> to.add("\\n".getBytes(StandardCharsets.US_ASCII));
                    case '\r' -> to.add("\\r".getBytes(StandardCharsets.US_ASCII));
                    case '\t' -> to.add("\\t".getBytes(StandardCharsets.US_ASCII));
                    default -> {
                        if (b >= 0 && b < ' ') {
                            to.add(String.format("\\u%04x", b).getBytes(StandardCharsets.US_ASCII));
                        } else {
                            to.add(b);
                        }
                    }
                }
            }
        } else {
            to.add(from, start, end);
        }
        to.add('"');
    }

    /** A text without its escapes. */
    static byte[] plain(byte[] from, int start, int end) {
        StringBuilder plain = new StringBuilder(end - start);
        String text = new String(from, start, end - start, StandardCharsets.UTF_8);
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escape = text.charAt(++at);
            switch (escape) {
                case 'b' -> plain.append('\b');
                case 'f' -> plain.append('\f');
                case 'n' -> plain.append('\n');
                case 'r' -> plain.append('\r');
                case 't' -> plain.append('\t');
                case 'u' -> {
                    plain.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                    at += 4;
                }
                default -> plain.append(escape);
            }
        }
        return plain.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Exact, and without needless digits: 4.50 is 4.5. */
    static void number(Bytes to, byte[] from, int start, int end) {
        int point = -1;
        for (int at = start; at < end; at++) {
            if (from[at] == '.') {
                point = at;
            } else if ((from[at] < '0' || from[at] > '9') && (from[at] != '-' || at > start)) {
                to.add(exact(from, start, end).toPlainString().getBytes(StandardCharsets.US_ASCII));
                return;
            }
        }
        int last = end;
        if (point >= 0) {
            while (from[last - 1] == '0') {
                last--;
            }
            if (last - 1 == point) {
                last = point;
            }
        }
        if (from[start] == '-' && last == start + 2 && from[start + 1] == '0') {
            to.add('0');
        } else {
            to.add(from, start, last);
        }
    }

    static long whole(byte[] from, int start, int end) {
        boolean negative = from[start] == '-';
        int first = negative ? start + 1 : start;
        if (first == end || end - first > 18) {
            throw new IllegalStateException("not a whole number: " + new String(from, start, end - start, StandardCharsets.UTF_8));
        }
        long number = 0;
        for (int at = first; at < end; at++) {
            if (from[at] < '0' || from[at] > '9') {
                throw new IllegalStateException("not a whole number: " + new String(from, start, end - start, StandardCharsets.UTF_8));
            }
            number = 10 * number + from[at] - '0';
        }
        return negative ? -number : number;
    }

    /** A canonical number as PostgreSQL's {@code numeric}, with its length before it. */
    static void numeric(Bytes to, byte[] canonical, int start, int end) {
        boolean negative = canonical[start] == '-';
        int first = negative ? start + 1 : start;
        if (end - first > LONG_DIGITS) {
            byte[] numeric = ByteConverter.numeric(exact(canonical, start, end));
            to.int4(numeric.length);
            to.add(numeric);
            return;
        }
        long unscaled = 0;
        int scale = 0;
        boolean behind = false;
        for (int at = first; at < end; at++) {
            if (canonical[at] == '.') {
                behind = true;
            } else {
                unscaled = 10 * unscaled + canonical[at] - '0';
                scale += behind ? 1 : 0;
            }
        }
        int behindGroups = (scale + 3) / 4;
        for (int padded = scale; padded < 4 * behindGroups; padded++) {
            unscaled *= 10;
        }
        int groups = 0;
        for (long rest = unscaled; rest > 0; rest /= 10_000) {
            groups++;
        }
        int weight = groups - behindGroups - 1;
        while (groups > 0 && unscaled % 10_000 == 0) {
            unscaled /= 10_000;
            groups--;
        }
        to.int4(8 + 2 * groups);
        to.int2(groups);
        to.int2(groups == 0 ? 0 : weight);
        to.int2(negative && groups > 0 ? 0x4000 : 0);
        to.int2(scale);
        to.reserve(2 * groups);
        for (int at = to.length + 2 * groups - 2; at >= to.length; at -= 2) {
            int group = (int) (unscaled % 10_000);
            to.array[at] = (byte) (group >> 8);
            to.array[at + 1] = (byte) group;
            unscaled /= 10_000;
        }
        to.length += 2 * groups;
    }

    /** Microseconds since 2000, as PostgreSQL counts; the usual form without a single object. */
    static long micros(byte[] from, int start, int end) {
        if (end - start == 20 && from[end - 1] == 'Z' && from[start + 10] == 'T' && from[start + 4] == '-' && from[start + 7] == '-' && from[start + 13] == ':'
                && from[start + 16] == ':') {
            long days = java.time.LocalDate.of((int) whole(from, start, start + 4), (int) whole(from, start + 5, start + 7),
                    (int) whole(from, start + 8, start + 10)).toEpochDay();
            long seconds = days * 86_400 + whole(from, start + 11, start + 13) * 3_600 + whole(from, start + 14, start + 16) * 60
                    + whole(from, start + 17, start + 19);
            return seconds * 1_000_000 - EPOCH_2000_MICROS;
        }
        Instant instant = Instant.parse(new String(from, start, end - start, StandardCharsets.US_ASCII));
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000 - EPOCH_2000_MICROS;
    }

    private static BigDecimal exact(byte[] from, int start, int end) {
        BigDecimal number = new BigDecimal(new String(from, start, end - start, StandardCharsets.US_ASCII)).stripTrailingZeros();
        return number.scale() < 0 ? number.setScale(0) : number;
    }
}
