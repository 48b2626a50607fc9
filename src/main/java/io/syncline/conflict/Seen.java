package io.syncline.conflict;

import io.syncline.store.DisputedRows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which version of a conflict somebody has seen: of both sides, and of what was decided. It tells itself from every other one, and which side is another one.
 *
 * @param revision the row's
 * @param theirs   the beginning of the hash of what the side showed, or {@code gone}
 * @param rest     of the marks that came with it, and of what was decided about it
 */
public record Seen(long conflict, int revision, String theirs, String rest) {
    private static final Pattern TAG = Pattern.compile("\"c([0-9]{1,18})-([0-9]{1,9})-([0-9a-f]{16}|gone)-([0-9a-f]{16})\"");
    private static final String GONE = "gone";

    /** @param row the conflict's, or null where it is there no more */
    static Seen of(Conflict conflict, DisputedRows.Row row) {
        return new Seen(conflict.id(), !conflict.isOpen() || row == null ? 0 : row.revision(), of(conflict.theirsHash()),
                digest(conflict.theirsVersion() + "|" + conflict.theirsModifiedOn() + "|" + conflict.settled() + "|" + conflict.waiting() + "|"
                        + HexFormat.of().formatHex(conflict.theirsHash())));
    }

    /** Of an ETag that we gave; empty for anything else. */
    public static Optional<Seen> read(String tag) {
        Matcher matcher = TAG.matcher(tag.strip());
        return matcher.matches() ? Optional.of(new Seen(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2)), matcher.group(3),
                matcher.group(4))) : Optional.empty();
    }

    /** What is no version of a conflict at all, and so another one than any. */
    public static Seen unknown(long conflict) {
        return new Seen(conflict, -1, "unknown", "");
    }

    /** As an ETag. */
    public String tag() {
        return "\"c" + conflict + "-" + revision + "-" + theirs + "-" + rest + "\"";
    }

    boolean isOf(String document) {
        return document != null && theirs.equals(digest(document));
    }

    private static String of(byte[] hash) {
        return hash.length == 0 ? GONE : HexFormat.of().formatHex(hash, 0, 8);
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
