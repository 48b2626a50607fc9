package io.syncline.source;

import io.syncline.source.SourceFailure.Kind;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON is UTF-8; an answer in anything else would be read as other letters than were sent. */
final class Charsets {
    private static final Pattern DECLARED = Pattern.compile("charset\\s*=\\s*\"?([^\\s\";]+)", Pattern.CASE_INSENSITIVE);
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

    private static boolean isUtf8(byte[] body) {
        int at = 0;
        while (at < body.length && body[at] >= 0) {
            at++;
        }
        if (at == body.length) {
            return true;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(body, at, body.length - at);
        CharBuffer letters = CharBuffer.allocate(8192);
        CoderResult result;
        do {
            letters.clear();
            result = decoder.decode(bytes, letters, true);
        } while (result.isOverflow());
        return !result.isError();
    }
}
