package io.syncline.promises;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.inspect.Retention;
import io.syncline.record.Observed;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Promises 3, 6, 10, 19 and 20 over a source that changes at random: after every run the tables, the history, time travel to every snapshot and
 * the report's counts are exactly what a plain model of the source says, and every state before stays as it was, byte for byte, when runs are taken back,
 * others are erased, a mapping changes and tables are migrated. The seed replays it.
 */
class FiftyMutationsTest {
    private static final long SEED = 20261121;
    private static final int ROUNDS = 50;
    private static final Duration OVERLAP = Duration.ofMinutes(1);

    private static ServiceTitanSandbox sandbox;
    private static RunningSyncline syncline;
    private static SyncConfig pricebook;

    @TempDir
    private static Path folder;
    private static String database;

    private final Set<String> erased = new HashSet<>();
    /** What the model expects of each entity's rows, by key. */
    private final Map<String, Map<String, Row>> expected = new HashMap<>();

    private record Row(String document, boolean deleted) {
    }

    private record Moment(long snapshot, OffsetDateTime sealedAt, Map<String, Map<String, String>> live) {
    }

    @BeforeAll
    static void start() {
        sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(600));
        database = TestPostgres.url();
        syncline = RunningSyncline.with(sandbox, database);
        pricebook = syncline.bean(Configuration.class).syncs().get("pricebook");
    }

    @AfterAll
    static void stop() {
        syncline.close();
        sandbox.close();
    }

    @Test
    void tablesHistoryTimeTravelAndCountsAreExactlyWhatTheSourceSaid() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Moment> moments = new ArrayList<>();
        sandbox.clock().set(Instant.parse("2026-03-01T08:00:00Z"));
        for (int round = 0; round <= ROUNDS; round++) {
            boolean full = round == 0 || random.nextInt(3) == 0;
            if (round > 0) {
                sandbox.clock().advance(Duration.ofMinutes(10));
                sandbox.mutate(random.nextLong(), 1 + random.nextInt(30));
                sandbox.clock().advance(Duration.ofSeconds(random.nextInt(1, 30)));
            }
            Map<String, Map<String, Integer>> counts = model(full);
            JsonNode report = full ? syncline.full("pricebook") : syncline.incremental("pricebook");
            String at = "seed " + SEED + ", round " + round + (full ? " (full)" : " (incremental)") + ": " + report.toPrettyString();
            assertThat(report.path("state").asText()).as(at).isEqualTo("published");
            for (EntityConfig entity : pricebook.entities()) {
                assertCounts(at, RunningSyncline.entity(report, entity.name()), counts.get(entity.name()));
                assertThat(rows(entity.name())).as(at).isEqualTo(expected.get(entity.name()));
            }
            moments.add(moment(report));
        }
        takeTheNewestRunsBack(moments);
        assertRepeatedRunPublishesNothing();
        moments.forEach(this::assertTimeTravel);
        assertWhatIsStoredAgreesWithItself();
        assertEveryChainHolds();
        eraseSome();
        moments.forEach(this::assertTimeTravel);
        assertEveryChainHolds();
        goOnWithAnotherConfiguration();
        moments.forEach(this::assertTimeTravel);
        assertEveryChainHolds();
        expireWhatWasSuperseded(moments);
        assertEveryChainHolds();
    }

    private static void assertEveryChainHolds() {
        assertThat(syncline.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list()).isEmpty();
        assertThat(syncline.sql().sql("select problem from syncline.verify_ledgers()").query(String.class).list()).isEmpty();
    }

    /** The newest first, so that each finds its rows as it left them; then everything is as it was before them, and every state in between is still told. */
    private void takeTheNewestRunsBack(List<Moment> moments) {
        int back = 3;
        for (int at = moments.size() - 1; at >= moments.size() - back; at--) {
            long run = syncline.sql().sql("select run_id from syncline.snapshot where id = ?").param(moments.get(at).snapshot()).query(Long.class).single();
            JsonNode plan = RunningSyncline.json(syncline.call("POST", "/api/v1/runs/" + run + "/rollback", "{\"reason\": \"a mistake\"}").body());
            await().atMost(Duration.ofMinutes(1)).until(() -> RunningSyncline.json(syncline.call("GET", plan.path("href").asText(), null).body())
                    .has("finishedAt"));
            JsonNode report = RunningSyncline.json(syncline.call("POST", "/api/v1/plans/" + plan.path("run").asLong() + "/apply", null).body());
            assertThat(report.path("state").asText()).as(report.toPrettyString()).isEqualTo("published");
            Map<String, Map<String, String>> before = moments.get(at - 1).live();
            before.forEach((entity, live) -> assertThat(documents("pricebook." + entity + "_as_of_snapshot(?)", report.path("snapshot").path("id").asLong()))
                    .as("%s after run %s was taken back", entity, run).isEqualTo(live));
            moments.add(new Moment(report.path("snapshot").path("id").asLong(), OffsetDateTime.parse(report.path("snapshot").path("sealedAt").asText()),
                    before));
        }
    }

    /** What others said stays, byte for byte. */
    private void eraseSome() {
        expected.forEach((entity, rows) -> rows.entrySet().stream().filter(row -> row.getValue().deleted())
                .filter(row -> syncline.sql().sql("select deleted_at is not null and st_hash = '\\x' from pricebook." + entity + " where st_id = ?")
                        .param(row.getKey()).query(Boolean.class).single()).limit(3).forEach(row -> {
            String address = "/api/v1/syncs/pricebook/entities/" + entity + "/records/" + row.getKey() + "/erase";
            assertThat(syncline.call("POST", address, "{\"reason\": \"asked for\"}").statusCode()).as(address).isEqualTo(200);
            erased.add(entity + " " + row.getKey());
        }));
        assertThat(erased).hasSizeGreaterThan(3);
    }

    /** A field that is read from elsewhere, a field more, and tables that are migrated for it; and a history that is kept for a second. */
    private static void goOnWithAnotherConfiguration() {
        syncline.close();
        try {
            Files.createDirectories(folder.resolve("systems"));
            Files.createDirectories(folder.resolve("syncs"));
            Files.copy(Path.of("config/systems/servicetitan.yaml"), folder.resolve("systems/servicetitan.yaml"));
            String declared = Files.readString(Path.of("config/syncs/pricebook.yaml"));
            String changed = declared.replaceFirst("(?m)^(side: .*)$", "$1\nretention: {history: 1s}").replace("      display_name: text\n",
                    "      display_name: {type: text, from: code, to: nowhere}\n      also_called: {type: text, from: displayName}\n");
            assertThat(changed).contains("retention", "also_called");
            Files.writeString(folder.resolve("syncs/pricebook.yaml"), changed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        syncline = RunningSyncline.with(sandbox, database, folder);
        JsonNode report = syncline.full("pricebook");
        assertThat(RunningSyncline.entity(report, "materials").path("counts").path("remapped").asInt()).as(report.toPrettyString()).isPositive();
    }

    /** What was superseded is told as gone, and never as something else; what still stands is there. */
    private void expireWhatWasSuperseded(List<Moment> moments) {
        await().atMost(Duration.ofSeconds(60)).until(() -> syncline.sql().sql("select max(valid_to) < clock_timestamp() - interval '1 s'"
                + " from pricebook.materials_history").query(Boolean.class).single());
        syncline.bean(Retention.class).removeExpired();
        int expired = 0;
        for (Moment moment : moments) {
            for (Map.Entry<String, Map<String, String>> entity : moment.live().entrySet()) {
                Map<String, String> there = documents("pricebook." + entity.getKey() + "_as_of_snapshot(?)", moment.snapshot());
                assertThat(there.keySet()).isEqualTo(entity.getValue().keySet());
                for (Map.Entry<String, String> document : there.entrySet()) {
                    expired += document.getValue() == null ? 1 : 0;
                    assertThat(document.getValue()).as("%s %s in %s", entity.getKey(), document.getKey(), moment.snapshot())
                            .isIn(null, entity.getValue().get(document.getKey()));
                }
            }
        }
        assertThat(expired).isPositive();
        assertThat(syncline.sql().sql("select count(*) from pricebook.materials_history where document <> ''").query(Long.class).single()).isZero();
        assertThat(syncline.sql().sql("select count(*) from pricebook.materials_live where document = ''").query(Long.class).single()).isZero();
    }

    /** Moves the model on by one run and says how many records it expects with each outcome. */
    private Map<String, Map<String, Integer>> model(boolean full) {
        Map<String, Map<String, Integer>> counts = new HashMap<>();
        for (EntityConfig entity : pricebook.entities()) {
            Map<String, Row> rows = expected.computeIfAbsent(entity.name(), name -> new TreeMap<>());
            Map<String, Integer> outcomes = new TreeMap<>();
            Map<String, Observed> there = observed(entity);
            boolean whole = full || entity.name().equals("categories");
            Instant from = whole ? Instant.MIN : mark(entity.name()).minus(OVERLAP);
            there.forEach((key, observed) -> {
                if (whole || !observed.modifiedAt().isBefore(from)) {
                    outcomes.merge(outcome(rows, key, observed), 1, Integer::sum);
                }
            });
            if (whole) {
                rows.replaceAll((key, row) -> {
                    if (there.containsKey(key)) {
                        return row;
                    }
                    if (!row.deleted()) {
                        outcomes.merge("delete", 1, Integer::sum);
                    }
                    return new Row(row.document(), true);
                });
            }
            counts.put(entity.name(), outcomes);
        }
        return counts;
    }

    private static String outcome(Map<String, Row> rows, String key, Observed observed) {
        Row before = rows.get(key);
        Row after = new Row(observed.document().text(), observed.deleted());
        if (before == null) {
            rows.put(key, after);
            return "create";
        }
        if (before.deleted() && after.deleted()) {
            return "unchanged";
        }
        rows.put(key, after);
        return before.deleted() ? "restore" : after.deleted() ? "delete" : before.equals(after) ? "unchanged" : "update";
    }

    private static Map<String, Observed> observed(EntityConfig entity) {
        Map<String, Observed> observed = new TreeMap<>();
        for (ObjectNode record : sandbox.snapshot(Entity.valueOf(entity.name().toUpperCase(Locale.ROOT))).values()) {
            try (JsonParser parser = new JsonFactory().createParser(record.toString())) {
                parser.nextToken();
                Observed read = entity.mapping().read(parser);
                observed.put(read.key(), read);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return observed;
    }

    private static Instant mark(String entity) {
        return syncline.sql().sql("select mark from syncline.watermark where sync = 'pricebook' and entity = ?").param(entity)
                .query(OffsetDateTime.class).single().toInstant();
    }

    private static void assertCounts(String at, JsonNode entity, Map<String, Integer> expected) {
        Map<String, Integer> counts = new TreeMap<>();
        entity.path("counts").fields().forEachRemaining(count -> counts.put(count.getKey(), count.getValue().asInt()));
        assertThat(counts).as(at).isEqualTo(expected);
        // Promise 3: the counts add up to what the source delivered, and what it no longer has.
        assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).as(at)
                .isEqualTo(entity.path("delivered").asInt() + entity.path("absent").asInt() + entity.path("returned").asInt());
    }

    private static Map<String, Row> rows(String entity) {
        Map<String, Row> rows = new TreeMap<>();
        syncline.sql().sql("select st_id, document, deleted_at is not null from pricebook." + entity)
                .query((row, n) -> rows.put(row.getString(1), new Row(row.getString(2), row.getBoolean(3)))).list();
        return rows;
    }

    private Moment moment(JsonNode report) {
        Map<String, Map<String, String>> live = new HashMap<>();
        expected.forEach((entity, rows) -> {
            Map<String, String> there = new TreeMap<>();
            rows.forEach((key, row) -> {
                if (!row.deleted()) {
                    there.put(key, row.document());
                }
            });
            live.put(entity, there);
        });
        return new Moment(report.path("snapshot").path("id").asLong(), OffsetDateTime.parse(report.path("snapshot").path("sealedAt").asText()), live);
    }

    /** Promise 10. */
    private static void assertRepeatedRunPublishesNothing() {
        syncline.full("pricebook");
        JsonNode again = syncline.full("pricebook");
        assertThat(again.path("snapshot").path("changes").asInt()).isZero();
        again.path("entities").forEach(entity -> assertThat(entity.path("counts").fieldNames()).toIterable().containsExactly("unchanged"));
    }

    /** Promise 19. */
    private void assertTimeTravel(Moment moment) {
        moment.live().forEach((entity, said) -> {
            Map<String, String> live = new TreeMap<>(said);
            live.replaceAll((key, document) -> erased.contains(entity + " " + key) ? null : document);
            assertThat(documents("pricebook." + entity + "_as_of_snapshot(?)", moment.snapshot())).as("snapshot %s of %s", moment.snapshot(), entity)
                    .isEqualTo(live);
            assertThat(documents("pricebook." + entity + "_as_of(?)", moment.sealedAt())).as("%s as of %s", entity, moment.sealedAt()).isEqualTo(live);
        });
    }

    private static Map<String, String> documents(String function, Object moment) {
        Map<String, String> documents = new TreeMap<>();
        syncline.sql().sql("select st_id, document from " + function).param(moment).query((row, n) -> documents.put(row.getString(1), row.getString(2))).list();
        return documents;
    }

    private static void assertWhatIsStoredAgreesWithItself() {
        for (EntityConfig entity : pricebook.entities()) {
            String table = "pricebook." + entity.name();
            assertNone("select st_id from " + table + " where hash <> sha256(convert_to(document, 'UTF8'))");
            assertNone("select st_id from " + table + " r where document <> " + table + "_document(r, document::jsonb)");
            assertNone("select row_id::text from " + table + "_history where hash <> sha256(convert_to(document, 'UTF8'))");
            assertNone("select st_id from " + table + " where sync_status <> 'synced' or has_conflict or st_base is not null");
            // Promise 20.
            assertNone("select st_id from " + table + " t where not exists (select from syncline.snapshot s where s.id = t.snapshot_id and s.id > 0)");
        }
        for (String child : Arrays.asList("services", "materials", "equipment")) {
            assertNone("select c.st_id from pricebook." + child + " c left join pricebook.categories p on p.row_id = c.category_id_row"
                    + " where c.category_id is not null and p.st_id is distinct from c.category_id::text");
        }
        assertNone("select key from syncline.attention where state = 'open'");
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertNone("select run_id::text from syncline_staging.page where seen <> '{}'"));
    }

    private static void assertNone(String query) {
        assertThat(syncline.sql().sql(query).query(String.class).list().stream().filter(Objects::nonNull).toList()).as(query).isEmpty();
    }
}
