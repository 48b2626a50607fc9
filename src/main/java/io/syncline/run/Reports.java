package io.syncline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.change.Outcome;
import io.syncline.store.PlanRows;
import io.syncline.store.Published;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import static java.util.stream.Collectors.toMap;

/**
 * What came of a run. Per entity the counts add up to what the source delivered, plus the rows that were missing there, plus the parked ones that
 * returned (promise 3): what needed no staging was counted page by page, what was staged is counted by what finally became of it. What was staged and
 * came to nothing, because the entity stayed out or the run failed, is {@code notPublished} and belongs to the same sum.
 */
@Component
class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final JdbcClient sql;
    private final ObjectMapper json;

    Reports(JdbcClient sql, ObjectMapper json) {
        this.sql = sql;
        this.json = json;
    }

    /** Writes the report of a run that has just ended, in the transaction that ended it. */
    void write(long run, Map<String, Map<Outcome, Long>> staged, Published.Snapshot snapshot) {
        write(run, staged, snapshot, Map.of());
    }

    /** @param setAside by entity, rows of the plan that were not applied, with their reasons */
    ObjectNode write(long run, Map<String, Map<Outcome, Long>> staged, Published.Snapshot snapshot, Map<String, List<PlanRows.Named>> setAside) {
        ObjectNode report = head(run, snapshot);
        Map<String, Map<String, Long>> words = new HashMap<>();
        staged.forEach((entity, counts) -> words.put(entity, words(counts)));
        ArrayNode entities = entities(run, words);
        entities.forEach(entity -> {
            List<PlanRows.Named> named = setAside.get(entity.path("entity").asText());
            if (named != null) {
                ((ObjectNode) entity).putPOJO("setAside", named);
            }
        });
        report.set("entities", entities);
        keep(run, report);
        return report;
    }

    /** Writes the report of a comparison that has just ended, in the transaction that ended it. */
    ObjectNode write(long run, Map<String, Verdict.Found> found) {
        Map<String, Map<String, Long>> words = new HashMap<>();
        found.forEach((entity, each) -> words.put(entity, each.counts().entrySet().stream()
                .collect(toMap(count -> count.getKey().word(), Map.Entry::getValue))));
        ObjectNode report = head(run, null);
        ArrayNode entities = entities(run, words);
        entities.forEach(entity -> {
            if (found.containsKey(entity.path("entity").asText())) {
                ((ObjectNode) entity).putPOJO("examples", found.get(entity.path("entity").asText()).examples());
            }
        });
        report.set("entities", entities);
        keep(run, report);
        return report;
    }

    private static Map<String, Long> words(Map<Outcome, Long> counts) {
        return counts.entrySet().stream().collect(toMap(count -> count.getKey().word(), Map.Entry::getValue));
    }

    private void keep(long run, ObjectNode report) {
        sql.sql("update syncline.run set report = ? where id = ?").params(print(report), run).update();
    }

    /** One line for the log, once what the report says has become true. */
    void announce(Run run, ObjectNode report) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                LOG.info("Run {} of {} ended: {}", run.id(), run.sync().name(), inOneLine(report));
            }
        });
    }

    private static String inOneLine(ObjectNode report) {
        StringBuilder line = new StringBuilder(report.path("state").asText());
        report.path("entities").forEach(entity -> line.append("; ").append(entity.path("entity").asText()).append(' ').append(entity.path("counts"))
                .append(entity.path("notPublished").asLong() > 0 ? ", not published " + entity.path("notPublished") : ""));
        return line.toString();
    }

    /** The report of a run that has ended, or how far it has got; empty when the organisation has no such run. */
    Optional<String> read(String organisation, long run) {
        List<String> found = sql.sql("select coalesce(report, '') from syncline.run where id = ? and organisation = ?")
                .params(run, organisation).query(String.class).list();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (!found.get(0).isEmpty()) {
            return Optional.of(found.get(0));
        }
        ObjectNode report = head(run, null);
        report.set("entities", entities(run, Map.of()));
        return Optional.of(print(report));
    }

    /** The report of a run of the organisation, once it has ended. */
    Optional<String> ofEnded(String organisation, long run) {
        return sql.sql("select coalesce(report, '') from syncline.run where id = ? and organisation = ? and finished_at is not null")
                .params(run, organisation).query(String.class).optional().flatMap(report -> report.isEmpty() ? read(organisation, run) : Optional.of(report));
    }

    private ObjectNode head(long run, Published.Snapshot snapshot) {
        return sql.sql("""
                select r.*, p.expires_at, coalesce(r.rolls_back, o.rolls_back) as takes_back, coalesce(r.reason, o.reason) as why,
                       (select json_agg(json_build_array(k.key, k.outcome, k.failure) order by k.requested_at, k.key)
                        from syncline.run_record k where k.run_id = r.id) as records
                from syncline.run r left join syncline.plan p on p.run_id = r.id left join syncline.run o on o.id = r.applies where r.id = ?""").param(run)
                .query((row, n) -> {
            ObjectNode head = json.createObjectNode();
            head.put("run", run).put("sync", row.getString("sync")).put("organisation", row.getString("organisation"))
                    .put("mode", row.getString("mode")).put("dryRun", row.getBoolean("dry_run"));
            putIfThere(head, "entity", row.getString("entity"));
            putIfThere(head, "key", row.getString("record_key"));
            putIfThere(head, "since", instant(row, "since"));
            if (row.getObject("applies") != null) {
                head.put("applies", row.getLong("applies")).set("selection", read(row.getString("selection")));
            }
            if (row.getObject("takes_back") != null) {
                head.put("rollsBack", row.getLong("takes_back")).put("reason", row.getString("why"));
            }
            head.put("trigger", row.getString("trigger")).put("requestedBy", row.getString("requested_by")).put("state", row.getString("state"));
            putIfThere(head, "failure", row.getString("failure"));
            putIfThere(head, "cancelAskedBy", row.getString("cancel_asked_by"));
            head.put("requestedAt", instant(row, "requested_at").toString());
            putIfThere(head, "startedAt", instant(row, "started_at"));
            if (row.getInt("takeovers") > 0) {
                head.put("takeovers", row.getInt("takeovers"));
            }
            putIfThere(head, "finishedAt", instant(row, "finished_at"));
            putIfThere(head, "planKeptUntil", instant(row, "expires_at"));
            putDuration(head, instant(row, "started_at"), instant(row, "finished_at"));
            if (snapshot != null) {
                head.putObject("snapshot").put("id", snapshot.id()).put("number", snapshot.number()).put("sealedAt", snapshot.sealedAt().toString())
                        .put("changes", snapshot.changes()).put("digest", snapshot.digest());
            }
            putRecords(head, row.getString("records"));
            return head;
        }).single();
    }

    /** @param kept of a run for records, the key, the outcome and the failure of each; else null */
    private void putRecords(ObjectNode head, String kept) {
        if (kept != null) {
            ArrayNode records = head.putArray("records");
            read(kept).forEach(each -> {
                ObjectNode record = records.addObject().put("key", each.path(0).asText());
                putIfThere(record, "outcome", each.path(1).textValue());
                putIfThere(record, "failure", each.path(2).textValue());
            });
        }
    }

    private ArrayNode entities(long run, Map<String, Map<String, Long>> staged) {
        ArrayNode entities = json.createArrayNode();
        sql.sql("""
                select e.*, coalesce(p.pages, 0) as pages, coalesce(p.delivered, 0) as delivered, coalesce(p.absent, 0) as absent,
                       coalesce(p.returned, 0) as returned, coalesce(p.planned, 0) as planned,
                       coalesce(c.counts, '{}') as counts
                from syncline.run_entity e
                left join lateral (
                    select count(*) filter (where origin = 'source') as pages, sum(delivered) filter (where origin in ('source', 'plan')) as delivered,
                           sum(delivered) filter (where origin = 'absence') as absent, sum(delivered) filter (where origin = 'parked') as returned,
                           sum(planned) as planned
                    from syncline.run_page where run_id = e.run_id and entity = e.entity) p on true
                left join lateral (
                    select jsonb_object_agg(outcome, total) as counts
                    from (select key as outcome, sum(value::bigint) as total
                          from syncline.run_page, jsonb_each_text(counts) where run_id = e.run_id and entity = e.entity group by key) s) c on true
                where e.run_id = ? order by e.started_at, e.entity""")
                .param(run)
                .query((row, n) -> entity(row, staged.get(row.getString("entity"))))
                .list().forEach(entities::add);
        return entities;
    }

    /** @param staged the final outcomes of what was staged, or null where it came to nothing */
    private ObjectNode entity(ResultSet row, Map<String, Long> staged) throws SQLException {
        ObjectNode entity = json.createObjectNode();
        entity.put("entity", row.getString("entity")).put("state", row.getString("state"));
        ObjectNode window = entity.putObject("window");
        window.put("since", row.getBoolean("whole") ? "everything" : text(instant(row, "since")));
        window.put("until", text(instant(row, "mark")));
        entity.put("pages", row.getInt("pages")).put("delivered", row.getLong("delivered")).put("absent", row.getLong("absent"))
                .put("returned", row.getLong("returned"));
        ObjectNode counts = entity.putObject("counts");
        sum(row.getString("counts"), staged == null ? Map.of() : staged).forEach(counts::put);
        entity.put("notPublished", staged == null ? row.getLong("planned") : 0);
        ArrayNode reasons = entity.putArray("reasons");
        for (String reason : (String[]) row.getArray("reasons").getArray()) {
            reasons.add(reason);
        }
        putDuration(entity, instant(row, "started_at"), instant(row, "finished_at"));
        return entity;
    }

    /** In the order in which outcomes are told of. */
    private Map<String, Long> sum(String counted, Map<String, Long> staged) {
        Map<String, Long> sum = OutcomeCounts.none();
        sum.putAll(staged);
        try {
            json.readTree(counted).fields().forEachRemaining(count -> sum.merge(count.getKey().toLowerCase(Locale.ROOT), count.getValue().asLong(), Long::sum));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts are always JSON", e);
        }
        return sum;
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }

    private static void putIfThere(ObjectNode node, String member, Object value) {
        if (value != null) {
            node.put(member, value.toString());
        }
    }

    private static void putDuration(ObjectNode node, Instant from, Instant to) {
        if (from != null && to != null) {
            node.put("durationMs", Duration.between(from, to).toMillis());
        }
    }

    private JsonNode read(String kept) {
        try {
            return kept == null ? json.nullNode() : json.readTree(kept);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is kept of a run is always JSON", e);
        }
    }

    private String print(ObjectNode report) {
        try {
            return json.writerWithDefaultPrettyPrinter().writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("reports are always JSON", e);
        }
    }
}
