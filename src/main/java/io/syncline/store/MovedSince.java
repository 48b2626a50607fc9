package io.syncline.store;

/**
 * Why a planned row is not what it was when it was judged. The same words answer whoever looks at a plan, and decide what applying it sets aside (promise 16).
 * Parameters: {@code :plan}, the run that judged, {@code :run}, whose staged rows they are now, {@code :organisation}.
 */
final class MovedSince {
    private static final String SINCE = "coalesce(r.started_at, r.requested_at)";

    private final EntityTable table;

    MovedSince(EntityTable table) {
        this.table = table;
    }

    /** Staged rows {@code s} of a run, what they are about as {@code t}, what has the key of a new one as {@code k}, and the run {@code r} that judged them. */
    String joined() {
        return table.fill("""
                {staging} s join syncline.run r on r.id = :plan
                left join {table} t on t.row_id = s.row_id and t.org_id = :organisation
                left join {table} k on s.row_id is null and k.org_id = :organisation and k.{side_id} = s.key""");
    }

    /**
     * Null where it stands as it was judged. What is stale writes nothing, so it cannot be too late; what the source shows meanwhile has nothing to do with a
     * rollback, which is about what is here.
     */
    String why() {
        return table.fill("""
                case when s.outcome = 'stale' then null
                     when s.outcome = 'moved' then s.reason
                     when s.row_id is not null and t.row_id is null then 'its row is there no more'
                     when k.row_id is not null then coalesce({written_k}, 'it has a row here since')
                     when t.revision <> s.revision then coalesce({edited}, {written_t}, 'another run has agreed on it with the source since')
                     when r.mode = 'rollback' then null
                     when t.row_id is not null and {agreed} then 'another run has shown it since'
                     when s.row_id in (select o.row_id from syncline_staging.overtaken o where o.plan = :plan and o.entity = {entity})
                         then 'another run has seen it at the source since, as it is here'
                     when s.row_id is null and {passed_by} then 'a run was published since that was not shown it'
                     when {attended} then 'another run has set it aside since, or it was settled'
                end""".replace("{edited}", edited()).replace("{written_k}", written("k")).replace("{written_t}", written("t"))
                .replace("{agreed}", Overtaken.agreedSince(table, ":plan")).replace("{passed_by}", passedBy()).replace("{attended}", attended()));
    }

    private static String edited() {
        return """
                (select case e.operation when 'delete' then 'deleted' when 'restore' then 'brought back' else 'edited' end || ' here since, by ' || e.actor
                 from syncline.local_edit e where e.sync = {sync} and e.entity = {entity} and e.row_id = t.row_id and e.revision > s.revision
                 order by e.revision desc limit 1)""";
    }

    private static String written(String row) {
        return "(select 'run ' || o.id || case when o.applies = :plan then ' has applied it' else ' has written it since' end"
                + " from syncline.snapshot p join syncline.run o on o.id = p.run_id where p.id = " + row + ".snapshot_id and p.sealed_at >= " + SINCE + ")";
    }

    /** What has no row leaves no trace when another run does not find it any more. */
    private static String passedBy() {
        return "(s.key is not null and (exists (select from syncline.run o join syncline.run_entity e on e.run_id = o.id and e.entity = {entity}"
                + " and e.state = 'published' where o.sync = {sync} and o.organisation = :organisation and o.mode in ('full', 'incremental')"
                + " and o.finished_at >= (select coalesce(i.started_at, i.requested_at) from syncline.run i where i.id = :plan))"
                + " or s.key in (select n.key from syncline.run_record n join syncline.run o on o.id = n.run_id where o.sync = {sync}"
                + " and o.organisation = :organisation and o.entity = {entity} and o.state in ('published', 'partial')"
                + " and o.finished_at >= (select coalesce(i.started_at, i.requested_at) from syncline.run i where i.id = :plan))))";
    }

    private static String attended() {
        String since = " from syncline.attention a where a.sync = {sync} and a.entity = {entity} and a.organisation = :organisation"
                + " and greatest(a.last_seen_at, a.closed_at) >= (select coalesce(i.started_at, i.requested_at) from syncline.run i where i.id = :plan)";
        return "(s.key in (select a.key" + since + ") or s.row_id in (select a.row_id" + since + ")"
                + " or s.key is null and s.row_id is null and " + PublishStatements.FINGERPRINT + " in (select a.subject" + since + "))";
    }

    /** Locks what is to be written, so that nothing can move any more once it has been looked at. */
    String lock() {
        return table.fill("""
                select t.row_id from {staging} s join {table} t on t.row_id = s.row_id
                where s.run_id = :run and s.outcome not in ('rejected', 'parked', 'held', 'stale') and t.org_id = :organisation
                order by t.row_id for no key update of t""");
    }

    /** Promise 16: what has moved is named, and neither judged again nor applied. */
    String setAside() {
        return table.fill("""
                update {staging} s set outcome = 'moved', reason = m.why, writes = false, agrees = false, settled_by = null
                from (select s.ctid as place,\s""") + why() + " as why from " + joined() + table.fill("""
                \s where s.run_id = :run) m
                where s.ctid = m.place and m.why is not null""");
    }

    /**
     * Tells the dry runs of the same sync what a run has seen at the source after they had begun. One that is under way may have read a row before and stage it
     * only later, so it is told of all of them.
     */
    String overtakePlans() {
        return table.fill("""
                insert into syncline_staging.overtaken (plan, entity, row_id, run_id)
                select distinct r.id, {entity}, n.row_id, :run
                from syncline.run r join syncline.run_page w on w.run_id = :run and w.entity = {entity}
                         and w.staged_at >= coalesce(r.started_at, r.requested_at)
                     join syncline_staging.page g on g.run_id = :run and g.entity = {entity} and g.number = w.number
                     cross join unnest(g.seen) as n (row_id)
                where r.sync = {sync} and r.organisation = :organisation and r.dry_run and (r.finished_at is null
                   or exists (select from syncline.plan p where p.run_id = r.id and p.ended_at is null)
                      and exists (select from {staging} s where s.run_id = r.id and s.row_id = n.row_id and s.outcome <> 'stale'))
                on conflict do nothing""");
    }

    static String hasPlans() {
        return """
                select exists (select from syncline.plan where sync = :sync and organisation = :organisation and ended_at is null)
                    or exists (select from syncline.run where sync = :sync and organisation = :organisation and dry_run and finished_at is null)""";
    }
}
