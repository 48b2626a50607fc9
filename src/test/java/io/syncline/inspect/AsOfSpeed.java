package io.syncline.inspect;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.schedule.Turnstile;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Map;

/**
 * Measures looks at the past of a table with a long history: run its main, with the number of records and of snapshots that each changed all of them. Not a
 * test, because timings are no truth.
 */
final class AsOfSpeed {
    private static final int LOOKS = 200;
    private static final int WARM_UP = 1000;
    private static final int OVERHEAD = 10;

    private AsOfSpeed() {
    }

    public static void main(String[] arguments) throws IOException {
        int records = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int snapshots = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50;
        try (Turnstile source = new Turnstile()) {
            Path config = source.configure(Files.createTempDirectory("syncline"), "{full: \"0 0 2 * * ?\"}");
            try (RunningSyncline syncline = RunningSyncline.start(config, TestPostgres.url(), Map.of("syncline.access.rate.per-second", "0"))) {
                syncline.full("goods");
                fill(syncline.sql(), records, snapshots);
                OffsetDateTime then = syncline.sql().sql("select sealed_at from syncline.snapshot where number = ?").param(snapshots / 2)
                        .query(OffsetDateTime.class).single();
                long id = syncline.sql().sql("select id from syncline.snapshot where number = ?").param(snapshots / 2).query(Long.class).single();
                String goods = "/api/v1/syncs/goods/entities/items/";
                look("a record as of a snapshot, by the API", n -> get(syncline, goods + "records/" + key(n, records) + "?snapshot=" + snapshots / 2));
                look("a record as of an instant, by the API", n -> get(syncline, goods + "records/" + key(n, records) + "?asOf=" + then.toInstant()));
                look("a record as of an instant, in SQL", n -> syncline.sql().sql("""
                        select document from goods.items_as_of(?)
                        where row_id = (select row_id from goods.items where org_id = 'default' and sk_id = ?)""").params(then, key(n, records))
                        .query(String.class).single());
                look("a record as of a snapshot, in SQL", n -> syncline.sql().sql("""
                        select document from goods.items_as_of_snapshot(?)
                        where row_id = (select row_id from goods.items where org_id = 'default' and sk_id = ?)""").params(id, key(n, records))
                        .query(String.class).single());
                look("the first page as of a snapshot", n -> get(syncline, goods + "records?snapshot=" + snapshots / 2));
                look("two snapshots compared, all of them different", 5, n -> get(syncline, goods + "compare?from=%d&to=%d".formatted(snapshots / 2,
                        snapshots / 2 + 1)));
                look("all of them exported", 3, n -> get(syncline, goods + "export?snapshot=" + snapshots / 2));
                look("the whole as of an instant, in SQL", 5, n -> syncline.sql().sql("select count(hash) from goods.items_as_of(?)").param(then)
                        .query(Long.class).single());
            }
        }
        System.exit(0);
    }

    private interface Look {
        void at(int n);
    }

    private static String key(int n, int records) {
        return Integer.toString(OVERHEAD + (int) (n * 7919L % (records - OVERHEAD)));
    }

    private static void get(RunningSyncline syncline, String path) {
        if (syncline.call("GET", path, null).statusCode() != 200) {
            throw new IllegalStateException(syncline.call("GET", path, null).body());
        }
    }

    private static void fill(JdbcClient sql, int records, int snapshots) {
        long first = sql.sql("select max(id) from syncline.snapshot").query(Long.class).single();
        sql.sql("""
                set session_replication_role = replica;
                insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, requested_at, started_at, finished_at)
                select 'goods', 'default', 'full', 'test', 'test', 'published', now(), now(), now() from generate_series(1, %2$d);
                insert into syncline.snapshot (id, sync, organisation, number, sealed_at, run_id, changes, previous, change_digest, digest)
                select %3$d + n, 'goods', 'default', %3$d + n, now() - interval '1 day' + n * interval '1 minute',
                       (select max(id) from syncline.run) - %2$d + n, %1$d,
                       sha256(convert_to((n - 1)::text, 'UTF8')), sha256(''), sha256(convert_to(n::text, 'UTF8')) from generate_series(1, %2$d) n;
                insert into goods.items (name, document, hash, sk_id, sk_hash, sync_status, snapshot_id, revision, valid_from)
                select 'Item ' || n, rpad('{"name":"Item ' || n || '","x":"', 300, 'x') || '"}', sha256(n::text::bytea), n, sha256(n::text::bytea), 'synced',
                       %3$d + %2$d, %2$d, now() - interval '1 day' + %2$d * interval '1 minute' from generate_series(10, %1$d) n;
                insert into goods.items_history (row_id, revision, org_id, sk_id, from_snapshot, to_snapshot, valid_from, valid_to, deleted, document, hash)
                select row_id, v, 'default', sk_id, %3$d + v, %3$d + v + 1, now() - interval '1 day' + v * interval '1 minute',
                       now() - interval '1 day' + (v + 1) * interval '1 minute', false, document, hash
                from generate_series(1, %2$d - 1) v, goods.items where sk_id::integer >= 10 order by v, row_id;
                set session_replication_role = origin""".formatted(records, snapshots, first)).update();
        sql.sql("analyze").update();
    }

    private static void look(String what, Look look) {
        for (int n = 0; n < WARM_UP; n++) {
            look.at(LOOKS + n);
        }
        look(what, LOOKS, look);
    }

    private static void look(String what, int times, Look look) {
        long[] took = new long[times];
        for (int n = 0; n < times; n++) {
            long begin = System.nanoTime();
            look.at(n);
            took[n] = System.nanoTime() - begin;
        }
        Arrays.sort(took);
        System.out.printf("MEASURE %s: median %.1f ms, worst of %d %.1f ms%n", what, took[times / 2] / 1e6, times, took[times - 1] / 1e6);
    }
}
