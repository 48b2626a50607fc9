package io.syncline.store;

import java.util.Locale;

/** What a comparison of a source with its table finds about one record. */
public enum Finding {
    /** The table's columns say what the source says; or the source has no such record, and the table no live row. */
    MATCHED,
    /** Both have it, and they do not say the same. */
    DIFFERENT,
    /** At the source, and not live in the table. */
    MISSING,
    /** Live in the table, and not at the source. */
    EXTRA,
    /** Apart, but the row was written while it was compared: what the source showed may have been older. */
    MOVED,
    /** The source showed it more than once. */
    REPEATED,
    /** It does not fit the entity, or has no readable key, so there is nothing to compare. */
    REJECTED;

    /** The word for it in reports and tables: the lower-case name. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
