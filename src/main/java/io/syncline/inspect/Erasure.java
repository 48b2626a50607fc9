package io.syncline.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.activity.Activity;
import io.syncline.store.DecisionTurns;
import io.syncline.store.EntityTable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Removes what a record said from every place that holds it: its row, its history, the journal, conflicts and decisions,
 * the outbox, webhooks, what was set aside, plans, reports, also of imports, kept answers.
 * Headers and hashes stay, so every chain holds, and the removal is an entry of a chain itself. One transaction, beside which nothing of the sync is published.
 */
@Component
public class Erasure {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String WORD = "erased";
    private static final String UNDER_WAY = "A run is under way that is about this record. Ask again when it has ended.";
    /** States of an entry of the outbox of which something may have arrived. */
    private static final Set<String> SENT = Set.of("sending", "unclear", "answered", "unknown");
    /** Beside row and history. */
    private static final List<String> OTHERS = List.of("""
            update syncline.local_edit e set
                before = case when before is not null and syncline.is_removed(sync, entity, organisation, row_id, before_valid_from, edited_at) then ''
                              else before end,
                after = case when syncline.is_removed(sync, entity, organisation, row_id, edited_at, edited_at) then '' else after end
            where sync = {sync} and entity = {entity} and row_id = :row and organisation = :organisation""", """
            update syncline.conflict set base = '', theirs = case when theirs is not null then '' end, ours = '', theirs_before = null, reason = 'erased'
            where sync = {sync} and entity = {entity} and organisation = :organisation and row_id = :row""", """
            update syncline.resolution set base = '', theirs = case when theirs is not null then '' end, ours = '',
                merged = case when merged is not null then '' end, reason = null
            where sync = {sync} and entity = {entity} and organisation = :organisation and row_id = :row""", """
            update syncline.push set document = '', agreed = case when agreed is not null then '' end, next_attempt_at = null,
                answered_document = case when answered_document is not null then '' end, reason = case when reason is not null then 'erased' end,
                end_reason = case when ended_at is null or ended_by is not null then 'erased' else end_reason end,
                ended_by = case when ended_at is null then :actor else ended_by end, ended_at = coalesce(ended_at, clock_timestamp()),
                state = case when ended_at is null then 'overtaken' else state end
            where sync = {sync} and entity = {entity} and organisation = :organisation and row_id = :row""", """
            update syncline.webhook w set body = '', reason = case when reason is not null then 'erased' end
            where organisation = :organisation and body <> '' and (
                key = :key and (sync is null or sync = {sync} and entity = {entity}) or key is null and position(convert_to(:key, 'UTF8') in body) > 0
                or exists (select from syncline.webhook same where same.organisation = w.organisation and same.system = w.system and same.digest = w.digest
                           and same.sync = {sync} and same.entity = {entity} and same.key = :key))""", """
            update syncline.attention set document = case when document is not null then '' end, raw = null, reason = 'erased', next_attempt_at = null,
                closed_at = coalesce(closed_at, clock_timestamp()), closed_how = coalesce(closed_how, 'erased'), state = 'closed',
                closed_by = case when state = 'open' then :actor else closed_by end,
                close_reason = case when closed_by is not null or state = 'open' then 'erased' end
            where sync = {sync} and entity = {entity} and organisation = :organisation and (row_id = :row or key = :key or subject = :key)""", """
            update syncline.push set document = '', agreed = case when agreed is not null then '' end,
                answered_document = case when answered_document is not null then '' end, reason = 'erased', end_reason = 'erased', next_attempt_at = null,
                state = case when ended_at is null then 'discarded' else state end, ended_by = case when ended_at is null then :actor else ended_by end,
                ended_at = coalesce(ended_at, clock_timestamp())
            where sync = {sync} and entity = {entity} and organisation = :organisation and row_id = :row""", """
            update syncline.plan set ended_at = clock_timestamp(), ended_how = 'dropped', ended_by = :actor
            where ended_at is null and organisation = :organisation and run_id in (select run_id from {staging} where row_id = :row or key = :key)""", """
            delete from {staging} s using syncline.run r where r.id = s.run_id and r.organisation = :organisation and (s.row_id = :row or s.key = :key)""", """
            delete from syncline_staging.finding f using syncline.run r
            where r.id = f.run_id and r.sync = {sync} and f.entity = {entity} and r.organisation = :organisation and (f.key = :key or f.subject = :key)""", """
            update syncline.run_record k set failure = 'erased' from syncline.run r
            where r.id = k.run_id and r.sync = {sync} and r.entity = {entity} and r.organisation = :organisation and k.key = :key
              and k.failure is not null""", """
            update syncline.idempotency set body = null
            where organisation = :organisation and exists (
                select from unnest(:addresses::text[]) address where position(convert_to('"' || address || '"', 'UTF8') in body) > 0)""");

    private final JdbcClient sql;
    private final Records records;
    private final Activity activity;
    private final DecisionTurns turns;
    private final ImportTraces imports;

    Erasure(JdbcClient sql, Records records, Activity activity, DecisionTurns turns) {
        this.turns = turns;
        this.imports = new ImportTraces(sql);
        this.sql = sql;
        this.records = records;
        this.activity = activity;
    }

    /**
     * What is asked for.
     *
     * @param decided versions that decisions point to go, too
     * @param addresses how answers name the record, and named it before it had a key; those that are kept for a request that is sent again are thrown away
     */
    public record Order(String actor, String reason, boolean decided, Function<FoundRecord, List<String>> addresses) {
    }

    /**
     * Empty when there is no such record.
     *
     * @param allowed is shown the record as it stands, locked, and throws where it is not the one that was seen
     * @throws CannotBeErased while its system shows it, it waits for a person, or a run is about it; and where nothing is left to erase
     */
    public Optional<Erased> erase(Place place, String name, Order order, Consumer<FoundRecord> allowed) {
        return activity.by(order.actor(), () -> {
            sql.sql("set local lock_timeout = '10s'").update();
            sql.sql("insert into syncline.turn (sync, organisation) values (?, ?) on conflict do nothing")
                    .params(place.sync().name(), place.organisation()).update();
            sql.sql("select 1 from syncline.turn where sync = ? and organisation = ? for share").params(place.sync().name(), place.organisation())
                    .query(Integer.class).single();
            return records.locked(place, name).map(record -> {
                allowed.accept(record);
                refuse(place, record);
                turns.take(place.organisation());
                return erased(place, record, order);
            }).or(() -> setAside(place, name, order));
        });
    }

    /** What was set aside of a record that never became a row; empty where nothing was. While its system shows it, the next run sets it aside again. */
    private Optional<Erased> setAside(Place place, String key, Order order) {
        Map<String, Object> parameters = new HashMap<>(Map.of("organisation", place.organisation(), "key", key, "actor", order.actor(), "reason",
                order.reason(), "addresses", new String[] {key}));
        parameters.put("row", null);
        boolean there = sql.sql(place.table().fill("""
                select exists (select from syncline.attention where sync = {sync} and entity = {entity} and organisation = :organisation and row_id is null
                               and (key = :key or subject = :key) and (document <> '' or raw is not null or reason <> 'erased'))""")).params(parameters)
                .query(Boolean.class).single();
        if (!there) {
            return Optional.empty();
        }
        if (sql.sql(place.table().fill("select exists (select from {staging} s join syncline.run r on r.id = s.run_id where r.finished_at is null"
                + " and r.organisation = :organisation and s.key = :key)")).params(parameters).query(Boolean.class).single()) {
            throw new CannotBeErased("run-under-way", UNDER_WAY);
        }
        sql.sql("set local syncline.publishing = 'on'").update();
        List<String> names = imports.names(place, parameters);
        Erased entry = sql.sql(place.table().fill("""
                insert into syncline.removal (organisation, actor, kind, reason, sync, entity, key, decided)
                values (:organisation, :actor, 'erased', :reason, {sync}, {entity}, :key, false) returning number, at""")).params(parameters)
                .query((row, n) -> new Erased(row.getLong("number"), Records.instant(row, "at"), null, key, 0, List.of())).single();
        OTHERS.forEach(statement -> run(place, parameters, statement));
        imports.erase(place, parameters, names);
        reports(place, key);
        activity.note(place.organisation(), order.actor(), "record-erased", place.sync().name(), place.entity().name(), key, null,
                "removal " + entry.number() + ", set aside");
        run(place, Map.of(), "analyze syncline.attention, syncline.webhook, syncline.idempotency, syncline.import_file");
        return Optional.of(entry);
    }

    private void refuse(Place place, FoundRecord record) {
        String system = place.sync().system();
        if (record.deletedAt() == null && one(place, "select exists (select from {table} where row_id = :row and ({side_id} is null or"
                + " {side_hash} = '\\x'::bytea))", record)) {
            throw keptHere(place, record);
        }
        if (record.deletedAt() == null) {
            throw new CannotBeErased("still-there", "The record is not deleted. While " + system + " shows it, the next run would only bring back what was"
                    + " erased."
                    + " Have it deleted there, let a run find that, and ask again.");
        }
        if (!one(place, "select exists (select from {table} where row_id = :row and ({side_id} is null or {side_hash} = '\\x'::bytea))", record)) {
            throw new CannotBeErased("still-there", "The record is deleted here, but " + system + " last showed it, and would bring it back. Have it deleted"
                    + " there,"
                    + " let a run find that, and ask again.");
        }
        if (one(place, "select exists (select from syncline.conflict where sync = {sync} and entity = {entity} and organisation = :organisation"
                + " and row_id = :row and state = 'open')", record)) {
            throw new CannotBeErased("in-conflict", "The record is in conflict, and somebody has to decide about that first.");
        }
        if (one(place, "select exists (select from {staging} s join syncline.run r on r.id = s.run_id where r.finished_at is null"
                + " and r.organisation = :organisation and (s.row_id = :row or s.key = :key))", record)) {
            throw new CannotBeErased("run-under-way", UNDER_WAY);
        }
        refuseWhileSent(place, record);
    }

    /** Under a lock, so that nobody takes an entry up meanwhile. */
    private void refuseWhileSent(Place place, FoundRecord record) {
        boolean sent = sql.sql(place.table().fill("select state from syncline.push where sync = {sync} and entity = {entity} and organisation = :organisation"
                + " and row_id = :row for update")).params(parameters(place, record)).query(String.class).list().stream().anyMatch(SENT::contains);
        if (sent) {
            throw new CannotBeErased("push-under-way", "What was done to the record here is on its way to " + place.sync().system() + ", or nobody can tell"
                    + " whether it arrived. Ask again when it is done, or when somebody has settled it: GET /api/v1/syncs/" + place.sync().name()
                    + "/pushes shows it.");
        }
    }

    /** Its system has it no more, so waiting for that would be waiting for ever. */
    private CannotBeErased keptHere(Place place, FoundRecord record) {
        String gone = record.key() == null ? "The record is not deleted, and only stands here. "
                : place.sync().system() + " has deleted the record, but it stands here still. ";
        return sql.sql(place.table().fill("""
                select s.run_id, syncline.rolled_back_by(s.id) as taken_back from {table} t join syncline.snapshot s on s.id = t.snapshot_id
                where t.row_id = :row and syncline.rolled_back_by(s.id) is not null""")).params(parameters(place, record))
                .query((row, n) -> new CannotBeErased("kept-by-rollback", gone + "Run " + row.getLong(1) + ", which took run " + row.getLong(2)
                        + " back, brought it here again. Take run " + row.getLong(1) + " back (POST /api/v1/runs/" + row.getLong(1)
                        + "/rollback) and apply that to this record, or run in full with repair; then ask again.")).optional()
                .orElseGet(() -> new CannotBeErased("kept-here", gone + "Delete it here, and ask again."));
    }

    private boolean one(Place place, String question, FoundRecord record) {
        return sql.sql(place.table().fill(question)).params(parameters(place, record)).query(Boolean.class).single();
    }

    private static Map<String, Object> parameters(Place place, FoundRecord record) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("organisation", place.organisation());
        parameters.put("row", record.row());
        parameters.put("key", record.key());
        return parameters;
    }

    private Erased erased(Place place, FoundRecord record, Order order) {
        sql.sql("set local syncline.publishing = 'on'").update();
        Map<String, Object> parameters = parameters(place, record);
        parameters.put("actor", order.actor());
        parameters.put("reason", order.reason());
        parameters.put("decided", order.decided());
        parameters.put("addresses", order.addresses().apply(record).toArray(String[]::new));
        Erased entry = sql.sql(place.table().fill("""
                insert into syncline.removal (organisation, actor, kind, reason, sync, entity, row_id, key, decided)
                values (:organisation, :actor, 'erased', :reason, {sync}, {entity}, :row, :key, :decided) returning number, at""")).params(parameters)
                .query((row, n) -> new Erased(row.getLong("number"), Records.instant(row, "at"), record.row(), record.key(), 0, List.of())).single();
        List<String> names = imports.names(place, parameters);
        long versions = run(place, parameters, """
                update {history} set document = '' where row_id = :row and document <> ''
                  and syncline.is_removed({sync}, {entity}, org_id, row_id, valid_from, valid_to)""");
        versions += run(place, parameters, "update {table} set " + emptied(place) + "document = '', {side_base} = null, {side_mapping} = null,"
                + " sync_status = 'synced', revision = revision + 1 where row_id = :row and document <> ''"
                + " and syncline.is_removed({sync}, {entity}, org_id, row_id, valid_from, null)");
        if (versions == 0) {
            throw new CannotBeErased("nothing-to-erase", "Nothing is left of what the record said, or decisions point to all that is left;"
                    + " evenIfDecided erases that.");
        }
        OTHERS.forEach(statement -> run(place, parameters, statement));
        imports.erase(place, parameters, names);
        reports(place, record.key());
        activity.note(place.organisation(), order.actor(), "record-erased", place.sync().name(), place.entity().name(),
                record.key() == null ? "row:" + record.row() : record.key(), null, "removal " + entry.number());
        // What PostgreSQL remembers of the columns' most common values is taken anew.
        run(place, Map.of(), "analyze {table}, {history}, syncline.local_edit, syncline.conflict, syncline.resolution, syncline.push, syncline.webhook,"
                + " syncline.attention, syncline.idempotency, syncline.import_file");
        List<Long> kept = order.decided() ? List.of() : sql.sql(place.table().fill("select number from syncline.decision where organisation = :organisation"
                + " and sync = {sync} and entity = {entity} and row_id = :row order by number")).params(parameters).query(Long.class).list();
        return new Erased(entry.number(), entry.at(), record.row(), record.key(), versions, kept);
    }

    private int run(Place place, Map<String, Object> parameters, String statement) {
        return sql.sql(place.table().fill(statement)).params(parameters).update();
    }

    private static String emptied(Place place) {
        return place.entity().shape().fields().stream()
                .flatMap(field -> field.references() == null ? Stream.of(field.name()) : Stream.of(field.name(), field.name() + "_row"))
                .map(column -> EntityTable.quote(column) + " = null, ").collect(Collectors.joining());
    }

    /** A comparison's report names examples, and says why. */
    private void reports(Place place, String key) {
        if (key == null) {
            return;
        }
        sql.sql(place.table().fill("""
                select id, report from syncline.run where sync = {sync} and organisation = :organisation and mode = 'verify'
                  and position(:key in report) > 0"""))
                .param("organisation", place.organisation()).param("key", key).query((row, n) -> Map.entry(row.getLong(1), row.getString(2))).list()
                .forEach(report -> sql.sql("update syncline.run set report = ? where id = ?")
                        .params(without(report.getValue(), place.entity().name(), key), report.getKey()).update());
    }

    private static String without(String report, String entity, String key) {
        try {
            JsonNode document = JSON.readTree(report);
            document.path("entities").forEach(each -> each.path("examples").forEach(example -> {
                if (each.path("entity").asText().equals(entity) && example.path("key").asText().equals(key)) {
                    ((ObjectNode) example).put("why", WORD);
                }
            }));
            return document.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is JSON", e);
        }
    }
}
