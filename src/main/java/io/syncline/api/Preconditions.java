package io.syncline.api;

import org.springframework.http.HttpStatus;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a caller knows already, and what it wants to change only as it knows it. Tags are strong: two answers have the same one only when they are the same,
 * byte by byte.
 */
final class Preconditions {
    private static final int LENGTH = 16;
    private static final String ANY = "*";

    private Preconditions() {
    }

    /** The tag of a version: of a number that goes up with every change, or of all that is answered. */
    static String tag(String version) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(version.getBytes(StandardCharsets.UTF_8));
            return "\"" + HexFormat.of().formatHex(digest, 0, LENGTH) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The answer, or that nothing has changed for whoever has it already. */
    static Answer unlessKnown(Call call, String tag, Answer answer) {
        boolean known = call.header("If-None-Match").map(sent -> names(sent.replace("W/\"", "\""), tag)).orElse(false);
        return known ? Answer.notModified(tag) : answer.with("ETag", tag);
    }

    /**
     * Whoever changes something says which version it has seen.
     *
     * @param tag     of the version that there is now
     * @param current that version, for the caller to look at
     * @throws Refused with 428 when no version is named, and with 412 when another one is
     */
    static void require(Call call, String tag, Object current) {
        // Any version at all is none that the caller has seen.
        String sent = call.header("If-Match").filter(names -> !names.equals(ANY)).orElseThrow(() -> new Refused(HttpStatus.PRECONDITION_REQUIRED,
                "version-required", "This changes what somebody else may have changed meanwhile. Read it first, and send the answer's ETag as If-Match."));
        if (!names(sent, tag)) {
            throw new Refused(new Problem(HttpStatus.PRECONDITION_FAILED, "version-moved",
                    "It has changed since you read it. The member current is how it stands now: decide again, and send the member etag as If-Match.",
                    Members.of("etag", tag, "current", current)));
        }
    }

    private static boolean names(String sent, String tag) {
        return sent.strip().equals(ANY) || Arrays.stream(sent.split(",")).map(String::strip).anyMatch(tag::equals);
    }
}
