package io.syncline.store;

/** The statements about records that the source showed more than once in a run. Parameter: {@code :run}. */
final class Repeats {
    private final EntityTable table;

    Repeats(EntityTable table) {
        this.table = table;
    }

    /** Some key was planned more than once. */
    String isRepeated() {
        return table.fill("select exists (select from {staging} where run_id = :run and key is not null and outcome <> 'stale'"
                + " group by key having count(*) > 1)");
    }

    /** A record that the source showed twice in one run: the newer showing stands. */
    String repeated() {
        return table.fill("""
                with twice as (select key from {staging} where run_id = :run and key is not null and outcome <> 'stale' group by key having count(*) > 1),
                     ranked as (select s.ctid as place, row_number() over (partition by s.key order by s.version desc nulls last,
                           s.modified_at desc nulls last, s.page desc) as rank
                                from {staging} s join twice using (key) where s.run_id = :run and s.outcome <> 'stale')
                update {staging} s set outcome = 'stale', reason = 'the source showed it again later in the same run', writes = false, agrees = false
                from ranked where s.ctid = ranked.place and ranked.rank > 1""");
    }

    /** Whatever is said of its row meanwhile. */
    String isShownAgain() {
        return table.fill("select exists (select from {staging} s join " + SeenRows.ALL + " on n.row_id = s.row_id and n.page > s.page"
                + " where s.run_id = :run and s.observed and s.outcome not in ('stale', 'held'))");
    }

    /**
     * A record that the source showed again on a later page, and there as it was agreed, or as its open conflict shows it: nothing is left to do, unless its
     * marks say that it is newer.
     */
    String takenBack() {
        return table.fill("""
                update {staging} s set outcome = 'stale', reason = 'the source showed it again later in the same run, as it was', writes = false, agrees = false
                from {rows}
                where s.run_id = :run and s.observed and s.outcome not in ('stale', 'held') and t.row_id = s.row_id and {no_later}
                  and exists (select from {seen} where n.row_id = s.row_id and n.page > s.page)""".replace("{seen}", SeenRows.ALL)
                .replace("{rows}", Overtaken.ROWS_WITH_CONFLICTS).replace("{no_later}", Overtaken.NO_LATER));
    }
}
