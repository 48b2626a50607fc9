package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
     * @param take          by field, whose value a merge takes where both sides changed it
     * @param whyNot        a record that the side has cannot be written there; null where it can
     * @param whyNotBack    likewise one that it has deleted
     * @param whyNotDeleted likewise one that was deleted here
     * @param neededAnew    what one needs to be made anew, in the sentence {@code whyNotAnew}, where it stands as {@code {fields}}
     * @param back          how one that it has deleted is written
     * @param written       anything of the entity is written there
     * @param whyNotNull    for each field that the side takes no null for, why a record cannot be written whose field would become null
     */
    public record Bounds(String how, Map<String, String> take, String whyNot, String whyNotBack, String whyNotDeleted, List<String> neededAnew,
                         String whyNotAnew, String back, boolean written, Map<String, String> whyNotNull) {
    }

    /**
     * What was shown of an entity.
     *
     * @param leftOut how many cannot be decided about like this, by why
     * @param here    how many would be written how, here; likewise there
     * @param fields  by field, how many would say something else in it, here and there, and in how many it stays as one side changed it, though a merge would
     *                take something else where both did
     */
    public record Counted(long shown, Map<String, Long> leftOut, Map<String, Long> here, Map<String, Long> there, Map<String, Said> fields) {
    }

    /** Of a field, how many records. */
    public record Said(long here, long there, long stays) {
        boolean isAnything() {
            return here + there + stays > 0;
        }
    }

    /**
     * In one pass: each document is parsed once, however much is asked of it, and what can be decided is kept as it is counted.
     *
     * @param conditions which conflicts {@code c}
     */
    public Counted show(UUID token, SyncConfig sync, EntityConfig entity, String conditions, Map<String, Object> which, Bounds bounds) {
        return new Look(new EntityTable(sync, entity), bounds).take(token, conditions, which);
    }

    private static final int HERE = 0;
    private static final int THERE = 1;

    private final class Look {
        private final EntityTable table;
        private final Bounds bounds;
        private final Decisive decisive;
        private final List<Field> fields;

        Look(EntityTable table, Bounds bounds) {
            this.table = table;
            this.bounds = bounds;
            this.decisive = new Decisive(table.entity(), bounds.how(), bounds.take());
            this.fields = table.entity().shape().declared();
        }

        Counted take(UUID token, String conditions, Map<String, Object> which) {
            Map<String, Object> parameters = new HashMap<>(which);
            parameters.put("token", token);
            parameters.put("whyNot", bounds.whyNot());
            parameters.put("whyNotBack", bounds.whyNotBack());
            parameters.put("whyNotDeleted", bounds.whyNotDeleted());
            parameters.put("whyNotAnew", bounds.whyNotAnew());
            parameters.put("back", bounds.back());
            Map<String, Long> leftOut = new TreeMap<>();
            Map<String, Long> here = new TreeMap<>();
            Map<String, Long> there = new TreeMap<>();
            long[] said = new long[3 * fields.size()];
            int[] asked = asked();
            long[] shown = new long[1];
            sql.sql(statement(conditions)).params(parameters).query(row -> {
                long number = row.getLong(4);
                if (row.getString(1) != null) {
                    leftOut.merge(row.getString(1), number, Long::sum);
                    return;
                }
                shown[0] += number;
                here.merge(row.getString(2), number, Long::sum);
                there.merge(row.getString(3), number, Long::sum);
                for (int i = 0; i < asked.length; i++) {
                    said[asked[i]] += row.getLong(i + 5);
                }
            });
            Map<String, Said> counted = new LinkedHashMap<>();
            for (int i = 0; i < fields.size(); i++) {
                Said of = new Said(said[3 * i], said[3 * i + 1], said[3 * i + 2]);
                if (of.isAnything()) {
                    counted.put(fields.get(i).name(), of);
                }
            }
            return new Counted(shown[0], most(leftOut), here, there, counted);
        }

        /** An update that changes nothing is none: what is counted is what each of them is shown to do. */
        private String statement(String conditions) {
            return "with looked as materialized (select d.id, d.revision, d.theirs_hash, d.theirs_version, d.theirs_modified_on, d.acts, d.acts_there,"
                    + " coalesce(d.why, case when d.asks then coalesce(:whyNot::text, " + undecided() + ", " + nulls() + ") when d.goes then " + anew()
                    + " end) as left_out"
                    + each(i -> ", " + question(i) + " as q" + i)
                    + " from (select d.*" + says() + " from (" + documents(conditions)
                    + " offset 0) d offset 0) d), kept as (insert into syncline_staging.resolution_shown"
                    + " (token, conflict_id, row_revision, theirs_hash, theirs_version, theirs_modified_on)"
                    + " select :token, id, revision, theirs_hash, theirs_version, theirs_modified_on from looked where left_out is null)"
                    + " select left_out, case when acts = 'update' and not (false" + any(HERE) + ") then 'nothing' else acts end,"
                    + " case when acts_there = 'update' and not (false" + any(THERE) + ") then 'nothing' else acts_there end, count(*)"
                    + each(i -> ", count(*) filter (where q" + i + ")")
                    + " from looked group by 1, 2, 3";
        }

        private String documents(String conditions) {
            return table.fill("""
                    select c.id, t.revision, c.theirs_hash, c.theirs_version, c.theirs_modified_on, t.deleted_at is not null as deleted,
                           {base} as base, nullif(c.theirs, '')::jsonb as theirs, nullif(t.document, '')::jsonb as ours,
                           case when c.decided is not null then 'somebody has decided about it already'
                                when c.base = '' or t.document = '' then 'what the record said was removed'
                                when coalesce(t.{side_mapping} not in ({same}), false)
                                    then 'its fields are mapped otherwise since it was read; ask for the record again'
                                when {deletes} and t.deleted_at is not null then :whyNotDeleted::text
                                when c.theirs is null then :whyNotBack::text end as why,
                           c.theirs is not null and not ({deletes} and t.deleted_at is not null) as asks,
                           c.theirs is null and not ({deletes} and t.deleted_at is not null) as goes, {acts} as acts, {acts_there} as acts_there
                    from\s""".replace("{base}", base()).replace("{deletes}", decisive.is("ours") ? "true" : "false")
                    .replace("{same}", mappings.inForce(table.sync(), table.entity()).sameNumbers())
                    .replace("{acts}", acts()).replace("{acts_there}", actsThere()) + JOINED + " where c.side = {side} and ") + conditions;
        }

        /** It is parsed only where it decides anything. */
        private String base() {
            String base = "nullif(" + BASE + ", '')::jsonb";
            return decisive.is("ours") ? "null::jsonb" : decisive.is("theirs") ? "case when c.theirs is null then " + base + " end" : base;
        }

        private String acts() {
            String comes = "case when t.deleted_at is not null then 'restore' else 'update' end";
            return decisive.is("ours") ? "case when c.theirs is null or t.deleted_at is not null then 'nothing' else 'update' end"
                    : decisive.is("theirs") ? "case when c.theirs is null then 'delete' else " + comes + " end" : comes;
        }

        private String actsThere() {
            return decisive.is("theirs") || !bounds.written() ? "'nothing'" : "case when " + (decisive.is("ours") ? "t.deleted_at is not null" : "false")
                    + " then 'delete' when c.theirs is null then :back::text else 'update' end";
        }

        /** A merge that says nothing about a field both sides changed would leave a question open. */
        private String undecided() {
            return "'both sides changed ' || " + decisive.undecided() + " || ', and it is not said whose value it gets'";
        }

        private String nulls() {
            if (decisive.is("theirs") || !bounds.written()) {
                return "null::text";
            }
            return bounds.whyNotNull().entrySet().stream().map(why -> {
                int at = fields.indexOf(table.entity().shape().fields().get(table.entity().shape().position(why.getKey())));
                return " when coalesce(v" + at + ", 'null') = 'null' and coalesce(" + Decisive.of("theirs", fields.get(at)) + ", 'null') <> 'null' then "
                        + EntityTable.literal(why.getValue());
            }).collect(Collectors.collectingAndThen(Collectors.joining(), cases -> cases.isEmpty() ? "null::text" : "case" + cases + " end"));
        }

        private String anew() {
            List<Field> needed = fields.stream().filter(field -> bounds.neededAnew().contains(field.name())).toList();
            return "replace(:whyNotAnew::text, '{fields}', " + Decisive.named(needed, field -> "d.ours ->> " + EntityTable.literal(field.name())
                    + " is null") + ")";
        }

        /** Where the answer can only be no, nothing is asked of any record. */
        private String question(int question) {
            int i = question / 3;
            return question % 3 == HERE ? here(i) : question % 3 == THERE ? there(i) : stays(i);
        }

        private int[] asked() {
            return IntStream.range(0, 3 * fields.size()).filter(question -> !question(question).equals("false")).toArray();
        }

        private String any(int sort) {
            return Arrays.stream(asked()).filter(question -> question % 3 == sort).mapToObj(question -> " or q" + question).collect(Collectors.joining());
        }

        private String says() {
            return IntStream.range(0, fields.size()).mapToObj(i -> ", " + decisive.says(fields.get(i)) + " as v" + i).collect(Collectors.joining());
        }

        private String here(int i) {
            return decisive.keepsOurs(fields.get(i)) ? "false"
                    : (decisive.is("ours") ? "not d.deleted and " : "") + "v" + i + " is distinct from " + Decisive.of("ours", fields.get(i));
        }

        private String there(int i) {
            return decisive.is("theirs") || !bounds.written() || fields.get(i).to() == null ? "false"
                    : (decisive.is("ours") ? "not d.deleted and " : "") + "v" + i + " is distinct from " + Decisive.of("theirs", fields.get(i));
        }

        private String stays(int i) {
            return decisive.taken().contains(fields.get(i)) ? decisive.stays(fields.get(i), "v" + i) : "false";
        }

        private String each(IntFunction<String> of) {
            return Arrays.stream(asked()).mapToObj(of).collect(Collectors.joining());
        }
    }

    /** Why most of them are left out comes first. */
    private static Map<String, Long> most(Map<String, Long> leftOut) {
        Map<String, Long> most = new LinkedHashMap<>();
        leftOut.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).forEach(each -> most.put(each.getKey(), each.getValue()));
        return most;
    }

    /**
     * Decides about what was shown, where it is still as it was shown.
     *
     * @return how many decisions were taken
     */
    public long take(UUID token, SyncConfig sync, EntityConfig entity, String organisation, Bounds bounds, String reason, String actor) {
        EntityTable table = new EntityTable(sync, entity);
        Decisive decisive = new Decisive(entity, bounds.how(), bounds.take());
        String merged = !decisive.isMerged() ? "s.*, null::text as merged from still s" : "d.*, " + decisive.document()
                + " as merged from (select s.id, s.row_id, s.document, s.agreed, s.revision, s.agreed::jsonb as base, s.theirs::jsonb as theirs,"
                + " s.document::jsonb as ours from still s offset 0) d";
        return sql.sql(table.fill("""
                with still as materialized (
                    select c.id, t.row_id, t.document, {base} as agreed, t.revision, c.theirs
                    from syncline_staging.resolution_shown s join {joined}
                    where s.token = :token and c.sync = {sync} and c.organisation = :organisation and {as_shown}
                    order by c.id for no key update of c),
                said as (select {merged}),
                taken as (
                    insert into syncline.resolution (organisation, sync, entity, row_id, key, conflict_id, how, base, theirs, ours, merged, theirs_hash,
                          theirs_version, theirs_modified_on, row_revision, actor, reason, preview)
                    select c.organisation, c.sync, c.entity, c.row_id, c.key, c.id, :how, s.agreed, c.theirs, s.document, s.merged, c.theirs_hash,
                           c.theirs_version, c.theirs_modified_on, s.revision, :actor, :reason, :token
                    from said s join syncline.conflict c on c.id = s.id returning id, conflict_id)
                update syncline.conflict c set decided = n.id from taken n where c.id = n.conflict_id"""
                .replace("{as_shown}", AS_SHOWN).replace("{joined}", JOINED.replace("join", "on c.id = s.conflict_id join"))
                .replace("{base}", BASE).replace("{merged}", merged)))
                .param("token", token).param("organisation", organisation).param("how", bounds.how()).param("actor", actor)
                .param("reason", reason).update();
    }
}
