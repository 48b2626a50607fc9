package io.syncline.source;

import io.syncline.source.SourceFailure.Kind;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON is UTF-8; an answer in anything else would be read as other letters than were sent. */
final class Charsets {
    private static final Pattern DECLARED = Pattern.compile("charset\\s*=\\s*\"?([^\\s\";]+)", Pattern.CASE_INSENSITIVE);
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long BEYOND_ASCII = 0x8080808080808080L;
    private static final Set<String> UTF_8 = Set.of("utf-8", "utf8", "us-ascii", "ascii");

    private Charsets() {
    }

    static void requireUtf8(HttpAnswer answer, Asked asked) {
        String type = answer.header("content-type");
        Matcher declared = DECLARED.matcher(type == null ? "" : type);
        if (declared.find() && !UTF_8.contains(declared.group(1).toLowerCase(Locale.ROOT))) {
            throw asked.failure(Kind.NONSENSE, "the answer calls itself " + Asked.shown(declared.group(1)) + ", but JSON is UTF-8",
                    "Ask the system's operator for JSON in UTF-8");
        }
        if (hasZero(answer.body())) {
            throw asked.failure(Kind.NONSENSE, "the answer holds zero bytes, as UTF-16 does, but JSON is UTF-8", "Ask the system's operator for JSON in UTF-8");
        }
        if (!isUtf8(answer.body())) {
            throw asked.failure(Kind.NONSENSE, "the answer holds bytes that are no UTF-8", "Ask the system's operator for JSON in UTF-8");
        }
    }

    /** Within the first letters: a parser would take it for UTF-16 or UTF-32, and nothing would stand where it is looked for. */
    private static boolean hasZero(byte[] body) {
        for (int at = 0; at < Math.min(4, body.length); at++) {
            if (body[at] == 0) {
                return true;
            }
        }
        return false;
    }

    static boolean isUtf8(byte[] body) {
        int at = 0;
        while (at < body.length) {
            if (at + Long.BYTES <= body.length && ((long) EIGHT.get(body, at) & BEYOND_ASCII) == 0) {
                at += Long.BYTES;
            } else if (body[at] >= 0) {
                at++;
            } else {
                int more = following(body, at);
                if (more == 0 || !areFollowing(body, at + 1, more)) {
                    return false;
                }
                at += 1 + more;
            }
        }
        return true;
    }

    /**
     * How many bytes follow the first one of a character; 0 where it begins none: no longer form than is needed, no half of a pair, nothing beyond U+10FFFF.
     */
    private static int following(byte[] body, int at) {
        int first = body[at] & 0xff;
        int second = at + 1 < body.length ? body[at + 1] & 0xff : 0;
        if (first < 0xe0) {
            return first < 0xc2 ? 0 : 1;
        }
        if (first < 0xf0) {
            return first == 0xe0 && second < 0xa0 || first == 0xed && second > 0x9f ? 0 : 2;
        }
        return first > 0xf4 || first == 0xf0 && second < 0x90 || first == 0xf4 && second > 0x8f ? 0 : 3;
    }

    private static boolean areFollowing(byte[] body, int from, int count) {
        if (from + count > body.length) {
            return false;
        }
        for (int at = from; at < from + count; at++) {
            if ((body[at] & 0xc0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
