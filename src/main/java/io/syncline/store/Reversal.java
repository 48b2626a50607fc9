package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Plans to take back what the run that left a snapshot did, from the versions that it superseded. What people did, and that snapshot only sealed, stays, and so
 * does what has moved since: it is planned as moved, with the reason.
 */
@Component
public class Reversal {
    private final JdbcClient sql;

    public Reversal(JdbcTemplate jdbc) {
        this.sql = JdbcClient.create(jdbc);
    }

    /**
     * Stages the plan for an entity as the only page of a run; in its transaction.
     *
     * @param snapshot what is to be taken back
     * @return how many rows, those that have moved among them
     */
    public long stage(long run, long snapshot, SyncConfig sync, EntityConfig entity, String organisation) {
        int rows = sql.sql(statement(new EntityTable(sync, entity))).param("run", run).param("snapshot", snapshot).param("organisation", organisation).update();
        sql.sql("insert into syncline_staging.page (run_id, entity, number) values (?, ?, 1)").params(run, entity.name()).update();
        return rows;
    }

    private static String statement(EntityTable table) {
        return table.fill("""
                with sealed as materialized (select id, sealed_at, run_id from syncline.snapshot where id = :snapshot),
                     former as materialized (
                         select h.row_id, h.deleted, h.document, h.hash from {history} h join sealed p on h.to_snapshot = p.id and h.valid_to = p.sealed_at
                         where h.org_id = :organisation),
                     written as (
                         select row_id from former
                         union select t.row_id from {table} t join sealed p on t.snapshot_id = p.id and t.valid_from = p.sealed_at
                               where t.org_id = :organisation
                         union select h.row_id from {history} h join sealed p on h.from_snapshot = p.id and h.valid_from = p.sealed_at
                               where h.org_id = :organisation
                         union select e.row_id from syncline.local_edit e join sealed p on e.before_snapshot = p.id and e.before_valid_from = p.sealed_at
                               where e.sync = {sync} and e.entity = {entity} and e.organisation = :organisation and e.snapshot_id is null)
                insert into {staging} (run_id, page, key, outcome, reason, row_id, revision, writes, agrees, observed, gone, document, hash, merged,
                      merged_hash""")
                + table.fields(EntityTable::staged) + table.fill("""
                )
                select :run, 1, t.{side_id}, o.outcome, {reason}, t.row_id, t.revision, w.writes, false, false, o.outcome = 'delete',
                       case when {overruled} then t.document end, case when {overruled} then t.hash end,
                       case when w.writes then b.document end, case when w.writes then b.hash end"""
                .replace("{reason}", reason()).replace("{overruled}", overruled())) + table.fields(Reversal::said) + table.fill("""

                from sealed p join written n on true join {table} t on t.row_id = n.row_id left join former b on b.row_id = t.row_id
                     cross join lateral (select {moved}) as m (why)
                     cross join lateral (select {outcome}) as o (outcome)
                     cross join lateral (select o.outcome <> 'moved' and b.row_id is not null) as w (writes)
                     cross join lateral (select case when w.writes then b.document::jsonb end offset 0) as parsed (d)
                where t.org_id = :organisation and (m.why is not null or b.row_id is null and t.deleted_at is null
                      or (b.deleted, b.hash) is distinct from (t.deleted_at is not null, t.hash) and b.row_id is not null)
                order by t.row_id""".replace("{moved}", moved()).replace("{outcome}", outcome()));
    }

    /** A JSON null is no value of a column. */
    private static String said(Field field) {
        return field.type() == FieldType.JSON ? "nullif(" + TimeTravelDdl.typed(field) + ", 'null')" : TimeTravelDdl.typed(field);
    }

    /**
     * Null where the row stands as the run left it, and what it was before is known. It does so, too, where a later run that wrote it was taken back since: so
     * several runs can be taken back, the newest first.
     */
    private static String moved() {
        return """
                case when t.has_conflict then 'a conflict about it is open'
                     when (t.snapshot_id <> p.id or t.valid_from <> p.sealed_at) and (syncline.rolled_back_by(t.snapshot_id) is null or not exists (
                         select from {history} v where v.row_id = t.row_id and v.from_snapshot = p.id and v.valid_from = p.sealed_at and v.hash = t.hash
                           and v.deleted = (t.deleted_at is not null))) then coalesce(
                         (select case e.operation when 'delete' then 'deleted' when 'restore' then 'brought back' else 'edited' end
                                 || ' here since, by ' || e.actor
                          from syncline.local_edit e where e.sync = {sync} and e.entity = {entity} and e.row_id = t.row_id and e.edited_at = t.valid_from),
                         (select 'run ' || l.run_id || ' has written it since' from syncline.snapshot l where l.id = t.snapshot_id))
                     when b.document = '' then 'what it said before has been removed'
                end""";
    }

    /** What was deleted already, and only mapped otherwise, stays deleted. */
    private static String outcome() {
        return """
                case when m.why is not null then 'moved'
                     when b.row_id is null or b.deleted and t.deleted_at is null then 'delete'
                     when b.deleted then 'remapped'
                     when t.deleted_at is not null then 'restore'
                     else 'update' end""";
    }

    private static String reason() {
        return """
                case when o.outcome = 'moved' then m.why
                     else 'run ' || p.run_id || case when b.row_id is null then ' made it' when o.outcome = 'delete' then ' brought it back'
                          when o.outcome = 'restore' then ' deleted it' else ' changed it' end end""";
    }

    /** Promise 4: a policy had preferred what the source said to what a person had written; that is here again and counts as edited here, as it did before. */
    private static String overruled() {
        return """
                w.writes and t.{side_base} is null and exists (
                    select from syncline.conflict c where c.sync = {sync} and c.entity = {entity} and c.row_id = t.row_id and c.run_id = p.run_id
                      and c.state = 'settled' and c.settled_by like 'policy %' and c.settled_how <> 'ours' and c.ours = b.document)""";
    }
}
