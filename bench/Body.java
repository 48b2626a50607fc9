package bench;

import java.nio.charset.StandardCharsets;

/** The bytes of an answer and a place in them; each piece that is found is told by where it starts and ends. */
final class Body {
    byte[] array = new byte[256 * 1024];
    int length;
    int at;
    int start;
    int end;
    boolean escaped;

    boolean nameIs(byte[] name) {
        return end - start == name.length && java.util.Arrays.equals(array, start, end, name, 0, name.length);
    }

    void expect(char wanted) {
        if (!takes(wanted)) {
            throw unlike(String.valueOf(wanted));
        }
    }

    boolean takes(char wanted) {
        blanks();
        if (at < length && array[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    /** Whether another one follows; otherwise it ends here. */
    boolean more(char closing) {
        if (takes(',')) {
            return true;
        }
        expect(closing);
        return false;
    }

    /** A member's name or a text, without its quotes. */
    void string() {
        expect('"');
        start = at;
        escaped = false;
        byte[] bytes = array;
        int here = at;
        while (bytes[here] != '"') {
            if (bytes[here] == '\\') {
                escaped = true;
                here++;
            } else if (bytes[here] >= 0 && bytes[here] < ' ') {
                throw unlike("a text");
            }
            if (++here >= length) {
                throw unlike("the end of a text");
            }
        }
        end = here;
        at = here + 1;
    }

    /** A text without its quotes; numbers, true, false and null as they stand; lists and objects as a whole. */
    void value() {
        blanks();
        byte first = array[at];
        if (first == '"') {
            string();
        } else if (first == '{' || first == '[') {
            whole(first);
        } else {
            start = at;
            escaped = false;
            while (at < length && array[at] != ',' && array[at] != '}' && array[at] != ']' && array[at] > ' ') {
                at++;
            }
            end = at;
            if (start == end) {
                throw unlike("a value");
            }
        }
    }

    private void whole(byte first) {
        int begin = at;
        int depth = 0;
        do {
            byte here = array[at];
            if (here == '"') {
                string();
            } else {
                depth += here == '{' || here == '[' ? 1 : here == '}' || here == ']' ? -1 : 0;
                at++;
            }
        } while (depth > 0 && at < length);
        if (depth > 0) {
            throw unlike(first == '{' ? "}" : "]");
        }
        start = begin;
        end = at;
    }

    private void blanks() {
        while (at < length && array[at] <= ' ' && array[at] >= 0) {
            at++;
        }
    }

    IllegalStateException unlike(String wanted) {
        return new IllegalStateException("not JSON: " + wanted + " expected at " + at + " in "
                + new String(array, Math.max(0, at - 40), Math.min(80, length - Math.max(0, at - 40)), StandardCharsets.UTF_8));
    }
}
