package io.syncline.issues;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 23: the README's own way to try it. The demo was killed in the middle of a run and is started again. */
class StartedAgainTest {
    private static final Map<String, String> DEMO = Map.of("spring.profiles.active", "demo", "syncline.sandbox.port", "0");

    @ParameterizedTest
    @ValueSource(strings = {"full", "incremental"})
    void theDemoGoesOnWithTheRunThatItsDeadProcessLeft(String mode) throws Exception {
        String database = TestPostgres.url();
        long left;
        try (RunningSyncline before = RunningSyncline.start(Path.of("config"), database, DEMO)) {
            left = before.sql().sql("""
                    insert into syncline.run (sync, organisation, mode, dry_run, trigger, requested_by, state, holder, alive_until, fence)
                    values ('pricebook', 'default', ?, false, 'test', 'test', 'running', 'dead', clock_timestamp() + interval '1 h', 100) returning id""")
                    .param(mode).query(Long.class).single();
            before.sql().sql("update syncline.lease set fence = 100, run_id = ?").param(left).update();
        }
        try (Connection connection = DriverManager.getConnection(database)) {
            connection.createStatement().executeUpdate("update syncline.run set alive_until = clock_timestamp() where id = " + left);
        }
        CompletableFuture<RunningSyncline> start = CompletableFuture.supplyAsync(() -> RunningSyncline.start(Path.of("config"), database, DEMO));
        try (RunningSyncline again = start.get(4, TimeUnit.MINUTES)) {
            assertThat(again.sql().sql("select state || ' ' || takeovers from syncline.run where id = ?").param(left).query(String.class).single())
                    .isEqualTo("published 1");
        }
    }
}
