package io.syncline.killrig;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A pool of three connections under long runs, runs for records and callers: everything ends, nobody hangs. */
class PoolExhaustedTest {
    private static final int CALLS = 120;

    @TempDir
    private Path folder;
    private final Shop shop = new Shop(3_000, new Trap());
    private final ExecutorService callers = Executors.newFixedThreadPool(40);

    @AfterEach
    void stop() {
        callers.shutdownNow();
        shop.close();
    }

    private RunningSyncline start() {
        shop.configure(folder.resolve("config"));
        return RunningSyncline.start(folder.resolve("config"), TestPostgres.url(), Map.of("spring.datasource.hikari.maximum-pool-size", "3",
                "spring.datasource.hikari.connection-timeout", "2000"));
    }

    @Test
    void runsForRecordsLongRunsAndCallersShareThreeConnectionsAndAllOfThemEnd() throws Exception {
        try (RunningSyncline syncline = start()) {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int n = 1; n <= CALLS; n++) {
                String path = n % 10 == 0 ? "/api/sync/stock/full" : "/api/sync/stock/entity/items/" + n;
                Callable<HttpResponse<String>> call = () -> syncline.call("POST", path, null);
                answers.add(callers.submit(call));
            }
            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).as(answer.get().body()).isIn(200, 202, 503);
                if (answer.get().statusCode() == 503) {
                    assertThat(answer.get().headers().firstValue("Retry-After")).as(answer.get().body()).isPresent();
                }
            }
            await().atMost(Duration.ofMinutes(2)).ignoreExceptions()
                    .until(() -> syncline.sql().sql("select count(*) from syncline.run where finished_at is null").query(Integer.class).single() == 0);
            syncline.full("stock");
            assertThat(syncline.sql().sql("select count(*) from stock.items_live").query(Integer.class).single()).isEqualTo(shop.items().size());
            assertThat(syncline.sql().sql("select count(*) from syncline.verify_chain('stock')").query(Integer.class).single()).isZero();
        }
    }

    @Test
    void withNoConnectionLeftACallerIsToldToComeBackRatherThanKeptWaiting() throws SQLException {
        try (RunningSyncline syncline = start()) {
            List<Connection> taken = new ArrayList<>();
            try {
                for (int n = 0; n < 3; n++) {
                    taken.add(syncline.bean(DataSource.class).getConnection());
                }
                long began = System.nanoTime();
                HttpResponse<String> answer = syncline.call("POST", "/api/sync/stock/full", null);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(25));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertThat(answer.body()).contains("All connections to the database were busy");
            } finally {
                for (Connection connection : taken) {
                    connection.close();
                }
            }
            assertThat(syncline.full("stock").path("state").asText()).isEqualTo("published");
        }
    }
}
