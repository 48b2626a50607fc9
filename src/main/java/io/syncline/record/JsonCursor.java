package io.syncline.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A place in JSON that is known to be UTF-8, and the value that was passed last. Takes nothing that a parser would not take, and leaves to it whatever is rare:
 * what is broken, nested deeply or very long is {@link Unusual}.
 */
public final class JsonCursor {
    private static final int DEEPEST = 90;
    private static final int LONGEST_NAME = 1_000;
    private static final int LONGEST_NUMBER = 100;
    private static final int LONGEST_TEXT = 1 << 20;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST_BITS = 0x8080808080808080L;
    private static final long BACKSLASHES = '\\' * ONES;
    /** With this bit turned, a quote comes below every plain letter, where control characters are before and after. */
    private static final long QUOTE_BITS = ('"' ^ ' ') * ONES;
    private static final long LOWEST_PLAIN = '!' * ONES;

    private final byte[] bytes;
    private final int length;
    private int at;
    private int from;
    private int to;
    private boolean escaped;

    /** It is broken, or too rare to be read here; a parser knows which, and says it. */
    public static final class Unusual extends RuntimeException {
        static final Unusual JSON = new Unusual();

        private Unusual() {
            super("to be read by a parser", null, false, false);
        }
    }

    /** @param length where the JSON ends in the bytes */
    public JsonCursor(byte[] bytes, int at, int length) {
        this.bytes = bytes;
        this.at = at;
        this.length = length;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int at() {
        return at;
    }

    /** Where the last text or value begins, with its quotes. */
    public int from() {
        return from;
    }

    /** Where it ends. */
    public int to() {
        return to;
    }

    /** Whether it is a text with escapes in it. */
    public boolean isEscaped() {
        return escaped;
    }

    /** What stands behind blanks, without taking it. */
    public char next() {
        while (at < length) {
            byte here = bytes[at];
            if (here != ' ' && here != '\n' && here != '\r' && here != '\t') {
                return (char) (here & 0xff);
            }
            at++;
        }
        throw Unusual.JSON;
    }

    public boolean takes(char wanted) {
        if (next() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    /** Takes exactly these bytes, if they stand here. */
    boolean takes(byte[] wanted, int begin, int end) {
        int behind = at + end - begin;
        if (behind > length || !Arrays.equals(bytes, at, behind, wanted, begin, end)) {
            return false;
        }
        at = behind;
        return true;
    }

    public void expect(char wanted) {
        if (!takes(wanted)) {
            throw Unusual.JSON;
        }
    }

    /** Whether another member or item follows; otherwise the object or list is over. */
    public boolean hasMore(char closing) {
        if (takes(',')) {
            return true;
        }
        expect(closing);
        return false;
    }

    /** Takes a member's name and the colon. */
    public void name() {
        text();
        if (to - from > LONGEST_NAME || escaped && maySayHalf()) {
            throw Unusual.JSON;
        }
        expect(':');
    }

    /** Half a character is refused in a name, though not in a text. */
    private boolean maySayHalf() {
        for (int here = from; here + 2 < to; here++) {
            if (bytes[here] == '\\' && bytes[here + 1] == 'u' && (bytes[here + 2] == 'd' || bytes[here + 2] == 'D')) {
                return true;
            }
        }
        return false;
    }

    /** Takes a name without escapes that stood at an earlier place already, if it stands here again; close to the end that may not be seen. */
    boolean takesAgain(int earlier, int size) {
        int shift = earlier - at;
        int end = at + size;
        int here = at;
        if (end > length - Long.BYTES) {
            return false;
        }
        for (; here + Long.BYTES <= end; here += Long.BYTES) {
            if (difference(here, here + shift) != 0) {
                return false;
            }
        }
        if (here < end && difference(here, here + shift) << Long.SIZE - Byte.SIZE * (end - here) != 0) {
            return false;
        }
        at = end;
        escaped = false;
        return true;
    }

    private long difference(int one, int other) {
        return (long) EIGHT.get(bytes, one) ^ (long) EIGHT.get(bytes, other);
    }

    /** @param depth in how many lists and objects it stands */
    public void value(int depth) {
        switch (next()) {
            case '"' -> text();
            case '{', '[' -> nested(depth + 1);
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
    }

    /** What would be deeper than this is unusual. */
    public static void requireShallow(int depth) {
        if (depth > DEEPEST) {
            throw Unusual.JSON;
        }
    }

    private void nested(int depth) {
        requireShallow(depth);
        int begin = at;
        boolean list = bytes[at++] == '[';
        char closing = list ? ']' : '}';
        for (boolean more = !takes(closing); more; more = hasMore(closing)) {
            if (!list) {
                name();
            }
            value(depth);
        }
        from = begin;
        to = at;
        escaped = false;
    }

    private void text() {
        expect('"');
        int begin = at - 1;
        boolean escapes = false;
        int here = at;
        while (true) {
            here = special(here);
            if (bytes[here] == '"') {
                break;
            }
            if (bytes[here] != '\\') {
                throw Unusual.JSON;
            }
            here = behindEscape(here + 1);
            escapes = true;
        }
        from = begin;
        at = here + 1;
        to = at;
        escaped = escapes;
        if (to - from > LONGEST_TEXT) {
            throw Unusual.JSON;
        }
    }

    /** The next quote, backslash or control character, looked for eight letters at a time. */
    private int special(int start) {
        int here = start;
        while (here + Long.BYTES <= length) {
            long letters = (long) EIGHT.get(bytes, here);
            // The lowest mark is always true; those above it may be carried over from there.
            long marks = ((letters ^ QUOTE_BITS) - LOWEST_PLAIN | (letters ^ BACKSLASHES) - ONES) & ~letters & HIGHEST_BITS;
            if (marks != 0) {
                return here + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
            here += Long.BYTES;
        }
        while (here < length) {
            byte letter = bytes[here];
            if (letter == '"' || letter == '\\' || letter >= 0 && letter < ' ') {
                return here;
            }
            here++;
        }
        throw Unusual.JSON;
    }

    private int behindEscape(int start) {
        if (start >= length) {
            throw Unusual.JSON;
        }
        switch (bytes[start]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return start + 1;
            }
            case 'u' -> {
                int end = start + 5;
                if (end > length) {
                    throw Unusual.JSON;
                }
                for (int here = start + 1; here < end; here++) {
                    if (Character.digit(bytes[here], 16) < 0) {
                        throw Unusual.JSON;
                    }
                }
                return end;
            }
            default -> throw Unusual.JSON;
        }
    }

    private void word(String word) {
        int end = at + word.length();
        if (end > length) {
            throw Unusual.JSON;
        }
        for (int i = 1; i < word.length(); i++) {
            if (bytes[at + i] != word.charAt(i)) {
                throw Unusual.JSON;
            }
        }
        passed(end);
    }

    private void number() {
        int here = isAt(at, '-') ? at + 1 : at;
        int behind = behindDigits(here);
        if (behind > here + 1 && bytes[here] == '0') {
            throw Unusual.JSON;
        }
        if (isAt(behind, '.')) {
            behind = behindDigits(behind + 1);
        }
        if (isAt(behind, 'e') || isAt(behind, 'E')) {
            behind = behindDigits(isAt(behind + 1, '+') || isAt(behind + 1, '-') ? behind + 2 : behind + 1);
        }
        if (behind - at > LONGEST_NUMBER) {
            throw Unusual.JSON;
        }
        passed(behind);
    }

    private boolean isAt(int place, char wanted) {
        return place < length && bytes[place] == wanted;
    }

    private int behindDigits(int start) {
        int here = start;
        while (here < length && bytes[here] >= '0' && bytes[here] <= '9') {
            here++;
        }
        if (here == start) {
            throw Unusual.JSON;
        }
        return here;
    }

    /** Numbers and words end where something stands that is no part of them. */
    private void passed(int end) {
        if (end < length && bytes[end] != ',' && bytes[end] != '}' && bytes[end] != ']' && (bytes[end] < 0 || bytes[end] > ' ')) {
            throw Unusual.JSON;
        }
        from = at;
        to = end;
        at = end;
        escaped = false;
    }
}
