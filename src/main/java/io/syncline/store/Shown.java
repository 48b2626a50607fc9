package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
     * @param neededAnew    what one needs to be made anew, in the sentence {@code whyNotAnew}, where it stands as {@code {fields}}
     * @param back          how one that it has deleted is written
     * @param written       anything of the entity is written there
     * @param whyNotNull    for each field that the side takes no null for, why a record cannot be written whose field would become null, as JSON
     */
    public record Bounds(String how, String take, String whyNot, String whyNotBack, String whyNotDeleted, List<String> neededAnew, String whyNotAnew,
                         String back, boolean written, String whyNotNull) {
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
        parameters.put("neededAnew", String.join(" ", bounds.neededAnew()));
        parameters.put("whyNotAnew", bounds.whyNotAnew());
        parameters.put("back", bounds.back());
        parameters.put("whyNotNull", bounds.whyNotNull());
        long all = sql.sql(table.fill("""
                insert into syncline_staging.resolution_shown (token, conflict_id, row_revision, theirs_hash, theirs_version, theirs_modified_on, left_out)
                select :token, c.id, t.revision, c.theirs_hash, c.theirs_version, c.theirs_modified_on,\s""" + whyNot(table, bounds) + " from " + JOINED
                + " where c.side = {side} and ") + conditions).params(parameters).update();
        Map<String, Long> leftOut = counts(table.fill("""
                select s.left_out, count(*) from syncline_staging.resolution_shown s join syncline.conflict c on c.id = s.conflict_id
                where s.token = :token and c.entity = {entity} and s.left_out is not null group by 1 order by 2 desc, 1"""), parameters);
        sql.sql("delete from syncline_staging.resolution_shown where token = ? and left_out is not null").params(token).update();
        String gone = "case when c.theirs is null then ";
        String here = bounds.is("ours") ? "case when c.theirs is null or t.deleted_at is not null then 'nothing' else 'update' end"
                : (bounds.is("theirs") ? gone + "'delete' else " : "(") + "case when t.deleted_at is not null then 'restore' else 'update' end"
                + (bounds.is("theirs") ? " end" : ")");
        String there = bounds.is("theirs") || !bounds.written() ? "'nothing'" : "case when " + (bounds.is("ours") ? "t.deleted_at is not null" : "false")
                + " then 'delete' when c.theirs is null then :back else 'update' end";
        String shown = table.fill(" from syncline_staging.resolution_shown s join " + JOINED.replace("join", "on c.id = s.conflict_id join")
                + " where s.token = :token and c.entity = {entity}");
        return counted(table, all - leftOut.values().stream().mapToLong(Long::longValue).sum(), leftOut, here + " as acts, " + there + " as acts_there, ",
                shown, parameters, bounds);
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
                (select 'both sides changed ' || string_agg(f, ', ') || ', and it is not said whose value it gets'
                                        from unnest(syncline.disputed({base}::jsonb, c.theirs::jsonb, t.document::jsonb)) f
                                        where c.theirs is not null and not jsonb_exists(:take::jsonb, f))""".replace("{base}", BASE) : "null::text";
        String nulls = bounds.is("theirs") || !bounds.written() ? "null::text" : """
                (select w.why from json_each_text(:whyNotNull::json) with ordinality as w (field, why, place), lateral (select {merged} offset 0) as m (says)
                                        where coalesce(m.says -> w.field, 'null') = 'null' and coalesce(c.theirs::jsonb -> w.field, 'null') <> 'null'
                                        order by w.place limit 1)""".replace("{merged}", MERGED);
        return """
                case when c.decided is not null then 'somebody has decided about it already'
                            when c.base = '' or t.document = '' then 'what the record said was removed'
                            when coalesce(t.{side_mapping} not in ({same}), false)
                                then 'its fields are mapped otherwise since it was read; ask for the record again'
                            when {deletes} and t.deleted_at is not null then :whyNotDeleted::text
                            when c.theirs is null then coalesce(:whyNotBack::text, (
                                select replace(:whyNotAnew::text, '{fields}', string_agg(f, ', '))
                                from string_to_array(:neededAnew, ' ') needed, unnest(needed) f
                                where t.document::jsonb ->> f is null))
                            else coalesce(:whyNot::text, {undecided}, {nulls}) end""".replace("{undecided}", undecided).replace("{nulls}", nulls)
                .replace("{deletes}", bounds.is("ours") ? "true" : "false")
                .replace("{same}", mappings.inForce(table.sync(), table.entity()).sameNumbers());
    }

    /** In one pass: each document is parsed once, however much is counted of it. */
    private Counted counted(EntityTable table, long all, Map<String, Long> leftOut, String acts, String shown, Map<String, Object> parameters, Bounds bounds) {
        String after = table.fill(bounds.is("theirs") ? "coalesce(c.theirs, " + BASE + ")::jsonb" : MERGED);
        String there = bounds.is("theirs") || !bounds.written() ? "null::jsonb" : "case when " + (bounds.is("ours") ? "t.deleted_at is null" : "true")
                + " then coalesce(c.theirs, jsonb_build_object()::text)::jsonb end";
        List<Field> fields = table.entity().shape().declared();
        String sums = fields.stream().map(field -> {
            String name = EntityTable.literal(field.name());
            String says = "after -> " + name + " is distinct from ";
            String sent = field.to() == null ? "false" : "there is not null and " + says + "there -> " + name;
            return ", count(*) filter (where " + says + "here -> " + name + "), count(*) filter (where " + sent + ")";
        }).collect(Collectors.joining());
        Map<String, Long> here = new TreeMap<>();
        Map<String, Long> sent = new TreeMap<>();
        long[] said = new long[2 * fields.size()];
        // An update that changes nothing is none: what is counted is what each of them is shown to do.
        String unsent = fields.stream().filter(field -> field.to() == null).map(field -> EntityTable.literal(field.name())).collect(Collectors.joining(", "));
        String act = "select case when acts = 'update' and after = here then 'nothing' else acts end, case when acts_there = 'update' and"
                + " after - array[" + unsent + "]::text[] = there - array[" + unsent + "]::text[] then 'nothing' else acts_there end, count(*)";
        sql.sql(act + sums + " from (select " + acts + after + " as after, t.document::jsonb as here, " + there + " as there" + shown
                + " offset 0) said group by 1, 2").params(parameters).query(row -> {
                    here.merge(row.getString(1), row.getLong(3), Long::sum);
                    sent.merge(row.getString(2), row.getLong(3), Long::sum);
                    for (int i = 0; i < said.length; i++) {
                        said[i] += row.getLong(i + 4);
                    }
                });
        Map<String, List<Long>> counted = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            if (said[2 * i] + said[2 * i + 1] > 0) {
                counted.put(fields.get(i).name(), List.of(said[2 * i], said[2 * i + 1]));
            }
        }
        return new Counted(all, leftOut, here, sent, counted);
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
