package io.syncline.store;

import io.syncline.change.Classifier;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements of a publish about what other runs have shown meanwhile, or may have seen: nobody knows of two showings which one is the later, unless marks
 * tell (promises 2 and 9). Parameters: {@code :run}, {@code :organisation}.
 */
final class Overtaken {
    static final String ROWS_WITH_CONFLICTS = """
            {table} t left join syncline.conflict c on t.has_conflict and c.sync = {sync} and c.entity = {entity} and c.row_id = t.row_id
                     and c.side = {side} and c.state = 'open'""";
    /** Nothing says that what is staged is newer than what was agreed, or than what the open conflict shows. */
    static final String NO_LATER = """
            (s.version > coalesce(c.theirs_version, t.{side_version})) is not true
                  and (s.modified_at > coalesce(c.theirs_modified_on, t.{side_modified_on})) is not true""";
    private static final String PARKED_ROW = """
            s.outcome = 'parked' and t.org_id = :organisation
                  and t.row_id = coalesce(s.row_id, (select k.row_id from {table} k where k.org_id = :organisation and k.{side_id} = s.key))""";

    private final EntityTable table;

    Overtaken(EntityTable table) {
        this.table = table;
    }

    /**
     * Of the row {@code t} another run has shown something since the run {@code r} began. A showing as it was agreed leaves no trace, so after a full or
     * incremental run was published every row counts as shown to a run for single records: what is newer than that one's mark is shown again.
     *
     * @param run the number of {@code r}
     */
    static String agreedSince(EntityTable table, String run) {
        return table.fill("""
                (t.{side_synced_at} >= coalesce(r.started_at, r.requested_at) or t.has_conflict and exists (
                    select from syncline.conflict c where c.sync = {sync} and c.entity = {entity} and c.row_id = t.row_id and c.side = {side}
                      and c.state = 'open' and c.refreshed_at >= coalesce(r.started_at, r.requested_at)) or\s""") + readSince(table, run) + ")";
    }

    /** A full or incremental run of the entity was published since this run for single records began. */
    private static String readSince(EntityTable table, String run) {
        return table.fill("""
                exists (select from syncline.run i join syncline.run o on o.sync = i.sync and o.organisation = i.organisation
                            and o.mode in ('full', 'incremental') and o.finished_at >= coalesce(i.started_at, i.requested_at)
                        join syncline.run_entity e on e.run_id = o.id and e.entity = {entity} and e.state = 'published'
                        where i.mode = 'single' and i.id =\s""") + run + ")";
    }

    /** A full or incremental run of the entity is under way beside this run for single records. */
    String besideLongRun() {
        return "exists (select" + longRunBeside(table) + " and o.finished_at is null)";
    }

    /**
     * Of the run {@code :run} for single records, the full or incremental run {@code o} of the entity that is under way beside it, or was published meanwhile.
     * One that was taken over and waits in line again is under way: it has read already.
     */
    private static String longRunBeside(EntityTable table) {
        return table.fill("""
                \sfrom syncline.run i join syncline.run o on o.sync = i.sync and o.organisation = i.organisation and o.mode in ('full', 'incremental')
                         and not o.dry_run and coalesce(o.entity, {entity}) = {entity} and o.started_at is not null
                         and (o.finished_at is null or o.finished_at >= coalesce(i.started_at, i.requested_at) and exists (
                                select from syncline.run_entity e where e.run_id = o.id and e.entity = {entity} and e.state = 'published'))
                    where i.mode = 'single' and i.id = :run""");
    }

    /**
     * Promise 11: what is new may be what was created from here and whose answer is not settled yet, so it is read again when that is known. Where nothing says
     * by what such a record is known, any may be it, but not for as long as a person takes to look; and nothing does where all that is shown is a key, and that
     * it was deleted. Were that passed by the mark, the row that is linked to it would not hear of it.
     */
    String madeHere() {
        List<String> match = table.entity().match();
        String known = match.isEmpty() ? "p.state <> 'unknown'" : match.stream().map(EntityTable::literal)
                .map(field -> "coalesce(s.document::jsonb -> " + field + ", 'null') = coalesce(p.document::jsonb -> " + field + ", 'null')")
                .collect(Collectors.joining(" and ", "(", ")"));
        return table.fill("""
                update {staging} s set outcome = 'stale', reason = {unsettled}, writes = false, agrees = false
                from syncline.push p
                where s.run_id = :run and (s.outcome in ('create', 'parked') or s.outcome = 'unchanged' and s.gone) and s.row_id is null
                  and p.sync = {sync} and p.entity = {entity} and p.organisation = :organisation and p.action = 'create'
                  and p.state in ('sending', 'unclear', 'answered', 'unknown') and (p.answered_key = s.key or case when s.document is null
                      then p.answered_key is null and p.state <> 'unknown' else\s""".replace("{unsettled}", EntityTable.literal(Classifier.UNSETTLED)))
                + known + " end)";
    }

    /**
     * What a run for single records read before another publish of the entity, and has no row to be compared with: only a full or incremental run knows
     * whether it is gone since, and such a run shows it again (promise 9).
     */
    String overtakenWithoutRow() {
        return table.fill("""
                update {staging} s set outcome = 'stale', reason = 'read before what was last published; the next run reads it again', writes = false,
                       agrees = false
                from syncline.run r
                where s.run_id = :run and r.id = :run and r.mode = 'single' and s.outcome in ('create', 'parked') and (
                    s.row_id is null and\s""") + readSince(table, ":run") + table.fill("""
                \s   or s.outcome = 'parked' and exists (select from {table} t where t.row_id = s.row_id and\s""") + agreedSince(table, ":run") + "))";
    }

    /**
     * What a full or incremental run parks although another run has shown something of its record since this one began: unless its marks say that it is the
     * newer showing, and a record that was found missing has none for that, it would take the other's place when its parent comes (promise 9), so it is read
     * again.
     */
    String parkedBehind() {
        return table.fill("""
                update {staging} s set outcome = 'stale', reason = {undecided}, writes = false, agrees = false
                from {rows} join syncline.run r on r.id = :run
                where s.run_id = :run and r.mode <> 'single' and {parked} and (coalesce(c.theirs_hash, t.{side_hash}) = '\\x'::bytea or {no_later})
                  and\s""".replace("{parked}", PARKED_ROW).replace("{rows}", ROWS_WITH_CONFLICTS).replace("{no_later}", NO_LATER)
                .replace("{undecided}", EntityTable.literal(Classifier.UNDECIDED))) + agreedSince(table, ":run");
    }

    /** Older by its marks than what another run has shown since this one began, and which waits for its parent: that is not to be taken for settled by it. */
    String behindWaiting() {
        return table.fill("""
                update {staging} s set outcome = 'stale', reason = 'older than what waits for its parent', writes = false, agrees = false
                from syncline.attention a join syncline.run r on r.id = :run
                where s.run_id = :run and s.observed and s.outcome not in ('stale', 'held') and a.sync = {sync} and a.entity = {entity}
                  and a.organisation = :organisation and a.kind = 'parked' and a.state = 'open' and a.key = s.key
                  and a.last_seen_at >= coalesce(r.started_at, r.requested_at)
                  and case when a.version is not null and s.version is not null then a.version > s.version else a.modified_at > s.modified_at end""");
    }

    /** The same of what a run for single records parks while a full or incremental run is under way, which may have seen it later, as it was agreed. */
    String parkedBeside() {
        return table.fill("""
                update {staging} s set outcome = 'stale', reason = {undecided}, writes = false, agrees = false
                from {rows}
                where s.run_id = :run and {parked} and {no_later} and\s""".replace("{parked}", PARKED_ROW).replace("{rows}", ROWS_WITH_CONFLICTS)
                .replace("{no_later}", NO_LATER).replace("{undecided}", EntityTable.literal(Classifier.UNDECIDED))) + besideLongRun();
    }

    /** Promise 30: a run for records says which other run leaves it in doubt, and what to do next. */
    String tellDoubt() {
        return table.fill("""
                update {staging} s set reason = s.reason || ', because run ' || b.id
                    || case when b.finished_at is null then ' is under way' else ' was published meanwhile' end
                    || ' and nothing in the record tells which of the two read it later; ask for it again'
                    || case when b.finished_at is null then ' when run ' || b.id || ' has ended' else '' end
                from (select o.id, o.finished_at""") + longRunBeside(table) + table.fill("""
                \s   order by o.id desc limit 1) b
                where s.run_id = :run and s.outcome = 'stale' and s.reason =\s""") + EntityTable.literal(Classifier.UNDECIDED);
    }
}
