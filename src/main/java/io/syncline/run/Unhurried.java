package io.syncline.run;

/**
 * What a run notes of itself on its way need not wait for the disk. A crash of PostgreSQL may lose it, but empties the staging with it, whose epoch tells: such
 * a run begins anew. What has been answered to anybody is never written so.
 */
final class Unhurried {
    /** The beginning of a statement that is a transaction of its own, and selects {@code from unhurried}. */
    static final String WITH = "with unhurried as materialized (select set_config('synchronous_commit', 'off', true)) ";

    private Unhurried() {
    }
}
