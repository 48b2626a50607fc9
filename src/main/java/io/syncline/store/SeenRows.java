package io.syncline.store;

/**
 * What a run has found at the source: lists of row numbers, one with each of its staged pages. They are read from end to end, beside a list of those that are
 * looked for, and never searched for one row. Parameter: {@code :run}.
 */
final class SeenRows {
    /** All of them as {@code n}, each with its page. */
    static final String ALL = """
            (select unnest(g.seen) as row_id, g.number as page from syncline_staging.page g where g.run_id = :run and g.entity = {entity}) n""";

    private SeenRows() {
    }

    /**
     * Those that a short list names. In this form PostgreSQL's planner hashes the list and reads what was seen once, however little it knows of either.
     *
     * @param list a query for numbers of rows
     */
    static String among(String list) {
        return "select n.row_id, n.page from " + ALL + " where (n.row_id in (" + list + ")) is true";
    }

    /**
     * The same as a part of a statement that joins them with more: kept apart, so that what was seen is not taken apart again for each row of the rest.
     *
     * @param many the list may be long, and the planner is kept from comparing every row with every other: then what was seen is joined as it is, in as much
     *             memory as there is
     */
    static String once(boolean many, String list) {
        return many ? "not materialized (select n.row_id, n.page from " + ALL + ")" : "materialized (" + among(list) + ")";
    }
}
