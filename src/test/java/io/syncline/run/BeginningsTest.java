package io.syncline.run;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A run begins while others write to its row. */
class BeginningsTest extends StockLedger {
    /** Promise 22: its process says that it is alive, and others join it; what they wrote when it begins is not lost. */
    @Test
    void aRunBeginsWithWhatWasWrittenToItAsItBegan() throws Exception {
        for (String crash : List.of("delete from syncline_staging.epoch", "delete from syncline_staging.epoch where false")) {
            for (RunRequest request : List.of(record("7"), full())) {
                long run = ledger.accept(request).run();
                sql.sql(crash).update();
                Run begun = beginsBeside(request, run).get(1, TimeUnit.MINUTES);
                assertThat(begun.keys()).isEqualTo(request.isSingle() ? List.of("7", "8") : List.of());
                assertThat(uuid("select epoch from syncline.run where state = 'running' and id = " + run))
                        .isEqualTo(uuid("select id from syncline_staging.epoch"));
                transaction.executeWithoutResult(status -> ledger.guardPublish(begun));
                assertThat(ledger.end(begun, "failed", null, "enough")).isTrue();
            }
        }
    }

    private CompletableFuture<Run> beginsBeside(RunRequest request, long run) {
        return transaction.execute(status -> {
            sql.sql("update syncline.run set alive_until = alive_until + interval '1 second' where id = ?").param(run).update();
            if (request.isSingle()) {
                sql.sql("insert into syncline.run_record (run_id, key, requested_by) values (?, '8', 'Ben')").param(run).update();
            }
            CompletableFuture<Run> begins = CompletableFuture.supplyAsync(() -> ledger.begin(run));
            await().atMost(Duration.ofMinutes(1)).until(() -> sql.sql("select exists (select from pg_stat_activity where datname = current_database()"
                    + " and wait_event_type = 'Lock')").query(Boolean.class).single());
            return begins;
        });
    }

    private UUID uuid(String query) {
        return sql.sql(query).query((row, n) -> row.getObject(1, UUID.class)).single();
    }
}
