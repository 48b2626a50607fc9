package io.syncline.monitor;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.schedule.Turnstile;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Measures a look at a sync with a large table and a long history: run its main, with the number of rows. Not a test, because timings are no truth. */
final class MonitorSpeed {
    private static final int LOOKS = 200;

    private MonitorSpeed() {
    }

    public static void main(String[] arguments) throws IOException {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        String database = TestPostgres.url();
        try (Turnstile source = new Turnstile()) {
            Path config = source.configure(Files.createTempDirectory("syncline"), "{full: \"0 0 2 * * ?\"}");
            try (RunningSyncline syncline = RunningSyncline.start(config, database, Map.of("syncline.schedules.enabled", "true"))) {
                syncline.full("goods");
                fill(syncline.sql(), rows);
            }
            try (RunningSyncline syncline = RunningSyncline.start(config, database, Map.of("syncline.schedules.enabled", "true"))) {
                Monitor monitor = syncline.bean(Monitor.class);
                look(monitor, "first looks after a start", 1, () -> { });
                look(monitor, "nothing written", LOOKS, () -> { });
                look(monitor, "something written before each look", LOOKS,
                        () -> syncline.sql().sql("update goods.items set name = name || '.' where sk_id = '2'").update());
                underWay(syncline.sql());
                look(monitor, "a run under way with 2000 pages", LOOKS, () -> { });
            }
        }
        System.exit(0);
    }

    private static void fill(JdbcClient sql, int rows) {
        sql.sql("set session_replication_role = replica; insert into goods.items (name, document, hash, sk_id, sk_hash, sync_status, snapshot_id)"
                + " select 'Item ' || n, rpad('{\"name\":\"Item ' || n || '\"', 300, ' ') || '}', sha256(n::text::bytea), n, sha256(n::text::bytea),"
                + " case when n % 1000 = 0 then 'pending_push' else 'synced' end, 1 from generate_series(10, " + rows + ") n;"
                + " set session_replication_role = origin").update();
        sql.sql("""
                insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, requested_at, started_at, finished_at, failure)
                select 'goods', 'default', (array['single', 'single', 'incremental'])[1 + n % 3], 'test', 'test',
                    case when n % 500 = 0 then 'failed' else 'published' end, now(), now(), now(), case when n % 500 = 0 then 'It failed.' end
                from generate_series(1, 30000) n""").update();
        sql.sql("""
                insert into syncline.attention (sync, entity, organisation, kind, subject, run_id, reason, first_seen_at, last_seen_at, state)
                select 'goods', 'items', 'default', 'rejected', n::text, 1, 'It does not fit.', now(), now(), 'open'
                from generate_series(1, 5000) n""").update();
        sql.sql("analyze").update();
    }

    private static void underWay(JdbcClient sql) {
        sql.sql("""
                with made as (insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, started_at, alive_until, holder)
                              values ('goods', 'default', 'full', 'test', 'test', 'running', now(), now() + interval '1 hour', 'nobody') returning id),
                     entity as (insert into syncline.run_entity (run_id, entity, state, whole) select id, 'items', 'reading', true from made returning run_id)
                select run_id from entity""").query(Long.class).single();
        sql.sql("""
                insert into syncline.run_page (run_id, entity, number, origin, delivered, counts)
                select (select max(run_id) from syncline.run_entity), 'items', n, 'source', 500, '{}' from generate_series(1, 2000) n""").update();
    }

    private static void look(Monitor monitor, String what, int times, Runnable before) {
        long[] took = new long[times];
        for (int n = 0; n < times; n++) {
            before.run();
            long begin = System.nanoTime();
            monitor.of("default", "goods").orElseThrow();
            took[n] = System.nanoTime() - begin;
        }
        Arrays.sort(took);
        System.out.printf("MEASURE %s: median %.1f ms, worst of %d %.1f ms%n", what, took[times / 2] / 1e6, times, took[times - 1] / 1e6);
    }
}
