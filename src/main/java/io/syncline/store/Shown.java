package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Open conflicts as a preview showed them, and decisions about exactly those: set by set, in the database and in the transaction of whoever asks. */
@Component
public class Shown {
    private static final String JOINED = """
            syncline.conflict c join {table} t on t.row_id = c.row_id and t.org_id = c.organisation""";
    private static final String AS_SHOWN = """
            c.entity = {entity} and c.side = {side} and c.state = 'open' and c.decided is null and c.theirs_hash = s.theirs_hash
              and c.theirs_version is not distinct from s.theirs_version and c.theirs_modified_on is not distinct from s.theirs_modified_on
              and t.revision = s.row_revision""";
    private static final String BASE = "coalesce(t.{side_base}, t.document)";
    private static final String MERGED = "syncline.merged(" + BASE + "::jsonb, c.theirs::jsonb, t.document::jsonb, :take::jsonb)";

    private final JdbcClient sql;
    private final Mappings mappings;

    public Shown(JdbcTemplate jdbc) {
        this.sql = JdbcClient.create(jdbc);
        this.mappings = new Mappings(jdbc);
    }

    /**
     * What is to be decided, and what can be.
     *
     * @param how           {@code theirs}, {@code ours} or {@code merged}
     * @param take          by field, whose value a merge takes, as JSON
     * @param whyNot        a record that the side has cannot be written there; null where it can
     * @param whyNotBack    likewise one that it has deleted
     * @param whyNotDeleted likewise one that was deleted here
     * @param back          how one that it has deleted is written
     * @param written       anything of the entity is written there
     */
    public record Bounds(String how, String take, String whyNot, String whyNotBack, String whyNotDeleted, String back, boolean written) {
        private boolean is(String which) {
            return how.equals(which);
        }
    }

    /**
     * What was shown of an entity.
     *
     * @param leftOut how many cannot be decided about like this, by why
     * @param here    how many would be written how, here; likewise there
     * @param fields  how many would say something else in a field, here and there
     */
    public record Counted(long shown, Map<String, Long> leftOut, Map<String, Long> here, Map<String, Long> there, Map<String, List<Long>> fields) {
    }

    /** @param conditions which conflicts {@code c} */
    public Counted show(UUID token, SyncConfig sync, EntityConfig entity, String conditions, Map<String, Object> which, Bounds bounds) {
        EntityTable table = new EntityTable(sync, entity);
        Map<String, Object> parameters = new HashMap<>(which);
        parameters.put("token", token);
        parameters.put("take", bounds.take());
        parameters.put("whyNot", bounds.whyNot());
        parameters.put("whyNotBack", bounds.whyNotBack());
        parameters.put("whyNotDeleted", bounds.whyNotDeleted());
        parameters.put("back", bounds.back());
        long all = sql.sql(table.fill("""
                insert into syncline_staging.resolution_shown (token, conflict_id, row_revision, theirs_hash, theirs_version, theirs_modified_on, left_out)
                select :token, c.id, t.revision, c.theirs_hash, c.theirs_version, c.theirs_modified_on,\s""" + whyNot(table, bounds) + " from " + JOINED
                + " where c.side = {side} and ") + conditions).params(parameters).update();
        Map<String, Long> leftOut = counts(table.fill("""
                select s.left_out, count(*) from syncline_staging.resolution_shown s join syncline.conflict c on c.id = s.conflict_id
                where s.token = :token and c.entity = {entity} and s.left_out is not null group by 1 order by 2 desc, 1"""), parameters);
        sql.sql("delete from syncline_staging.resolution_shown where token = ? and left_out is not null").params(token).update();
        String gone = "case when c.theirs is null then ";
        String here = bounds.is("ours") ? "'nothing'" : (bounds.is("theirs") ? gone + "'delete' else " : "(")
                + "case when t.deleted_at is not null then 'restore' else 'update' end" + (bounds.is("theirs") ? " end" : ")");
        String there = bounds.is("theirs") || !bounds.written() ? "'nothing'" : "case when " + (bounds.is("ours") ? "t.deleted_at is not null" : "false")
                + " then 'delete' when c.theirs is null then :back else 'update' end";
        String shown = table.fill(" from syncline_staging.resolution_shown s join " + JOINED.replace("join", "on c.id = s.conflict_id join")
                + " where s.token = :token and c.entity = {entity}");
        return new Counted(all - leftOut.values().stream().mapToLong(Long::longValue).sum(), leftOut,
                counts("select " + here + ", count(*)" + shown + " group by 1 order by 1", parameters),
                counts("select " + there + ", count(*)" + shown + " group by 1 order by 1", parameters), fields(table, shown, parameters, bounds));
    }

    private Map<String, Long> counts(String statement, Map<String, Object> parameters) {
        Map<String, Long> counts = new LinkedHashMap<>();
        sql.sql(statement).params(parameters).query(row -> {
            counts.put(row.getString(1), row.getLong(2));
        });
        return counts;
    }

    private String whyNot(EntityTable table, Bounds bounds) {
        // A merge that says nothing about a field both sides changed would leave a question open.
        String undecided = bounds.is("merged") ? """
                (select 'both sides changed ' || string_agg(f, ', ') || ', and take says nothing about it'
                                        from unnest(syncline.disputed({base}::jsonb, c.theirs::jsonb, t.document::jsonb)) f
                                        where c.theirs is not null and not jsonb_exists(:take::jsonb, f))""".replace("{base}", BASE) : "null::text";
        return """
                case when c.decided is not null then 'somebody has decided about it already'
                            when c.base = '' or t.document = '' then 'what the record said was removed'
                            when coalesce(t.{side_mapping} not in ({same}), false)
                                then 'its fields are mapped otherwise since it was read; ask for the record again'
                            when {deletes} and t.deleted_at is not null then :whyNotDeleted::text
                            when c.theirs is null then :whyNotBack::text
                            else coalesce(:whyNot::text, {undecided}) end""".replace("{undecided}", undecided)
                .replace("{deletes}", bounds.is("ours") ? "true" : "false")
                .replace("{same}", mappings.inForce(table.sync(), table.entity()).sameNumbers());
    }

    private Map<String, List<Long>> fields(EntityTable table, String shown, Map<String, Object> parameters, Bounds bounds) {
        String after = table.fill(bounds.is("theirs") ? "coalesce(c.theirs, " + BASE + ")::jsonb" : MERGED);
        String there = bounds.is("theirs") || !bounds.written() ? "null::jsonb" : "case when " + (bounds.is("ours") ? "t.deleted_at is null" : "true")
                + " then coalesce(c.theirs, jsonb_build_object()::text)::jsonb end";
        List<Field> fields = table.entity().shape().declared();
        String sums = fields.stream().map(field -> {
            String name = EntityTable.literal(field.name());
            String says = "after -> " + name + " is distinct from ";
            String sent = field.to() == null ? "false" : "there is not null and " + says + "there -> " + name;
            return "count(*) filter (where " + says + "here -> " + name + "), count(*) filter (where " + sent + ")";
        }).collect(Collectors.joining(", "));
        Map<String, List<Long>> counted = new LinkedHashMap<>();
        sql.sql("with said as materialized (select " + after + " as after, t.document::jsonb as here, " + there + " as there" + shown + ") select " + sums
                + " from said").params(parameters).query(row -> {
                    for (int i = 0; i < fields.size(); i++) {
                        if (row.getLong(2 * i + 1) + row.getLong(2 * i + 2) > 0) {
                            counted.put(fields.get(i).name(), List.of(row.getLong(2 * i + 1), row.getLong(2 * i + 2)));
                        }
                    }
                });
        return counted;
    }

    /**
     * Decides about what was shown, where it is still as it was shown.
     *
     * @return how many decisions were taken
     */
    public long take(UUID token, SyncConfig sync, EntityConfig entity, String organisation, Bounds bounds, String reason, String actor) {
        EntityTable table = new EntityTable(sync, entity);
        return sql.sql(table.fill("""
                with still as materialized (
                    select c.id, t.row_id, t.document, {base} as base, {merged} as merged, t.revision
                    from syncline_staging.resolution_shown s join {joined}
                    where s.token = :token and c.sync = {sync} and c.organisation = :organisation and {as_shown}
                    order by c.id for no key update of c),
                taken as (
                    insert into syncline.resolution (organisation, sync, entity, row_id, key, conflict_id, how, base, theirs, ours, merged, theirs_hash,
                          theirs_version, theirs_modified_on, row_revision, actor, reason, preview)
                    select c.organisation, c.sync, c.entity, c.row_id, c.key, c.id, :how, s.base, c.theirs, s.document, s.merged, c.theirs_hash,
                           c.theirs_version, c.theirs_modified_on, s.revision, :actor, :reason, :token
                    from still s join syncline.conflict c on c.id = s.id returning id, conflict_id)
                update syncline.conflict c set decided = n.id from taken n where c.id = n.conflict_id"""
                .replace("{as_shown}", AS_SHOWN).replace("{joined}", JOINED.replace("join", "on c.id = s.conflict_id join"))
                .replace("{base}", BASE).replace("{merged}", bounds.is("merged") ? MERGED + "::text" : "null::text")))
                .param("token", token).param("organisation", organisation).param("how", bounds.how()).param("take", bounds.take()).param("actor", actor)
                .param("reason", reason).update();
    }
}
