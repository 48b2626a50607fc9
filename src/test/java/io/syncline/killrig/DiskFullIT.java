package io.syncline.killrig;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** PostgreSQL on a small disk that fills up in the middle of a run. Only who may mount can make such a disk; else this is skipped, and says so. */
class DiskFullIT {
    private static final int LEFT = 4 << 20;
    private static final List<String> NOT_WHOLE = List.of("failed", "partial");

    @TempDir
    private Path folder;
    private Path disk;
    private final Shop shop = new Shop(20_000, new Trap());
    private Child product;
    private PostgresServer postgres;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", disk.toString()), "a small disk takes the right to mount one (root on Linux)");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (product != null) {
            product.close();
        }
        if (postgres != null) {
            postgres.close();
        }
        shop.close();
        run("umount", disk.toString());
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    }

    /** Promises 1, 23 and 30. */
    @Test
    void aRunThatFillsTheDiskFailsSaysWhyAndTheNextOneGoesOn() throws Exception {
        postgres = new PostgresServer(disk, Map.of("max_wal_size", "64MB", "min_wal_size", "32MB", "autovacuum", "off"));
        shop.configure(folder.resolve("config"));
        product = Child.start(folder, folder.resolve("config"), "--syncline.database.url=" + postgres.url());
        JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(postgres.url()));
        AtomicBoolean once = new AtomicBoolean();
        shop.beforeAnswer(() -> {
            if (shop.calls().size() == 5 && once.compareAndSet(false, true)) {
                fill();
            }
        });
        JsonNode report = product.answer("POST", "/api/sync/stock/full");
        // Whether a disk this full still takes the end of a run is up to PostgreSQL; where it does not, the run stands still and ends when there is room.
        boolean stands = report.path("code").asText().equals("run-stands-still");
        assertThat(stands || NOT_WHOLE.contains(report.path("state").asText())).as(report.toPrettyString()).isTrue();
        assertThat(report.toString()).contains("The disk of the database is full", "Make room where PostgreSQL keeps its data");
        assertThat(sql.sql("select count(*) from stock.items").query(Integer.class).single()).isZero();
        assertThat(sql.sql("select count(*) from syncline.watermark where entity = 'items'").query(Integer.class).single()).isZero();

        Files.delete(disk.resolve("ballast"));
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(200))
                .until(() -> product.answer("GET", "/api/v1/runs/1").path("state").asText(), state -> NOT_WHOLE.contains(state) || stands
                        && state.equals("published"));
        report = product.answer("POST", "/api/sync/stock/full");
        assertThat(report.path("state").asText()).as(report.toPrettyString()).isEqualTo("published");
        Books books = new Books();
        books.publish(shop.items(), report.path("snapshot").path("id").asLong(), true);
        books.compareWith(sql);
        assertThat(sql.sql("select concat_ws(' ', number, problem) from syncline.verify_chain('stock')").query(String.class).list()).isEmpty();
    }

    /** Leaves room for a little more than what is there. */
    private void fill() {
        try (var out = Files.newOutputStream(disk.resolve("ballast"))) {
            byte[] block = new byte[1 << 20];
            while (Files.getFileStore(disk).getUsableSpace() > LEFT) {
                out.write(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
