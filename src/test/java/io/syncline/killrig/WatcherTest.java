package io.syncline.killrig;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The rig's reader sees what it is there to see. */
class WatcherTest {
    @TempDir
    private Path folder;
    private final Shop shop = new Shop(600, new Trap());

    @AfterEach
    void stop() {
        shop.close();
    }

    @Test
    void aReaderNoticesHalfAPublishAndBytesThatChangeUnderTheSameNumbers() throws SQLException {
        shop.configure(folder.resolve("config"));
        String url = TestPostgres.url();
        try (RunningSyncline syncline = RunningSyncline.start(folder.resolve("config"), url, Map.of()); Watcher watcher = new Watcher(url);
             Connection vandal = DriverManager.getConnection(url)) {
            syncline.full("stock");
            assertThat(watcher.seen()).hasSize(2).noneMatch(state -> state.contains("mixture"));
            awaitLooks(watcher, 2);
            vandal.createStatement().execute("set session_replication_role = replica");

            vandal.createStatement().execute("update stock.items set name = 'another' where sh_id = '7'");
            awaitLooks(watcher, Watcher.CLOSELY + 1);
            assertThat(watcher.seen()).anyMatch(state -> state.startsWith("the same numbers over other bytes"));

            vandal.createStatement().execute("update stock.items set snapshot_id = snapshot_id + 1 where sh_id = '7'");
            assertThat(watcher.seen()).anyMatch(state -> state.startsWith("a mixture of rows and snapshot, a snapshot to come"));

            vandal.createStatement().execute("update stock.items set snapshot_id = 0 where sh_id = '7'");
            assertThat(watcher.seen()).anyMatch(state -> state.startsWith("a mixture of rows and snapshot"));

            vandal.createStatement().execute("update syncline.watermark set run_id = 0 where entity = 'groups'");
            assertThat(watcher.seen()).anyMatch(state -> state.startsWith("a mixture of rows and snapshot, marks"));
        }
    }

    private static void awaitLooks(Watcher watcher, int looks) {
        int looked = watcher.looked();
        await().atMost(Duration.ofMinutes(1)).until(() -> watcher.looked() >= looked + looks);
    }
}
