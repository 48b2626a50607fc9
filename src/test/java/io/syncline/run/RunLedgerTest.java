package io.syncline.run;

import io.syncline.store.PlanCounts;
import io.syncline.store.PlanRows;
import io.syncline.store.Published;
import io.syncline.store.Staging;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RunLedgerTest extends StockLedger {
    /** Promise 22. */
    @Test
    void anEqualRequestJoinsAndADifferentOneIsToldWhichRunIsActive() {
        long first = ledger.accept(full()).run();
        assertThat(ledger.accept(full())).isEqualTo(new Ticket(first, true));
        assertThatThrownBy(() -> ledger.accept(incremental())).isInstanceOfSatisfying(AnotherRunIsActive.class, e -> assertThat(e.active()).isEqualTo(first));
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
                List<Ticket> tickets = new ArrayList<>();
                for (Future<Ticket> asked : pool.invokeAll(Collections.nCopies(8, ask))) {
                    tickets.add(asked.get());
                }
                assertThat(tickets).extracting(Ticket::run).containsOnly(tickets.get(0).run());
                assertThat(tickets).filteredOn(ticket -> !ticket.joined()).hasSize(1);
                ledger.end(tickets.get(0).run(), "failed", "over");
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void dryRunsAndSingleRecordsGoOnBesideALongRun() {
        ledger.accept(full());
        assertThat(ledger.accept(new RunRequest("stock", "default", Mode.FULL, true, null, null, null, "test", "test")).joined()).isFalse();
        assertThat(ledger.accept(record("7")).joined()).isFalse();
    }

    private void silence() {
        sql.sql("update syncline.run set alive_until = clock_timestamp() - interval '1 second'").update();
    }

    private static List<Long> runs(List<RunLedger.TakenOver> taken) {
        return taken.stream().map(each -> each.ticket().run()).toList();
    }

    /** Promises 22 and 23. */
    @Test
    void aRunWhoseProcessDiedIsTakenOverWithAHigherFenceAndItsFirstBeginning() {
        Run died = ledger.begin(ledger.accept(full()).run());
        Instant began = sql.sql("select started_at from syncline.run").query(OffsetDateTime.class).single().toInstant();
        RunLedger next = another();
        assertThat(next.takeOver(false)).as("it is alive").isEmpty();
        silence();
        assertThatThrownBy(() -> ledger.accept(incremental())).as("its lease is not free").isInstanceOf(AnotherRunIsActive.class);
        assertThat(next.takeOver(false)).singleElement().isEqualTo(new RunLedger.TakenOver(new Ticket(died.id(), false), 0, null));
        assertThat(next.accept(full())).isEqualTo(new Ticket(died.id(), true));
        assertThatThrownBy(() -> ledger.begin(died.id())).as("it waits in another's line").isInstanceOf(Halt.class);
        Run again = next.begin(died.id());
        assertThat(again.takeovers()).isEqualTo(1);
        assertThat(again.fence()).isEqualTo(died.fence() + 1);
        assertThat(sql.sql("select started_at from syncline.run").query(OffsetDateTime.class).single().toInstant()).isEqualTo(began);
        transaction.executeWithoutResult(status -> next.guard(again));
    }

    /** Promise 22: fencing. */
    @Test
    void aWorkerThatWakesUpAfterItsRunWasTakenOverWritesNothing() {
        for (RunRequest request : List.of(full(), record("7"))) {
            Run sleeper = ledger.begin(ledger.accept(request).run());
            sql.sql("update syncline.run set epoch = ?").param(epoch()).update();
            transaction.executeWithoutResult(status -> ledger.guard(sleeper));
            ledger.guardStaged(sleeper);
            silence();
            RunLedger other = another();
            Run next = other.begin(other.takeOver(false).get(0).ticket().run());
            assertThatThrownBy(() -> transaction.executeWithoutResult(status -> ledger.guard(sleeper))).hasMessageContaining("may not publish");
            assertThatThrownBy(() -> ledger.guardStaged(sleeper)).isInstanceOfSatisfying(Halt.class, e -> assertThat(e.why()).isEqualTo(Halt.Why.TAKEN_OVER));
            ledger.state(sleeper, "publishing");
            assertThat(ledger.end(sleeper, "failed", null, "not by this one")).isFalse();
            ending().failed(sleeper.id(), sleeper, new IllegalStateException("not by this one either"));
            ending().cleanUp(sleeper.id(), sleeper);
            assertThat(state(sleeper.id())).isEqualTo("running");
            transaction.executeWithoutResult(status -> other.guard(next));
            other.guardStaged(next);
            assertThat(other.end(next, "published", null, null)).isTrue();
        }
    }

    @Test
    void aPageIsNotKeptWhereWhatWasStagedBeforeItIsLost() {
        Run run = ledger.begin(ledger.accept(full()).run());
        sql.sql("update syncline.run set epoch = ?").param(epoch()).update();
        ledger.guardStaged(run);
        sql.sql("delete from syncline_staging.epoch").update();
        assertThatThrownBy(() -> ledger.guardStaged(run)).isInstanceOfSatisfying(Halt.class, halt -> assertThat(halt.why()).isEqualTo(Halt.Why.LEFT));
    }

    /** Promise 1: a crash of PostgreSQL may lose what a run noted on its way, and the staging with it. */
    @Test
    void aRunOfWhichPostgresLostSomethingPublishesNothing() {
        Run run = ledger.begin(ledger.accept(record("7")).run());
        transaction.executeWithoutResult(status -> ledger.guardPublish(run));
        for (String loss : List.of("update syncline.run set epoch = null", "delete from syncline_staging.epoch")) {
            sql.sql(loss).update();
            assertThatThrownBy(() -> transaction.executeWithoutResult(status -> ledger.guardPublish(run)))
                    .isInstanceOfSatisfying(Halt.class, halt -> assertThat(halt.why()).isEqualTo(Halt.Why.LEFT));
            assertThatThrownBy(() -> ledger.guardStaged(run)).isInstanceOfSatisfying(Halt.class, halt -> assertThat(halt.why()).isEqualTo(Halt.Why.LEFT));
        }
    }

    @Test
    void theEpochThatARunStagesInIsThatOfItsFirstHolder() {
        for (RunRequest request : List.of(full(), record("7"))) {
            Run dying = ledger.begin(ledger.accept(request).run());
            UUID first = epoch();
            assertThat(noted(dying)).isEqualTo(first);
            silence();
            sql.sql("delete from syncline_staging.epoch").update();
            RunLedger other = another();
            other.begin(other.takeOver(false).get(0).ticket().run());
            assertThat(noted(dying)).as("whoever goes on can tell that it is another").isEqualTo(first);
            assertThat(epoch()).isNotEqualTo(first);
            assertThat(other.end(dying.id(), "failed", "enough")).isTrue();
        }
    }

    private UUID noted(Run run) {
        return sql.sql("select epoch from syncline.run where id = ?").param(run.id()).query((row, n) -> row.getObject(1, UUID.class)).single();
    }

    @Test
    void aRecordAskedForInsideATransactionIsRefused() {
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> ledger.accept(record("7")))).hasMessageContaining("inside a transaction");
        assertThat(sql.sql("select count(*) from syncline.run").query(Long.class).single()).isZero();
    }

    /** Promise 23: a run that kills its process does not do so for ever. */
    @Test
    void aRunThatEndedFiveProcessesMoreIsNotBegunAgain() {
        long run = ledger.accept(full()).run();
        for (int times = 0; times < 5; times++) {
            silence();
            assertThat(another().takeOver(false)).singleElement().satisfies(taken -> assertThat(taken.refusal()).isNull());
        }
        silence();
        RunLedger last = another();
        RunLedger.TakenOver taken = last.takeOver(false).get(0);
        assertThat(taken.refusal()).contains("so did the 5 after it");
        ending(last).refused(run, taken.refusal());
        assertThat(sql.sql("select state || ': ' || failure from syncline.run").query(String.class).single()).startsWith("failed: Its process ended");
        assertThat(new Reports(sql, new ObjectMapper()).read("default", run).orElseThrow()).contains("so did the 5 after it");
        assertThat(ledger.accept(incremental()).joined()).isFalse();
    }

    @Test
    void aRunOfASyncThatIsConfiguredNoMoreIsRefused() {
        ledger.accept(full());
        sql.sql("update syncline.run set sync = 'gone'").update();
        silence();
        assertThat(another().takeOver(false).get(0).refusal()).contains("not in config/syncs any more");
    }

    /** A start that is alone with its database need not wait for anybody's silence. */
    @Test
    void whoIsAloneTakesOverWhateverIsUnfinishedAndNotItsOwn() {
        long died = ledger.accept(full()).run();
        RunLedger next = another();
        long own = next.accept(record("7")).run();
        assertThat(runs(next.takeOver(true))).containsExactly(died).doesNotContain(own);
    }

    /** Between its acceptance and its being in hand. */
    @Test
    void whoIsAloneDoesNotTakeARunThatItHasJustAcceptedForDead() {
        RunLedger alone = another();
        long own = alone.accept(record("7")).run();
        alone.letGo(alone.begin(own));
        assertThat(alone.takeOver(true)).isEmpty();
        silence();
        assertThat(runs(alone.takeOver(true))).containsExactly(own);
    }

    @Test
    void whatAProcessLeavesAtItsEndIsTakenOverAtOnce() {
        Run run = ledger.begin(ledger.accept(full()).run());
        ledger.leaveAll();
        assertThat(runs(another().takeOver(false))).containsExactly(run.id());
    }

    @Test
    void aRunThatWaitsIsCancelledAtOnceAndOneUnderWayAtItsNextPage() {
        long waiting = ledger.accept(full()).run();
        assertThat(ledger.cancel(waiting, "other", "Ann")).as("of another organisation").isEmpty();
        assertThat(ledger.cancel(waiting, "default", "Ann")).contains(true);
        assertThat(state(waiting)).isEqualTo("cancelled");
        assertThatThrownBy(() -> ledger.begin(waiting)).isInstanceOf(Halt.class);
        assertThatThrownBy(() -> ledger.cancel(waiting, "default", "Ben")).isInstanceOf(CannotBeCancelled.class)
                .hasMessageContaining("ended already (cancelled)");

        Run running = ledger.begin(ledger.accept(full()).run());
        assertThat(ledger.cancel(running.id(), "default", "Ann")).contains(false);
        for (Runnable write : List.<Runnable>of(() -> ledger.guardStaged(running), () -> transaction.executeWithoutResult(status -> ledger.guard(running)))) {
            assertThatThrownBy(write::run).isInstanceOfSatisfying(Halt.class, halt -> assertThat(halt.why()).isEqualTo(Halt.Why.CANCELLED));
        }
        ending().failed(running.id(), running, new Halt(Halt.Why.CANCELLED, "Cancelled by Ann."));
        assertThat(state(running.id())).isEqualTo("cancelled");
        assertThat(ledger.accept(incremental()).joined()).as("the lease is free").isFalse();
    }

    /** Whoever asks is not kept waiting for as long as it takes. */
    @Test
    void aPublishThatTakesLongIsNotCancelled() throws Exception {
        Run publishing = ledger.begin(ledger.accept(full()).run());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        CompletableFuture<Void> publish = CompletableFuture.runAsync(() -> transaction.executeWithoutResult(status -> {
            ledger.guard(publishing);
            begun.countDown();
            await(refused);
            ledger.end(publishing, "published", null, null);
        }));
        await(begun);
        try {
            assertThatThrownBy(() -> ledger.cancel(publishing.id(), "default", "Ann")).isInstanceOf(CannotBeCancelled.class)
                    .hasMessageContaining("is being published and cannot be cancelled any more");
        } finally {
            refused.countDown();
        }
        publish.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aPublishUnderWayWins() throws Exception {
        Run publishing = ledger.begin(ledger.accept(full()).run());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Void> publish = CompletableFuture.runAsync(() -> transaction.executeWithoutResult(status -> {
            ledger.guard(publishing);
            begun.countDown();
            await(asked);
            ledger.end(publishing, "published", null, null);
        }));
        await(begun);
        CompletableFuture<Optional<Boolean>> cancel = CompletableFuture.supplyAsync(() -> ledger.cancel(publishing.id(), "default", "Ann"));
        asked.countDown();
        publish.get(60, TimeUnit.SECONDS);
        assertThatThrownBy(() -> cancel.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(CannotBeCancelled.class);
        assertThat(state(publishing.id())).isEqualTo("published");
    }

    private UUID epoch() {
        return new Staging(new JdbcTemplate(database), transaction).epoch();
    }

    private String state(long run) {
        return sql.sql("select state from syncline.run where id = ?").param(run).query(String.class).single();
    }

    @Test
    void aRunThatSaysItIsAliveIsLeftAlone() {
        long run = ledger.accept(full()).run();
        silence();
        ledger.stayAlive();
        assertThat(another().takeOver(false)).isEmpty();
        assertThat(ledger.accept(full())).isEqualTo(new Ticket(run, true));
    }

    /** Promise 23. */
    @Test
    void aRunThatNobodyWorksOnIsNotKeptAliveByItsProcess() {
        long run = ledger.accept(full()).run();
        ledger.letGo(ledger.begin(run));
        silence();
        ledger.stayAlive();
        assertThat(runs(ledger.takeOver(false))).containsExactly(run);
    }

    /** Promises 22 and 23: a publish holds its run's row to the end. */
    @Test
    void aLongPublishDoesNotKeepOtherRunsFromSayingThatTheyAreAlive() throws Exception {
        Run publishing = ledger.begin(ledger.accept(full()).run());
        long beside = ledger.accept(record("7")).run();
        sql.sql("update syncline.run set alive_until = clock_timestamp() - interval '1 second'").update();
        CountDownLatch published = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> publish = CompletableFuture.runAsync(() -> transaction.executeWithoutResult(status -> {
            ledger.guard(publishing);
            begun.countDown();
            await(published);
        }));
        await(begun);
        CompletableFuture<List<RunLedger.TakenOver>> pulse = CompletableFuture.supplyAsync(() -> {
            ledger.stayAlive();
            return another().takeOver(false);
        });
        try {
            assertThat(pulse.get(60, TimeUnit.SECONDS)).as("neither the one that publishes nor the one beside it is dead").isEmpty();
        } finally {
            published.countDown();
            publish.get(60, TimeUnit.SECONDS);
        }
        assertThat(sql.sql("select alive_until > clock_timestamp() from syncline.run where id = ?").param(beside).query(Boolean.class).single()).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Promise 3: a failure after the publish does not take its report away. */
    @Test
    void aRunThatHasEndedKeepsItsEnd() {
        Run begun = ledger.begin(ledger.accept(full()).run());
        long run = begun.id();
        assertThat(ledger.end(begun, "published", null, null)).isTrue();
        Reports reports = new Reports(sql, new ObjectMapper());
        reports.write(run, Map.of(), new Published.Snapshot(7, 7, Instant.EPOCH, "00", 3));
        ending().failed(run, begun, new IllegalStateException("too late"));
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
        return ending(ledger);
    }

    private Ending ending(RunLedger ledger) {
        JdbcTemplate jdbc = new JdbcTemplate(database);
        return new Ending(ledger, new Reports(sql, new ObjectMapper()), new Staging(jdbc, transaction), new PlanCounts(jdbc), transaction,
                new Endings(event -> { }), new RunRecords(sql, new PlanCounts(jdbc)), new KeptPlans(sql, new ObjectMapper(), Duration.ofHours(1)),
                new Applying(sql, new PlanRows(jdbc), ledger, transaction));
    }

    @Test
    void aRunBeginsOnce() {
        long run = ledger.accept(full()).run();
        ledger.begin(run);
        assertThatThrownBy(() -> ledger.begin(run)).hasMessageContaining("not waiting");
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
        assertThat(ledger.accept(new RunRequest("stock", "default", Mode.INCREMENTAL, false, since, "items", null, "api", "Otto")).joined()).isTrue();
        assertThatThrownBy(() -> ledger.accept(incremental())).isInstanceOf(AnotherRunIsActive.class);
        assertThat(sql.sql("select actor || ' ' || action || ' ' || run_id || ': ' || detail from syncline.activity order by id").query(String.class).list())
                .as("who joined is told like who asked first").hasSize(2).last().isEqualTo("Otto run-joined 1: incremental, asked for by api");
    }
}
