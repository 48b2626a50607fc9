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
}
