package io.syncline.run;

import io.syncline.RunningSyncline;
import io.syncline.sandbox.ServiceTitanSandbox;
import io.syncline.store.PlanLost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Promises 3, 9, 22 and 23: runs that end, or begin again, later than they thought. */
class LateEndTest {
    private ServiceTitanSandbox sandbox;
    private RunningSyncline syncline;
    private RunLedger ledger;

    @BeforeEach
    void start() {
        sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT);
        syncline = RunningSyncline.with(sandbox);
        ledger = syncline.bean(RunLedger.class);
    }

    @AfterEach
    void stop() {
        syncline.close();
        sandbox.close();
    }

    private Run begin(Mode mode, boolean dryRun) {
        return ledger.begin(ledger.accept(new RunRequest("pricebook", "default", mode, dryRun, null, null, null, "test", "test")).run());
    }

    private String state(Run run) {
        return syncline.sql().sql("select state from syncline.run where id = ?").param(run.id()).query(String.class).single();
    }

    private void halts(Halt.Why why, Runnable end) {
        assertThatThrownBy(end::run).isInstanceOfSatisfying(Halt.class, halt -> assertThat(halt.why()).isEqualTo(why));
    }

    @Test
    void aComparisonThatWasCancelledBeforeItsReportIsCancelled() {
        Run run = begin(Mode.VERIFY, false);
        List<EntityPass> passes = syncline.bean(Passes.class).of(run);
        assertThat(ledger.cancel(run.id(), "default", "Ann")).contains(false);
        halts(Halt.Why.CANCELLED, () -> syncline.bean(Verdict.class).give(run, passes));
        assertThat(state(run)).isEqualTo("running");
    }

    @Test
    void aComparisonThatGoesOnElsewhereSaysNothing() {
        Run run = begin(Mode.VERIFY, false);
        List<EntityPass> passes = syncline.bean(Passes.class).of(run);
        syncline.sql().sql("update syncline.run set takeovers = takeovers + 1").update();
        halts(Halt.Why.TAKEN_OVER, () -> syncline.bean(Verdict.class).give(run, passes));
        assertThat(syncline.sql().sql("select distinct state from syncline.run_entity").query(String.class).single()).isEqualTo("reading");
    }

    /** Promise 9: what another run published before it read is nothing that it could have missed. */
    @Test
    void onlyARunThatGoesOnHasBegunWhenItsFirstHolderBegan() {
        for (Mode mode : List.of(Mode.VERIFY, Mode.FULL)) {
            Run dying = begin(mode, false);
            syncline.bean(Passes.class).of(dying);
            syncline.sql().sql("update syncline.run set state = 'queued', takeovers = 1, started_at = started_at - interval '1 hour' where id = ?")
                    .param(dying.id()).update();
            Run next = ledger.begin(dying.id());
            syncline.bean(Passes.class).of(next);
            assertThat(syncline.sql().sql("select started_at < clock_timestamp() - interval '30 minutes' from syncline.run where id = ?").param(dying.id())
                    .query(Boolean.class).single()).isEqualTo(mode == Mode.FULL);
        }
    }

    @Test
    void aPlanThatPostgresLostIsNotToldOf() {
        Run run = begin(Mode.FULL, true);
        List<EntityPass> passes = syncline.bean(Passes.class).of(run);
        syncline.sql().sql("update syncline_staging.epoch set id = gen_random_uuid()").update();
        halts(Halt.Why.LEFT, () -> syncline.bean(Ending.class).planned(run, passes));
        assertThat(state(run)).isEqualTo("running");
    }

    /** Another process has started with other fields meanwhile, and made the staging tables anew. */
    @Test
    void neitherAPlanNorAComparisonOfWhichPagesAreMissingIsToldOf() {
        for (Run run : List.of(begin(Mode.FULL, true), begin(Mode.VERIFY, false))) {
            List<EntityPass> passes = syncline.bean(Passes.class).of(run);
            syncline.sql().sql("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts, planned)"
                    + " values (?, 'services', 1, 'source', 1, '{}', 1)").param(run.id()).update();
            assertThatThrownBy(() -> {
                if (run.isComparing()) {
                    syncline.bean(Verdict.class).give(run, passes);
                } else {
                    syncline.bean(Ending.class).planned(run, passes);
                }
            }).isInstanceOfSatisfying(PlanLost.class, lost -> assertThat(Halt.in(lost)).isPresent());
            assertThat(state(run)).isEqualTo("running");
        }
    }

    /** Promise 9: a long run looks up what a run for records publishes before that begins or after it, so a publish knows of every long run beside it. */
    @Test
    void aLongRunDoesNotBeginInTheMiddleOfAPublish() {
        long full = ledger.accept(new RunRequest("pricebook", "default", Mode.FULL, false, null, null, null, "test", "test")).run();
        CompletableFuture<Run> begins = syncline.bean(TransactionTemplate.class).execute(status -> {
            syncline.sql().sql("insert into syncline.turn (sync, organisation) values ('pricebook', 'default')").update();
            CompletableFuture<Run> waits = CompletableFuture.supplyAsync(() -> ledger.begin(full));
            while (count("pg_locks where locktype in ('transactionid', 'tuple') and not granted") == 0) {
                assertThat(waits.isDone()).as("it waits for the publish").isFalse();
            }
            assertThat(count("syncline.run where id = " + full + " and started_at is not null")).isZero();
            return waits;
        });
        assertThat(begins.join().id()).isEqualTo(full);
    }

    /** Promises 16 and 22: who cleans up late looks whether the run has ended before it looks whether its plan is kept. */
    @Test
    void aPlanThatSomebodyElseKeepsMeanwhileIsNotThrownAway() {
        Run sleeper = begin(Mode.FULL, true);
        syncline.sql().sql("insert into syncline_staging.page (run_id, entity, number, seen) values (?, 'services', 1, '{1}')").param(sleeper.id()).update();
        syncline.bean(TransactionTemplate.class).execute(status -> {
            syncline.sql().sql("lock table syncline.run in access exclusive mode").update();
            CompletableFuture<Void> cleansUp = CompletableFuture.runAsync(() -> syncline.bean(Ending.class).cleanUp(sleeper.id(), sleeper));
            await().atMost(Duration.ofMinutes(1)).until(() -> count("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                    + " and query like 'select finished_at is not null from syncline.run%'") == 1);
            syncline.sql().sql("update syncline.run set state = 'planned', takeovers = 1, finished_at = clock_timestamp() where id = ?").param(sleeper.id())
                    .update();
            syncline.bean(KeptPlans.class).keep(sleeper, Map.of());
            return cleansUp;
        }).join();
        assertThat(count("syncline.plan where ended_at is null and run_id = " + sleeper.id())).isOne();
        assertThat(count("syncline_staging.page where run_id = " + sleeper.id())).isOne();
    }

    /** Whoever waits for it need not wait for its turn in the line. */
    @Test
    void aRunThatIsCancelledBeforeItBeganIsInNobodysHands() {
        long run = ledger.accept(new RunRequest("pricebook", "default", Mode.FULL, false, null, null, null, "test", "test")).run();
        assertThat(ledger.hasInHand(run)).isTrue();
        assertThat(syncline.bean(Runs.class).cancel("default", run, "Ann")).isTrue();
        assertThat(ledger.hasInHand(run)).isFalse();
        assertThat(syncline.bean(Runs.class).awaitReport("default", run, Duration.ofMinutes(1)).orElseThrow()).contains("Cancelled by Ann");
    }

    private long count(String what) {
        return syncline.sql().sql("select count(*) from " + what).query(Long.class).single();
    }
}
