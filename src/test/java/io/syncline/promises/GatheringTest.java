package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.run.Runs;
import io.syncline.run.Ticket;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.KeptWaiting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/** Promises 8 and 22: requests for records that meet in the line are made together, and none of them suffers from another. */
class GatheringTest {
    private static final int RUNNERS = 4;

    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static Runs runs;
    private static KeptWaiting held;

    /** With one connection to PostgreSQL nothing ends that waits for another one while it holds the first. */
    @BeforeAll
    static void start() {
        book = Pricebook.open(folder, Map.of("spring.datasource.hikari.minimum-idle", "1"));
        HikariDataSource pool = book.syncline.bean(HikariDataSource.class);
        pool.setMaximumPoolSize(1);
        pool.getHikariPoolMXBean().softEvictConnections();
        until(() -> pool.getHikariPoolMXBean().getTotalConnections() <= 1);
        runs = book.syncline.bean(Runs.class);
        assertThat(state(book.full())).isEqualTo("published");
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void anHourLater() {
        book.sandbox.clearFaults();
        book.sandbox.clock().advance(Duration.ofHours(1));
    }

    private static Ticket ask(String entity, long key) {
        return runs.request(new RunRequest("pricebook", "default", Mode.SINGLE, false, null, entity, Long.toString(key), "test", "test"));
    }

    private static JsonNode end(long run) {
        assertThat(runs.awaitEnd(run, Duration.ofMinutes(2))).isTrue();
        return Pricebook.checked(RunningSyncline.json(runs.report("default", run).orElseThrow()));
    }

    private static Map<String, String> records(JsonNode report) {
        Map<String, String> records = new TreeMap<>();
        report.path("records").forEach(record -> records.put(record.path("key").asText(), record.path("outcome").asText(record.path("failure").asText())));
        return records;
    }

    /** Keeps all runners of records busy until they are let go. */
    private static List<Long> busy() {
        held = new KeptWaiting();
        book.sandbox.fault(FaultRule.on("/services/*", held.fault()));
        List<Long> busy = new ArrayList<>();
        for (long service : book.sandbox.snapshot(Entity.SERVICES).keySet().stream().limit(RUNNERS).toList()) {
            long run = ask("services", service).run();
            until(() -> book.count("syncline.run where id = ? and state = 'running'", run) == 1);
            busy.add(run);
        }
        return busy;
    }

    @Test
    void recordsThatWaitAreOneRunAndEachHasItsOutcome() {
        List<Long> ids = List.copyOf(book.sandbox.snapshot(Entity.MATERIALS).keySet());
        book.sandbox.put(Entity.MATERIALS, ids.get(0), "{\"cost\": 5432, \"active\": true}");
        book.sandbox.put(Entity.MATERIALS, 710_000, "{\"code\": \"NEW\"}");
        book.sandbox.remove(Entity.MATERIALS, ids.get(1));
        List<Long> busy = busy();
        Ticket first = ask("materials", ids.get(0));
        for (long id : List.of(ids.get(1), ids.get(2), 710_000L, 999_999L, ids.get(0))) {
            assertThat(ask("materials", id)).isEqualTo(new Ticket(first.run(), true, true));
        }
        held.letGo();
        JsonNode report = end(first.run());
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("published");
        assertThat(records(report)).isEqualTo(Map.of(Long.toString(ids.get(0)), "update", Long.toString(ids.get(1)), "delete",
                Long.toString(ids.get(2)), "unchanged", "710000", "create", "999999", ""));
        assertThat(reasons(report, "materials")).containsExactly("The source has no materials record 999999, and neither have we.");
        assertThat(counts(report, "materials")).isEqualTo(Map.of("create", 1, "delete", 1, "unchanged", 1, "update", 1));
        busy.forEach(GatheringTest::end);
    }

    @Test
    void aRecordThatCannotBeAskedForDoesNotStopTheOthers() {
        List<Long> ids = List.copyOf(book.sandbox.snapshot(Entity.EQUIPMENT).keySet());
        book.sandbox.put(Entity.EQUIPMENT, ids.get(0), "{\"cost\": 6543}");
        List<Long> busy = busy();
        book.sandbox.fault("/equipment/" + ids.get(1) + " -> status 403");
        long run = ask("equipment", ids.get(1)).run();
        assertThat(ask("equipment", ids.get(0)).run()).isEqualTo(run);
        held.letGo();
        JsonNode report = end(run);
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("partial");
        assertThat(records(report)).containsEntry(Long.toString(ids.get(0)), "update").hasEntrySatisfying(Long.toString(ids.get(1)),
                failure -> assertThat(failure).contains("403"));
        assertThat(reasons(report, "equipment")).singleElement().asString().contains("Left out: " + ids.get(1), "403");

        book.sandbox.fault("/equipment/" + ids.get(1) + " -> status 403");
        JsonNode alone = end(ask("equipment", ids.get(1)).run());
        assertThat(state(alone)).isEqualTo("failed");
        assertThat(alone.path("failure").asText()).startsWith("equipment: servicetitan: ").contains("403");
        busy.forEach(GatheringTest::end);
    }

    @Test
    void oneConnectionIsEnoughForALongRunAndForRecordsBesideIt() {
        held = new KeptWaiting();
        book.sandbox.fault(FaultRule.on("/materials", held.fault()).page(2));
        long full = runs.request(RunningSyncline.request("pricebook", Mode.FULL)).run();
        List<Long> records = new ArrayList<>();
        book.sandbox.snapshot(Entity.EQUIPMENT).keySet().forEach(id -> records.add(ask("equipment", id).run()));
        assertThat(records).allSatisfy(run -> assertThat(state(end(run))).isEqualTo("published"));
        held.letGo();
        assertThat(state(end(full))).isEqualTo("published");
    }
}
