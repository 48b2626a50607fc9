package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The staged rows of a kept plan: shown page by page, and copied for the run that applies them. */
@Component
public class PlanRows {
    private static final String KEY = "coalesce(s.key, t.{side_id})";
    /** Of a plan's row, whatever is neither its run nor its page. */
    private static final String CONTENT = "key, outcome, reason, row_id, revision, writes, agrees, observed, gone, document, hash, merged, merged_hash, base, "
            + "version,"
            + " modified_at, fields, settled_by, raw";

    private final JdbcClient sql;

    public PlanRows(JdbcTemplate jdbc) {
        this.sql = JdbcClient.create(jdbc);
    }

    /**
     * A row of a plan.
     *
     * @param place  where it stands, for whoever goes on behind it
     * @param key    of its record; null where it cannot be read
     * @param moved  why it is not applied any more, or null where it stands as it was judged
     * @param before what the row said when it was judged, or null for a record that had none
     * @param after  what it is to say, or null where its content stays
     * @param base   of a conflict, what had been agreed
     * @param theirs of a conflict, what the source shows; null where it has the record no more
     */
    public record Row(Place place, String key, String outcome, String reason, String moved, String before, String after, String base, String theirs,
                      List<String> fields) {
    }

    /** A row's place in the order in which the source was read. */
    public record Place(int page, String tid) {
    }

    /** A row that was not applied. */
    public record Named(String key, String reason) {
    }

    /**
     * The next rows of an entity, in the order in which the source was read.
     *
     * @param after    the last one's place, or null for the first
     * @param outcomes only these, or null for all
     * @param text     only keys that contain it, or null
     * @param moved    only those that have moved, or that have not; null for all
     */
    public List<Row> next(long plan, SyncConfig sync, EntityConfig entity, String organisation, Place after, Collection<String> outcomes, String text,
            Boolean moved,
                          int limit) {
        EntityTable table = new EntityTable(sync, entity);
        MovedSince since = new MovedSince(table);
        return sql.sql("select * from (select s.page, s.ctid as place, " + table.fill(KEY) + " as key, s.outcome, s.reason, " + since.why() + " as moved, "
                        + before(table) + table.fill("""
                         as before, case when s.writes then coalesce(s.merged, s.document) when s.outcome in ('create', 'parked') then s.document end as after,
                        case when s.outcome = 'conflict' then coalesce(s.base, t.{side_base}, t.document) end as base,
                        case when s.outcome = 'conflict' and not s.gone then s.document end as theirs, s.fields from\s""") + since.joined() + """
                 where s.run_id = :run and (:after::boolean is not true or s.page > :page or s.page = :page and s.ctid > :tid::tid)
                   and (:outcomes::text[] is null or s.outcome = any(:outcomes))) p
                where (:text::text is null or position(lower(:text) in lower(p.key)) > 0) and (:moved::boolean is null or :moved = (p.moved is not null))
                order by p.page, p.place limit :limit""")
                .param("plan", plan).param("run", plan).param("organisation", organisation).param("after", after != null)
                .param("page", after == null ? 0 : after.page()).param("tid", after == null ? "(0,0)" : after.tid())
                .param("outcomes", outcomes == null ? null : outcomes.toArray(String[]::new)).param("text", text).param("moved", moved).param("limit", limit)
                .query((row, n) -> new Row(new Place(row.getInt("page"), row.getString("place")), row.getString("key"), row.getString("outcome"),
                row.getString("reason"),
                        row.getString("moved"), row.getString("before"), row.getString("after"), row.getString("base"), row.getString("theirs"),
                        row.getArray("fields") == null ? List.of() : List.of((String[]) row.getArray("fields").getArray())))
                .list();
    }

    /** What the row said at the revision that was judged: a version since superseded, sealed or not, or what it still says. */
    private static String before(EntityTable table) {
        return table.fill("""
                case when t.row_id is null or t.revision = s.revision then t.document else coalesce((select v.document from (
                    select h.revision, h.document from {history} h where h.row_id = s.row_id and h.revision >= s.revision
                    union all
                    select e.before_revision, e.before from syncline.local_edit e
                    where e.sync = {sync} and e.entity = {entity} and e.row_id = s.row_id and e.before_revision >= s.revision) v (revision, document)
                    order by v.revision limit 1), t.document) end""");
    }

    /** Those of the keys that the plan has no row for. */
    public Set<String> missing(long plan, SyncConfig sync, EntityConfig entity, String organisation, Collection<String> keys) {
        Set<String> missing = new HashSet<>(keys);
        sql.sql(new EntityTable(sync, entity).fill("select " + KEY + " from {staging} s left join {table} t on t.row_id = s.row_id and t.org_id = :organisation"
                        + " where s.run_id = :plan and " + KEY + " = any(:keys)"))
                .param("organisation", organisation).param("plan", plan).param("keys", keys.toArray(String[]::new)).query(String.class).list()
                .forEach(missing::remove);
        return missing;
    }

    /** How many rows of the entity a selection lets through. */
    public long count(long plan, SyncConfig sync, EntityConfig entity, String organisation, Selection selection) {
        return chosen("select count(*)", plan, sync, entity, organisation, selection).query(Long.class).single();
    }

    /**
     * Stages the chosen rows for the run that applies them; in its transaction.
     *
     * @param selection null for all
     * @return how many
     */
    public long choose(long run, long plan, SyncConfig sync, EntityConfig entity, String organisation, Selection selection) {
        EntityTable table = new EntityTable(sync, entity);
        String fields = table.fields(EntityTable::staged);
        int rows = chosen(table.fill("insert into {staging} (run_id, page, ") + CONTENT + fields + ") select :run, 1, s." + CONTENT.replace(", ", ", s.")
                + table.fill("{staged}"), plan, sync, entity, organisation, selection).param("run", run).update();
        sql.sql("insert into syncline_staging.page (run_id, entity, number) values (?, ?, 1)").params(run, entity.name()).update();
        return rows;
    }

    private JdbcClient.StatementSpec chosen(String what, long plan, SyncConfig sync, EntityConfig entity, String organisation, Selection selection) {
        Selection all = selection == null ? new Selection(null, null, null, null) : selection;
        return sql.sql(what + new EntityTable(sync, entity).fill(" from {staging} s left join {table} t on t.row_id = s.row_id and t.org_id = :organisation"
                        + " where s.run_id = :plan and :entity and (:outcomes::text[] is null or s.outcome = any(:outcomes))"
                        + " and (:rows::text[] is null or " + KEY + " = any(:rows)) and (" + KEY + " = any(:except)) is not true"))
                .param("organisation", organisation).param("plan", plan).param("entity", all.hasEntity(entity.name()))
                .param("outcomes", all.outcomes() == null ? null : all.outcomes().toArray(String[]::new))
                .param("rows", Selection.keys(all.rows(), entity.name())).param("except",
                all.except() == null ? new String[0] : Selection.keys(all.except(), entity.name()));
    }

    /** Rows that a run has set aside instead of applying them, in the order of their keys. */
    public List<Named> setAside(long run, SyncConfig sync, EntityConfig entity, int most) {
        return sql.sql(new EntityTable(sync, entity).fill("select " + KEY + " as key, s.reason from {staging} s left join {table} t on t.row_id = s.row_id"
                        + " where s.run_id = :run and s.outcome = 'moved' order by 1, 2 limit :most"))
                .param("run", run).param("most", most).query((row, n) -> new Named(row.getString(1), row.getString(2))).list();
    }

    /** The staged rows of a plan are there no more, or are not what they were: the entity's fields were changed. */
    public boolean isLost(long plan) {
        return sql.sql("""
                select k.epoch is distinct from (select id from syncline_staging.epoch) or exists (
                    select from syncline.run_page p where p.run_id = k.run_id and not exists (
                        select from syncline_staging.page s where s.run_id = p.run_id and s.entity = p.entity and s.number = p.number))
                from syncline.plan k where k.run_id = ?""").param(plan).query(Boolean.class).single();
    }
}
