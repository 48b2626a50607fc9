package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.run.Runs;
import io.syncline.run.RunRequest;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.KeptWaiting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is stored of a page is looked up while the page before it is worked on, here for as long as somebody else holds that one up: whatever becomes of the
 * rows meanwhile, and of the look-up, is no worse than if it had waited for its turn.
 */
class LookedUpAheadTest {
    private static final String LOOKED_UP = "pg_locks where not granted and relation = 'pricebook.materials'::regclass";

    @TempDir
    private static Path folder;
    private static Pricebook book;

    private final List<KeptWaiting> sleepers = new ArrayList<>();
    private Connection page;
    private Connection rows;
    private long run;
    private int lookUp;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void anHourLater() throws SQLException {
        assertThat(state(book.full())).isEqualTo("published");
        book.sandbox.clock().advance(Duration.ofHours(1));
        page = DriverManager.getConnection(book.database);
        rows = DriverManager.getConnection(book.database);
        page.setAutoCommit(false);
        rows.setAutoCommit(false);
    }

    @AfterEach
    void letGo() throws SQLException {
        page.close();
        rows.close();
        sleepers.forEach(KeptWaiting::letGo);
        book.sandbox.clearFaults();
    }

    private static long at(int index) {
        return List.copyOf(book.sandbox.snapshot(Entity.MATERIALS).keySet()).get(index);
    }

    private KeptWaiting keepWaiting(int number) {
        KeptWaiting sleeper = new KeptWaiting();
        sleepers.add(sleeper);
        book.sandbox.fault(FaultRule.on("/materials", sleeper.fault()).page(number).call(1));
        return sleeper;
    }

    /** A full run whose first page cannot be kept, because its run's row is locked, and whose second page's look-up waits for the table. */
    private void untilTheSecondPageIsLookedUp() throws SQLException {
        KeptWaiting first = keepWaiting(1);
        KeptWaiting second = keepWaiting(2);
        run = book.syncline.bean(Runs.class).request(new RunRequest("pricebook", "default", Mode.FULL, false, null, "materials", null, "test", "test")).run();
        first.awaitAsked();
        page.createStatement().execute("select from syncline.run where id = " + run + " for update");
        first.letGo();
        until(() -> book.count("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'with noted as%'") == 1);
        second.awaitAsked();
        rows.createStatement().execute("lock table pricebook.materials in access exclusive mode");
        second.letGo();
        until(() -> book.count(LOOKED_UP) == 1);
        lookUp = book.one("select pid from " + LOOKED_UP, Integer.class);
        assertThat(book.count("syncline.run_page where run_id = ?", run)).as("the first page is still held up").isZero();
    }

    /** It has its answer, and the page is still held up. */
    private void letTheLookUpGo() throws SQLException {
        String asked = book.one("select query_start::text from pg_stat_activity where pid = ?", String.class, lookUp);
        rows.rollback();
        until(() -> book.count("pg_stat_activity where pid = ? and query_start::text = ? and state = 'active'", lookUp, asked) == 0);
    }

    private JsonNode end() throws SQLException {
        page.rollback();
        Runs runs = book.syncline.bean(Runs.class);
        assertThat(runs.awaitEnd(run, Duration.ofMinutes(2))).isTrue();
        return Pricebook.checked(RunningSyncline.json(runs.report("default", run).orElseThrow()));
    }

    /** Promises 4 and 16. */
    @Test
    void whatAPersonEditsBehindTheLookUpIsNotOverwritten() throws SQLException {
        long both = at(12);
        long here = at(14);
        long there = at(16);
        for (long id : List.of(both, there)) {
            book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 78}");
        }
        untilTheSecondPageIsLookedUp();
        letTheLookUpGo();

        book.sql().sql("update pricebook.materials set cost = 11 where st_id in (?, ?)").params(Long.toString(both), Long.toString(here)).update();
        JsonNode report = end();
        String told = report.toPrettyString();
        assertThat(state(report)).as(told).isEqualTo("published");
        assertThat(counts(report, "materials")).as(told).containsEntry("conflict", 1).containsEntry("update", 1)
                .containsEntry("unchanged", book.sandbox.snapshot(Entity.MATERIALS).size() - 2);
        assertThat(book.columns("materials", both, "cost, sync_status")).isEqualTo("11|conflict");
        assertThat(book.columns("materials", here, "cost, sync_status")).isEqualTo("11|pending_push");
        assertThat(book.columns("materials", there, "cost, sync_status")).isEqualTo("78|synced");
    }

    /** Promise 9. */
    @Test
    void whatAnotherRunPublishesBehindTheLookUpIsNotReplacedByWhatIsOlder() throws SQLException {
        long id = at(15);
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 78}");
        untilTheSecondPageIsLookedUp();
        letTheLookUpGo();

        book.sandbox.clock().advance(Duration.ofMinutes(1));
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 79}");
        assertThat(state(book.single("materials", id))).isEqualTo("published");
        assertThat(book.columns("materials", id, "cost")).isEqualTo("79");
        JsonNode report = end();
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("published");
        assertThat(counts(report, "materials")).as(report.toPrettyString()).containsEntry("stale", 1).doesNotContainKey("update");
        assertThat(book.columns("materials", id, "cost")).isEqualTo("79");
    }

    /** Promise 8: it fails when its page's turn comes, as it would have then, and what came before is kept. */
    @Test
    void aLookUpThatFailsFailsItsPage() throws SQLException {
        untilTheSecondPageIsLookedUp();
        assertThat(book.one("select pg_cancel_backend(?)", Boolean.class, lookUp)).isTrue();
        until(() -> book.count(LOOKED_UP) == 0);
        rows.rollback();
        JsonNode report = end();
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("failed");
        assertThat(reasons(report, "materials")).containsExactly("Something went wrong inside Syncline. The log has the details under run " + run
                + "; nothing of this was published.");
        assertThat(book.count("syncline.run_page where run_id = ?", run)).as("pages that were kept before").isEqualTo(1);
    }

    /** Promise 23: one whose connection breaks is an outage, and the run goes on behind the page that was kept. */
    @Test
    void aLookUpWhoseConnectionBreaksLeavesTheRunToBeTakenOver() throws SQLException {
        book.sandbox.put(Entity.MATERIALS, at(18), "{\"cost\": 79}");
        untilTheSecondPageIsLookedUp();
        assertThat(book.one("select pg_terminate_backend(?)", Boolean.class, lookUp)).isTrue();
        until(() -> book.count(LOOKED_UP) == 0);
        rows.rollback();
        JsonNode report = end();
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("published");
        assertThat(book.count("syncline.run where id = ? and takeovers = 1", run)).isEqualTo(1);
        assertThat(counts(report, "materials")).containsEntry("update", 1);
    }

    /** Promise 1: nothing is left of it when its run stops meanwhile. */
    @Test
    void aLookUpThatNobodyNeedsAnyMoreEndsWithoutAWord() throws SQLException {
        untilTheSecondPageIsLookedUp();
        page.createStatement().execute("update syncline.run set cancel_asked_at = clock_timestamp(), cancel_asked_by = 'Ann' where id = " + run);
        page.commit();
        JsonNode report = end();
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("cancelled");
        assertThat(book.count(LOOKED_UP)).as("nobody waited for it").isEqualTo(1);
        rows.rollback();
        until(() -> book.count("pg_stat_activity where pid = ? and state <> 'idle'", lookUp) == 0);
    }
}
