package io.syncline.killrig;

import io.syncline.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two products on one database: what becomes of a run when the one that makes it dies, or only sleeps. */
class TwoProcessesIT {
    private static final int PATIENCE = 4;
    private static final Duration LONG = Duration.ofMinutes(4);

    @TempDir
    private Path folder;
    private final Shop shop = new Shop(5_000, new Trap());
    private final Books books = new Books();
    private final CountDownLatch halted = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private JdbcClient sql;
    private Child first;
    private Child second;

    @BeforeEach
    void startBoth() {
        shop.configure(folder.resolve("config"));
        String url = TestPostgres.url();
        sql = JdbcClient.create(new DriverManagerDataSource(url));
        first = Child.start(folder, folder.resolve("config"), "--syncline.database.url=" + url, "--syncline.runs.patience=" + PATIENCE + "s");
        second = Child.start(folder, folder.resolve("config"), "--syncline.database.url=" + url, "--syncline.runs.patience=" + PATIENCE + "s");
        AtomicBoolean once = new AtomicBoolean();
        shop.beforeAnswer(() -> {
            if (shop.calls().stream().filter(call -> call.what().startsWith("/items?")).count() == 4 && once.compareAndSet(false, true)) {
                halted.countDown();
                awaitLatch(goOn);
            }
        });
    }

    @AfterEach
    void stop() {
        goOn.countDown();
        first.close();
        second.close();
        shop.close();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Promise 23: within the lease and ten seconds. */
    @Test
    void theSecondGoesOnWithTheRunOfAFirstThatWasKilled() {
        first.call("POST", "/api/sync/stock/full");
        awaitLatch(halted);
        long died = System.nanoTime();
        first.kill();
        goOn.countDown();
        await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> sql.sql("select takeovers from syncline.run").query(Integer.class).single() == 1);
        assertThat(Duration.ofNanos(System.nanoTime() - died)).isLessThan(Duration.ofSeconds(PATIENCE + 10));
        awaitEnd();
        assertRight();
    }

    /** Promise 22: fencing. */
    @Test
    void aFirstThatWakesUpAfterItsRunWasTakenOverWritesNothing() {
        first.call("POST", "/api/sync/stock/full");
        awaitLatch(halted);
        first.signal("STOP");
        goOn.countDown();
        awaitEnd();
        assertRight();
        // Whoever ends a run throws away what it staged once the end is written down.
        await().atMost(LONG).until(() -> sql.sql("select count(*) from syncline_staging.page").query(Integer.class).single() == 0
                && sql.sql("select count(*) from syncline_staging.stock__items").query(Integer.class).single() == 0);
        String after = everything();
        first.signal("CONT");
        await().atMost(LONG).until(() -> first.text().contains("Run 1 stops here") || first.text().contains("Run 1 failed"));
        assertThat(everything()).isEqualTo(after);
        assertThat(first.answer("POST", "/api/sync/stock/full").path("state").asText()).as("and is of use again").isEqualTo("published");
    }

    private void awaitEnd() {
        await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> sql.sql("select count(*) from syncline.run where finished_at is null")
                .query(Integer.class).single() == 0);
    }

    private void assertRight() {
        assertThat(sql.sql("select concat_ws(' ', id, state, takeovers) from syncline.run").query(String.class).single()).isEqualTo("1 published 1");
        books.publish(shop.items(), sql.sql("select max(id) from syncline.snapshot").query(Long.class).single(), true);
        books.compareWith(sql);
        assertThat(sql.sql("select concat_ws(' ', number, problem) from syncline.verify_chain('stock')").query(String.class).list()).isEmpty();
    }

    /** Whatever a run may write, but for when somebody was last alive. */
    private String everything() {
        return sql.sql("""
                select concat_ws(' ', (select md5(string_agg(i::text, ' ' order by row_id)) from stock.items i),
                    (select md5(string_agg(to_jsonb(r)::text, ' ' order by id)) from syncline.run r),
                    (select md5(string_agg(p::text, ' ' order by run_id, entity, number)) from syncline.run_page p),
                    (select md5(string_agg(e::text, ' ' order by run_id, entity)) from syncline.run_entity e),
                    (select count(*) from syncline.snapshot), (select string_agg(w::text, ' ' order by entity) from syncline.watermark w),
                    (select count(*) from syncline_staging.page), (select count(*) from syncline_staging.stock__items))""").query(String.class).single();
    }
}
