package io.syncline.sandbox;

/**
 * How the system goes about writes.
 *
 * @param idempotencyHeader     the header whose key makes a repeated request answered from memory for 24 hours; null: such headers mean nothing
 * @param versions              whether it says versions and minds them
 * @param refusesUnknownMembers of a body; otherwise they are passed over without a word
 * @param normalises            texts are trimmed, empty ones are none, amounts are rounded to two places: an answer may differ from what was sent
 */
public record Habits(String idempotencyHeader, Versions versions, boolean refusesUnknownMembers, boolean normalises) {
    /** As the system of its contract: no idempotency, no versions, strict, tidy. */
    public static final Habits USUAL = new Habits(null, Versions.NONE, true, true);

    /** What ETag and If-Match mean. */
    public enum Versions {
        /** Nothing. */
        NONE,
        /** Who sends If-Match is refused with 412 where the record has moved. */
        OPTIONAL,
        /** So is who does not, with 428. */
        REQUIRED
    }

    public Habits idempotencyHeader(String other) {
        return new Habits(other, versions, refusesUnknownMembers, normalises);
    }

    public Habits versions(Versions other) {
        return new Habits(idempotencyHeader, other, refusesUnknownMembers, normalises);
    }

    public Habits refusesUnknownMembers(boolean other) {
        return new Habits(idempotencyHeader, versions, other, normalises);
    }

    public Habits normalises(boolean other) {
        return new Habits(idempotencyHeader, versions, refusesUnknownMembers, other);
    }
}
