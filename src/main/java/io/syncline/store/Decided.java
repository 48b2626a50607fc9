package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.Shape;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Makes what people decided about conflicts true. Promise 17: only where both sides are still as the person saw them, looked at under the rows' locks; what has
 * moved stays an open conflict, and the decision is kept as one that came too late.
 */
@Component
@Order(2)
class Decided implements WithinPublish {
    /** Promise 26: what there is more of waits for the next run. */
    private static final int MOST = 5000;

    private final JdbcClient sql;
    private final StoredStates states;
    private final Mappings mappings;

    Decided(JdbcTemplate jdbc, StoredStates states) {
        this.sql = JdbcClient.create(jdbc);
        this.states = states;
        this.mappings = new Mappings(jdbc);
    }

    /** @param current both sides are as they were decided about */
    private record Decision(long conflict, long id, String how, String actor, long row, boolean current, String key, String theirs, Long version,
                            Instant modifiedOn) {
        boolean isMerged() {
            return how.equals("merged");
        }
    }

    @Override
    public List<Change> judge(Turn turn) {
        EntityTable table = new EntityTable(turn.sync(), turn.entity());
        List<Decision> all = waiting(turn, table);
        tooLate(all.stream().filter(each -> !each.current()).toList(), turn.run());
        List<Decision> current = all.stream().filter(Decision::current).toList();
        current.stream().filter(Decision::isMerged).collect(Collectors.groupingBy(Decision::actor)).forEach((actor, merged) -> edit(table, actor, merged));
        settle(current);
        Map<Long, Stored> rows = states.rows(table, turn.organisation(), current.stream().map(Decision::row).toList());
        Map<Long, Document> documents = documents(table, turn.organisation(), current);
        List<Change> changes = new ArrayList<>(current.size());
        for (Decision each : current) {
            Observed shown = shown(turn.entity().shape(), each);
            changes.add(each.how().equals("theirs") ? Classifier.decided(shown, rows.get(each.row()))
                    : Classifier.decided(shown, documents.get(each.row()), kept(turn.entity(), shown, documents.get(each.row())), rows.get(each.row())));
        }
        return changes;
    }

    private Map<Long, Document> documents(EntityTable table, String organisation, List<Decision> current) {
        Map<Long, Document> documents = new HashMap<>();
        sql.sql(table.fill("select row_id, document from {table} where org_id = ? and row_id = any(?)"))
                .params(organisation, current.stream().map(Decision::row).toArray(Long[]::new)).query(row -> {
                    documents.put(row.getLong(1), Document.stored(row.getString(2)));
                });
        return documents;
    }

    /** What is only read from the side says what the side says, whatever was kept; but what is a part of something else goes with that. */
    private static Document kept(EntityConfig entity, Observed shown, Document ours) {
        if (shown == null || entity.writes() == null) {
            return ours;
        }
        Object[] values = entity.shape().values(ours);
        Object[] theirs = entity.shape().values(shown.document());
        for (int i = 0; i < values.length; i++) {
            Field field = entity.shape().fields().get(i);
            Field whole = field.to() == null ? entity.wholeOf(field) : null;
            int at = whole == null ? i : entity.shape().position(whole.name());
            if (field.to() == null && (whole == null || Objects.equals(values[at], theirs[at]))) {
                values[i] = theirs[i];
            }
        }
        return entity.shape().document(values);
    }

    private List<Decision> waiting(Turn turn, EntityTable table) {
        return sql.sql(table.fill("""
                select c.id, r.id, r.how, r.actor, t.row_id,
                       t.revision = r.row_revision and c.theirs_hash = r.theirs_hash and c.theirs_version is not distinct from r.theirs_version
                         and c.theirs_modified_on is not distinct from r.theirs_modified_on and t.document <> ''
                         and coalesce(t.{side_mapping} in ({same}), true),
                       t.{side_id}, c.theirs, c.theirs_version, c.theirs_modified_on
                from syncline.conflict c join syncline.resolution r on r.id = c.decided
                     join {table} t on t.row_id = c.row_id and t.org_id = c.organisation
                where c.sync = {sync} and c.entity = {entity} and c.organisation = :organisation and c.side = {side} and c.state = 'open'
                  and c.decided is not null and not t.row_id = any(:staged)
                order by c.row_id limit :most for no key update of t, c"""
                .replace("{same}", mappings.inForce(turn.sync(), turn.entity()).sameNumbers())))
                .param("organisation", turn.organisation()).param("staged", turn.staged().toArray(Long[]::new)).param("most", MOST)
                .query((row, n) -> new Decision(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4), row.getLong(5), row.getBoolean(6),
                        row.getString(7), row.getString(8), row.getObject(9, Long.class), StoredStates.instant(row, 10))).list();
    }

    private void tooLate(List<Decision> late, long run) {
        if (late.isEmpty()) {
            return;
        }
        Long[] conflicts = late.stream().map(Decision::conflict).toArray(Long[]::new);
        sql.sql("""
                insert into syncline.activity (organisation, actor, action, sync, entity, key, run_id, detail)
                select r.organisation, r.actor, 'conflict-decision-too-late', r.sync, r.entity, r.key, ?, 'conflict ' || c.id || ': a side had moved'
                from syncline.conflict c join syncline.resolution r on r.id = c.decided where c.id = any(?)""").params(run, conflicts).update();
        sql.sql("update syncline.conflict set decided = null where id = any(?)").param(conflicts).update();
    }

    /** Promise 4: a merge is an edit of whoever decided it, journalled and sealed like any other, and becomes a version with that name. */
    private void edit(EntityTable table, String actor, List<Decision> merged) {
        String fields = table.entity().shape().fields().stream().map(field -> EntityTable.quote(field.name()) + " = " + says(field))
                .collect(Collectors.joining(", "));
        String references = table.references().stream().map(field -> ", " + EntityTable.row(field) + " = case when " + says(field) + " is not null then t."
                + EntityTable.row(field) + " end").collect(Collectors.joining());
        set("off", actor, "on");
        sql.sql(table.fill("update {table} t set ") + fields + references + """
                , deleted_at = null from syncline.resolution r, lateral (select r.merged::jsonb offset 0) as parsed (d)
                where r.id = any(?) and t.row_id = r.row_id""").param(merged.stream().map(Decision::id).toArray(Long[]::new)).update();
        set("on", "", "");
    }

    private void set(String publishing, String actor, String deciding) {
        sql.sql("select set_config('syncline.publishing', ?, true), set_config('syncline.actor', ?, true), set_config('syncline.deciding', ?, true)")
                .params(publishing, actor, deciding).query().listOfRows();
    }

    private static String says(Field field) {
        return field.type() == FieldType.JSON ? "nullif(" + TimeTravelDdl.typed(field) + ", 'null')" : TimeTravelDdl.typed(field);
    }

    private void settle(List<Decision> made) {
        sql.sql("""
                update syncline.conflict c set state = 'settled', settled_by = r.actor, settled_at = clock_timestamp(), settled_how = r.how,
                       base = r.base, ours = r.ours
                from syncline.resolution r where r.id = c.decided and c.id = any(?)""").param(made.stream().map(Decision::conflict).toArray(Long[]::new))
                .update();
    }

    private static Observed shown(Shape shape, Decision decision) {
        if (decision.theirs() == null) {
            return null;
        }
        Document theirs = Document.stored(decision.theirs());
        return new Observed(decision.key(), theirs, decision.version(), decision.modifiedOn(), false, List.of(), null);
    }
}
