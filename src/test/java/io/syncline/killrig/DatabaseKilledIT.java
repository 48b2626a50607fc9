package io.syncline.killrig;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** PostgreSQL is killed in the middle of a run; the product stays up, says so meanwhile, and goes on by itself when PostgreSQL is back. */
class DatabaseKilledIT {
    private static final Duration LONG = Duration.ofMinutes(4);

    @TempDir
    private Path folder;
    private final Shop shop = new Shop(3_000, new Trap());
    private final Books books = new Books();
    private Child product;
    private PostgresServer postgres;

    @AfterEach
    void stop() {
        if (product != null) {
            product.close();
        }
        if (postgres != null) {
            postgres.close();
        }
        shop.close();
    }

    /** Promises 1 and 6: the staged plan is lost, and nothing is taken for absent. */
    @Test
    void ofAnOperatorsOwnServer() throws Exception {
        postgres = new PostgresServer(folder, Map.of());
        shop.configure(folder.resolve("config"));
        product = Child.start(folder, folder.resolve("config"), "--syncline.database.url=" + postgres.url(), "--syncline.runs.patience=3s",
                "--spring.datasource.hikari.connection-timeout=2000");
        JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(postgres.url()));
        load(sql);
        shop.change(new SplittableRandom(1), true);
        duringARun(() -> {
            postgres.kill();
            await().atMost(LONG).pollInterval(Duration.ofMillis(100)).until(() -> isUnavailable("/api/v1/runs/1"));
            postgres.startAgain();
        });
        goesOn(sql);
        assertThat(product.stop()).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void ofTheOneThatTheProductBrings() throws Exception {
        shop.configure(folder.resolve("config"));
        TestPostgres.lendPrograms(folder.resolve("data"));
        product = Child.start(folder, folder.resolve("config"), "--syncline.data-directory=" + folder.resolve("data"), "--syncline.database.port=0",
                "--syncline.runs.patience=3s", "--spring.datasource.hikari.connection-timeout=5000");
        Path data = folder.resolve("data/postgres");
        int port = Integer.parseInt(Files.readAllLines(data.resolve("postmaster.pid")).get(3).trim());
        JdbcClient sql = JdbcClient.create(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:" + port + "/syncline", "postgres",
                Files.readString(folder.resolve("data/pgpass")).strip().replaceFirst(".*:", "")));
        load(sql);
        shop.change(new SplittableRandom(1), true);
        duringARun(() -> PostgresServer.postmasterOf(data).destroyForcibly());
        goesOn(sql);
        assertThat(product.text()).contains("has died and is started again", "is back (process ");
        assertThat(product.stop()).isLessThan(Duration.ofSeconds(20));
    }

    private void load(JdbcClient sql) {
        JsonNode report = product.answer("POST", "/api/sync/stock/full");
        books.publish(shop.items(), report.path("snapshot").path("id").asLong(), true);
        books.compareWith(sql);
    }

    /** Does it while the fourth page is being fetched. */
    private void duringARun(Runnable trouble) {
        AtomicBoolean once = new AtomicBoolean();
        shop.forgetCalls();
        shop.beforeAnswer(() -> {
            if (shop.calls().stream().filter(call -> call.what().startsWith("/items?")).count() == 4 && once.compareAndSet(false, true)) {
                trouble.run();
            }
        });
        product.call("POST", "/api/sync/stock/full");
        await().atMost(LONG).untilTrue(once);
    }

    private boolean isUnavailable(String path) {
        var answer = product.call("GET", path).join();
        return answer.statusCode() == 503 && answer.headers().firstValue("Retry-After").isPresent();
    }

    /** The run is over, well or not, without a restart; the next one brings whatever is missing. */
    private void goesOn(JdbcClient sql) {
        await().atMost(LONG).ignoreExceptions().pollInterval(Duration.ofMillis(200))
                .until(() -> sql.sql("select count(*) from syncline.run where finished_at is null").query(Integer.class).single() == 0);
        String state = sql.sql("select state || coalesce(': ' || failure, '') from syncline.run order by id desc limit 1").query(String.class).single();
        assertThat(state).as(product.text()).matches("published|failed: .*database.*");
        if (!state.equals("published")) {
            assertThat(product.answer("POST", "/api/sync/stock/full").path("state").asText()).isEqualTo("published");
        }
        books.publish(shop.items(), sql.sql("select max(id) from syncline.snapshot").query(Long.class).single(), true);
        books.compareWith(sql);
        assertThat(sql.sql("select concat_ws(' ', number, problem) from syncline.verify_chain('stock')").query(String.class).list()).isEmpty();
        assertThat(product.process().isAlive()).isTrue();
    }
}
