package io.syncline.change;

import java.util.Locale;

/** What became of one record. Every record read has exactly one (promise 3). */
public enum Outcome {
    /** A new row. */
    CREATE,
    /** An unlinked row was found by its match key and is now linked to the side's record. */
    LINK,
    /** The row takes the side's values, or both sides' where they are disjoint. */
    UPDATE,
    /** Nothing but the entity's mapping changed: the row says the same in the words of now, and nobody is asked. */
    REMAPPED,
    /** A soft-deleted row returns. */
    RESTORE,
    /** The row is deleted: the side said so, or its absence is proven. */
    DELETE,
    /** Both sides changed since they last agreed; a person decides. The row is untouched. */
    CONFLICT,
    /** Both sides changed, to the same values: they agree again. */
    CONVERGED,
    /** The side shows what was agreed with it already. */
    UNCHANGED,
    /** Older than what was agreed with the side already. */
    STALE,
    /** The side shows us what we wrote to it ourselves. */
    ECHO,
    /** It does not fit the entity; the reasons are kept with it. */
    REJECTED,
    /** Its parent is not there yet; it waits. */
    PARKED,
    /** A delete that the brake holds for a person's approval. */
    HELD,
    /** Its row moved after it was planned, or its parent is not there: applying the plan passes it by and names it. */
    MOVED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The channel of {@code routes/} that a record with this outcome goes through. */
    public String channel() {
        return switch (this) {
            case LINK, REMAPPED, RESTORE -> UPDATE.word();
            case CONVERGED -> UNCHANGED.word();
            default -> word();
        };
    }

    /** The word for it in reports and tables: the lower-case name. */
    public String word() {
        return word;
    }
}
