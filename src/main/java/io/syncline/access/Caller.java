package io.syncline.access;

/**
 * Whoever calls.
 *
 * @param name  what runs, edits and keys made by it say
 * @param proof how it was known
 */
public record Caller(String name, String organisation, Role role, Proof proof) {
    /** Somebody who has shown nothing; only what is open to anybody is open to it. */
    public static final Caller NOBODY = new Caller("nobody", "", Role.ANYONE, new Proof(Kind.NOTHING, null, null));

    /** One whose proof does not matter. */
    public Caller(String name, String organisation, Role role) {
        this(name, organisation, role, new Proof(Kind.NOTHING, null, null));
    }

    /** What was shown. */
    public enum Kind { NOTHING, KEY, TOKEN, SESSION }

    /**
     * How a caller was known.
     *
     * @param key     the stored key that stands behind it, also behind a session; null where there is none
     * @param session null where it is none
     */
    public record Proof(Kind kind, Long key, Long session) {
    }
}
