package io.syncline.run;

import io.syncline.TestPostgres;
import io.syncline.change.Rules;
import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;
import io.syncline.store.PlanCounts;
import io.syncline.store.Published;
import io.syncline.store.Staging;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RunLedgerTest {
    private DataSource database;
    private JdbcClient sql;
    private TransactionTemplate transaction;
    private RunLedger ledger;

    @BeforeEach
    void open() {
        database = TestPostgres.database();
        Flyway.configure().dataSource(database).defaultSchema("syncline").load().migrate();
        sql = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        ledger = another();
    }

    private RunLedger another() {
        Shape shape = new Shape(List.of(new Field("name", FieldType.TEXT, Path.of("name"), false, false, false, TimeFormat.ISO, null)));
        SideMapping mapping = new SideMapping(shape, List.of(Path.of("id")), null, null, TimeFormat.ISO, null);
        EntityConfig items = new EntityConfig("items", "items", shape, mapping, new Rules(Rules.Policy.REVIEW, false, "sh"), false, EntityConfig.Brake.DEFAULT);
        SyncConfig stock = new SyncConfig("stock", "Stock", "", "shop", "sh", List.of("default"), new SyncConfig.Schedules(null, null, ZoneOffset.UTC), List.of(items));
        return new RunLedger(sql, transaction, new Configuration(Map.of(), Map.of("stock", stock)));
    }

    private static RunRequest full() {
        return new RunRequest("stock", "default", Mode.FULL, false, null, null, null, "test", "test");
    }

    private static RunRequest incremental() {
        return new RunRequest("stock", "default", Mode.INCREMENTAL, false, null, null, null, "test", "test");
    }

    /** Promise 22. */
    @Test
    void anEqualRequestJoinsAndADifferentOneIsToldWhichRunIsActive() {
        Ticket first = ledger.accept(full());
        assertThat(ledger.accept(full())).isEqualTo(new Ticket(first.run(), true));
        assertThatThrownBy(() -> ledger.accept(incremental())).isInstanceOfSatisfying(AnotherRunIsActive.class,
                e -> assertThat(e.active()).isEqualTo(first.run()));
    }

    /** Promise 22. */
    @Test
    void ofTwoEqualRequestsAtOnceOneRunComes() throws Exception {
        CyclicBarrier together = new CyclicBarrier(8);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            Callable<Ticket> ask = () -> {
                together.await();
                return ledger.accept(full());
            };
            // From the second round on the lease is there already and its last run has ended.
            for (int round = 0; round < 5; round++) {
                List<Ticket> tickets = pool.invokeAll(Collections.nCopies(8, ask)).stream().map(RunLedgerTest::get).toList();
                assertThat(tickets).extracting(Ticket::run).containsOnly(tickets.get(0).run());
                assertThat(tickets).filteredOn(ticket -> !ticket.joined()).hasSize(1);
                ledger.end(tickets.get(0).run(), "failed", null, "over");
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void dryRunsAndSingleRecordsGoOnBesideALongRun() {
        ledger.accept(full());
        assertThat(ledger.accept(new RunRequest("stock", "default", Mode.FULL, true, null, null, null, "test", "test")).joined()).isFalse();
        assertThat(ledger.accept(new RunRequest("stock", "default", Mode.SINGLE, false, null, "items", "7", "test", "test")).joined()).isFalse();
    }

    /** Promise 23. */
    @Test
    void aRunWhoseProcessDiedIsEndedAndItsLeaseIsFree() {
        long died = ledger.accept(full()).run();
        ledger.begin(died);
        sql.sql("update syncline.run set alive_until = clock_timestamp() - interval '1 second'").update();
        assertThat(another().endTheDead()).containsExactly(died);
        assertThat(sql.sql("select state from syncline.run where id = ?").param(died).query(String.class).single()).isEqualTo("failed");
        assertThat(ledger.accept(incremental()).joined()).isFalse();
    }

    /** Promise 22: fencing. */
    @Test
    void aWorkerThatWakesUpAfterItsLeaseWasTakenMayNotPublish() {
        Run sleeper = ledger.begin(ledger.accept(full()).run());
        transaction.executeWithoutResult(status -> ledger.guard(sleeper));
        sql.sql("update syncline.run set alive_until = clock_timestamp() - interval '1 second'").update();
        Run next = ledger.begin(another().accept(full()).run());
        assertThat(next.fence()).isGreaterThan(sleeper.fence());
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> ledger.guard(sleeper))).hasMessageContaining("may not publish");
        transaction.executeWithoutResult(status -> ledger.guard(next));
    }

    @Test
    void aRunThatSaysItIsAliveIsLeftAlone() {
        long run = ledger.accept(full()).run();
        sql.sql("update syncline.run set alive_until = clock_timestamp() - interval '1 second'").update();
        ledger.stayAlive();
        assertThat(another().endTheDead()).isEmpty();
        assertThat(ledger.accept(full())).isEqualTo(new Ticket(run, true));
    }

    /** Promise 23. */
    @Test
    void aRunThatNobodyWorksOnIsNotKeptAliveByItsProcess() {
        long run = ledger.accept(full()).run();
        ledger.begin(run);
        ledger.letGo(run);
        sql.sql("update syncline.run set alive_until = clock_timestamp() - interval '1 second'").update();
        ledger.stayAlive();
        assertThat(ledger.endTheDead()).containsExactly(run);
    }

    /** Promises 22 and 23: a publish holds its run's row to the end. */
    @Test
    void aLongPublishDoesNotKeepOtherRunsFromSayingThatTheyAreAlive() throws Exception {
        Run publishing = ledger.begin(ledger.accept(full()).run());
        long beside = ledger.accept(new RunRequest("stock", "default", Mode.SINGLE, false, null, "items", "7", "test", "test")).run();
        sql.sql("update syncline.run set alive_until = clock_timestamp() - interval '1 second'").update();
        CountDownLatch published = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> publish = CompletableFuture.runAsync(() -> transaction.executeWithoutResult(status -> {
            ledger.guard(publishing);
            begun.countDown();
            await(published);
        }));
        await(begun);
        CompletableFuture<List<Long>> pulse = CompletableFuture.supplyAsync(() -> {
            ledger.stayAlive();
            return another().endTheDead();
        });
        try {
            assertThat(pulse.get(10, TimeUnit.SECONDS)).as("neither the one that publishes nor the one beside it is dead").isEmpty();
        } finally {
            published.countDown();
            publish.get(10, TimeUnit.SECONDS);
        }
        assertThat(sql.sql("select alive_until > clock_timestamp() from syncline.run where id = ?").param(beside).query(Boolean.class).single()).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Promise 3: a failure after the publish does not take its report away. */
    @Test
    void aRunThatHasEndedKeepsItsEnd() {
        long run = ledger.accept(full()).run();
        assertThat(ledger.end(run, "published", null, null)).isTrue();
        Reports reports = new Reports(sql, new ObjectMapper());
        reports.write(run, Map.of(), new Published.Snapshot(7, 7, Instant.EPOCH, "00", 3));
        ending().failed(run, new IllegalStateException("too late"));
        assertThat(reports.read("default", run).orElseThrow()).contains("\"published\"", "\"snapshot\"").doesNotContain("failed");
    }

    /** Promise 23: the line in front of the runners is not endless. */
    @Test
    void aRunThatFindsNoPlaceInTheLineEndsAtOnceAndFreesItsLease() {
        Ticket ticket = ledger.accept(full());
        ending().notStarted(ticket, new IllegalStateException("Queue full"));
        assertThat(sql.sql("select state || ': ' || failure from syncline.run").query(String.class).single()).startsWith("failed: Too many runs are waiting");
        assertThat(ledger.accept(incremental()).joined()).isFalse();
    }

    private Ending ending() {
        JdbcTemplate jdbc = new JdbcTemplate(database);
        return new Ending(ledger, new Reports(sql, new ObjectMapper()), new Staging(jdbc, transaction), new PlanCounts(jdbc), transaction, new Endings());
    }

    @Test
    void aRunBeginsOnce() {
        long run = ledger.accept(full()).run();
        ledger.begin(run);
        assertThatThrownBy(() -> another().begin(run)).hasMessageContaining("not waiting");
    }

    @Test
    void whatIsNotThereIsNamedWithWhatThereIs() {
        assertThatThrownBy(() -> ledger.accept(new RunRequest("stock", "default", Mode.FULL, false, null, "itmes", null, "test", "test")))
                .isInstanceOf(UnknownTarget.class).hasMessageContaining("itmes").hasMessageContaining("items");
        assertThatThrownBy(() -> ledger.accept(new RunRequest("stcok", "default", Mode.FULL, false, null, null, null, "test", "test")))
                .isInstanceOf(UnknownTarget.class).hasMessage("There is no sync \"stcok\". There is stock.");
        assertThatThrownBy(() -> ledger.accept(new RunRequest("stock", "other", Mode.FULL, false, null, null, null, "test", "test")))
                .isInstanceOf(UnknownTarget.class).hasMessage("There is no sync \"stock\". There is none yet; a sync is declared in config/syncs.");
    }

    @Test
    void aNameWithoutEndIsEchoedShort() {
        String endless = "x".repeat(100_000);
        assertThatThrownBy(() -> ledger.accept(new RunRequest(endless, "default", Mode.FULL, false, null, null, null, "test", "test")))
                .hasMessage("There is no sync \"" + "x".repeat(60) + "…\". There is stock.");
        assertThatThrownBy(() -> ledger.accept(new RunRequest("stock", "default", Mode.FULL, false, null, endless, null, "test", "test")))
                .hasMessage("The sync \"stock\" has no entity \"" + "x".repeat(60) + "…\". It has items.");
    }

    @Test
    void anEqualRequestForTheSameMomentJoins() {
        Instant since = Instant.parse("2026-01-01T00:00:00Z");
        RunRequest request = new RunRequest("stock", "default", Mode.INCREMENTAL, false, since, "items", null, "test", "test");
        assertThat(ledger.accept(request).joined()).isFalse();
        assertThat(ledger.accept(request).joined()).isTrue();
        assertThatThrownBy(() -> ledger.accept(incremental())).isInstanceOf(AnotherRunIsActive.class);
    }

    private static Ticket get(Future<Ticket> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
