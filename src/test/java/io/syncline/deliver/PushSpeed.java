package io.syncline.deliver;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.run.Mode;
import io.syncline.source.Writing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import static org.awaitility.Awaitility.await;

/**
 * Measures how long edits take to a system that thinks 50 ms about each: run its main, with their number and how many are written side by side. Not a test,
 * because timings are no truth.
 */
final class PushSpeed {
    private PushSpeed() {
    }

    public static void main(String[] arguments) throws IOException {
        int edits = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        int atOnce = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4;
        Path folder = Files.createTempDirectory("syncline");
        try (Workshop workshop = new Workshop()) {
            workshop.configure(folder, atOnce);
            for (int n = 0; n < edits; n++) {
                workshop.put("things", "t" + n, "{\"name\": \"t" + n + "\", \"price\": 1, \"gone\": false}");
            }
            try (RunningSyncline syncline = RunningSyncline.start(folder, TestPostgres.url(), Map.of("syncline.push.after-save", "true",
                    "syncline.push.deliver", "true"), context -> context.registerBean(Writing.class, () -> workshop, bean -> bean.setPrimary(true)))) {
                syncline.run(RunningSyncline.request("stock", Mode.FULL));
                workshop.takes(Duration.ofMillis(50));
                long begin = System.nanoTime();
                syncline.sql().sql("update stock.things set price = 2").update();
                await().forever().pollInterval(Duration.ofMillis(50)).until(() ->
                        syncline.sql().sql("select count(*) from stock.things where sync_status <> 'synced'").query(Long.class).single() == 0);
                System.out.printf("MEASURE %d edits, %d side by side: %.1f s, %d effects, at most %d at once%n", edits, atOnce,
                        (System.nanoTime() - begin) / 1e9, workshop.effects().size(), workshop.mostAtOnce());
            }
        }
        System.exit(0);
    }
}
