package io.syncline.issues;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.audit.Decisions;
import io.syncline.audit.NewDecision;
import io.syncline.inspect.Retention;
import io.syncline.schedule.Turnstile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What was decided about and removed in the same moment broke the chain for good, and an erasure did not wait for a publish. Promises 1, 19 and 20. */
class DecidedWhileRemovedTest {
    @TempDir
    private static Path folder;
    private static Turnstile source;
    private static RunningSyncline syncline;

    @BeforeAll
    static void start() {
        source = new Turnstile();
        Path config = source.configure(folder, "{full: \"0 0 2 * * ?\"}\nretention: {history: 1s}");
        syncline = RunningSyncline.start(config, TestPostgres.url(), Map.of());
        syncline.full("goods");
    }

    @AfterAll
    static void stop() {
        syncline.close();
        source.close();
    }

    private static JdbcClient sql() {
        return syncline.sql();
    }

    private static void decide(String key, long snapshot) {
        syncline.bean(Decisions.class).make(new NewDecision("default", "Ann", "goods", "items", key, snapshot, "dispatch", "urgent", null));
    }

    /** Work that has ended, or that waits for a transaction of this test. */
    private static void endsOrWaits(CompletableFuture<?> work) {
        await().atMost(Duration.ofMinutes(1)).until(() -> work.isDone()
                || sql().sql("select exists (select from pg_locks where not granted)").query(Boolean.class).single());
    }

    private static void assertEveryChainHolds() {
        assertThat(sql().sql("select problem from syncline.verify_chain('goods')").query(String.class).list()).isEmpty();
        assertThat(sql().sql("select problem from syncline.verify_ledgers()").query(String.class).list()).isEmpty();
    }

    /** A row of our own that is deleted here: no system can bring it back. */
    private static String deletedRow(String name) {
        long row = sql().sql("insert into goods.items (name) values (?) returning row_id").param(name).query(Long.class).single();
        syncline.full("goods");
        sql().sql("delete from goods.items where row_id = ?").param(row).update();
        syncline.full("goods");
        return "row:" + row;
    }

    private static long newest() {
        return sql().sql("select max(number) from syncline.snapshot where sync = 'goods'").query(Long.class).single();
    }

    private static CompletableFuture<Integer> erasing(String name) {
        return CompletableFuture.supplyAsync(() -> syncline.call("POST", "/api/v1/syncs/goods/entities/items/records/" + name + "/erase",
                "{\"reason\": \"asked for\"}").statusCode());
    }

    @Test
    void whatIsBeingDecidedAboutIsNotExpired() throws Exception {
        sql().sql("update goods.items set name = 'seen' where sk_id = '1'").update();
        long seen = syncline.full("goods").path("snapshot").path("number").asLong();
        sql().sql("update goods.items set name = 'later' where sk_id = '1'").update();
        syncline.full("goods");
        await().atMost(Duration.ofSeconds(60)).until(() -> sql().sql("select max(valid_to) < clock_timestamp() - interval '1 s' from goods.items_history")
                .query(Boolean.class).single());

        CompletableFuture<?> retention = syncline.bean(TransactionTemplate.class).execute(status -> {
            decide("1", seen);
            CompletableFuture<?> work = CompletableFuture.runAsync(syncline.bean(Retention.class)::removeExpired);
            endsOrWaits(work);
            return work;
        });

        retention.get(60, TimeUnit.SECONDS);
        assertEveryChainHolds();
    }

    @Test
    void whatIsBeingDecidedAboutIsNotErased() throws Exception {
        String name = deletedRow("of our own");
        long seen = newest() - 1;

        CompletableFuture<Integer> erased = syncline.bean(TransactionTemplate.class).execute(status -> {
            decide(name, seen);
            CompletableFuture<Integer> work = erasing(name);
            endsOrWaits(work);
            return work;
        });

        assertThat(erased.get(60, TimeUnit.SECONDS)).isEqualTo(200);
        assertEveryChainHolds();
    }

    @Test
    void anErasureWaitsForThePublishThatIsUnderWay() throws Exception {
        String name = deletedRow("beside a publish");

        CompletableFuture<Integer> erased = syncline.bean(TransactionTemplate.class).execute(status -> {
            sql().sql("select 1 from syncline.turn where sync = 'goods' and organisation = 'default' for update").query(Integer.class).single();
            CompletableFuture<Integer> work = erasing(name);
            endsOrWaits(work);
            assertThat(work).isNotDone();
            return work;
        });

        assertThat(erased.get(60, TimeUnit.SECONDS)).isEqualTo(200);
    }
}
