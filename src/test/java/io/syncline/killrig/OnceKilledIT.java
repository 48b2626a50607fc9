package io.syncline.killrig;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.assertj.core.api.Assertions.assertThat;

/** A request with a key whose process is killed before it was answered is one run, and is answered with it by the next process. */
class OnceKilledIT {
    private static final String[] ONCE = {"Idempotency-Key", "once"};
    /** Comparisons take no lease and join nothing: without the key each request would be a run of its own. */
    private static final String DOOR = "/api/sync/stock/verify";

    @TempDir
    private Path folder;
    private final Shop shop = new Shop(2_000, new Trap());
    private final CountDownLatch halted = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void stop() {
        goOn.countDown();
        shop.close();
    }

    @Test
    void theNextProcessAnswersWithTheRunThatTheFirstHadAccepted() throws InterruptedException {
        shop.configure(folder.resolve("config"));
        AtomicBoolean once = new AtomicBoolean();
        shop.beforeAnswer(() -> {
            if (once.compareAndSet(false, true)) {
                halted.countDown();
                await(goOn);
            }
        });
        String url = TestPostgres.url();
        JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(url));
        try (Child first = start(url)) {
            first.call("POST", DOOR, "", ONCE);
            assertThat(halted.await(2, TimeUnit.MINUTES)).isTrue();
            assertThat(first.call("POST", DOOR, "", ONCE).join().statusCode()).as("it is under way").isEqualTo(409);
            first.kill();
        }
        goOn.countDown();
        try (Child second = start(url)) {
            HttpResponse<String> answer = second.call("POST", DOOR, "", ONCE).join();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            assertThat(RunningSyncline.json(answer.body()).path("run").asLong()).isOne();
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() ->
                    sql.sql("select count(*) from syncline.run where finished_at is null").query(Long.class).single() == 0);
            assertThat(sql.sql("select concat_ws(' ', id, state) from syncline.run").query(String.class).list()).containsExactly("1 compared");
            HttpResponse<String> again = second.call("POST", DOOR, "", ONCE).join();
            assertThat(again.body()).isEqualTo(answer.body());
            assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        }
    }

    private Child start(String url) {
        return Child.start(folder, folder.resolve("config"), "--syncline.database.url=" + url, "--syncline.runs.patience=4s");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(4, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
