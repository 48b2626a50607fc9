package io.syncline.inspect;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.schedule.Turnstile;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Measures how long a chain takes to verify, beside one pass of SHA-256 over the same documents: run its main, with the number of records and of snapshots that
 * each changed all of them. Not a test, because timings are no truth.
 */
final class ChainSpeed {
    private static final int TIMES = 3;

    private ChainSpeed() {
    }

    public static void main(String[] arguments) throws IOException {
        int records = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50_000;
        int snapshots = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        try (Turnstile source = new Turnstile()) {
            Path config = source.configure(Files.createTempDirectory("syncline"), "{full: \"0 0 2 * * ?\"}");
            try (RunningSyncline syncline = RunningSyncline.start(config, TestPostgres.url(), Map.of())) {
                syncline.full("goods");
                fill(syncline.sql(), records, snapshots);
                double hashed = look("one pass of sha256 over the documents", syncline.sql(), """
                        select count(sha256(convert_to(document, 'UTF8')))::text || ' versions'
                        from (select document from goods.items union all select document from goods.items_history) versions""");
                double verified = look("the chain verified", syncline.sql(),
                        "select coalesce((select problem from syncline.verify_chain('goods')), 'holds')");
                System.out.printf("MEASURE verifying takes %.1f times as long as hashing%n", verified / hashed);
            }
        }
        System.exit(0);
    }

    private static void fill(JdbcClient sql, int records, int snapshots) {
        long first = sql.sql("select max(id) from syncline.snapshot").query(Long.class).single();
        sql.sql("""
                set session_replication_role = replica;
                insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, requested_at, started_at, finished_at)
                select 'goods', 'default', 'full', 'test', 'test', 'published', now(), now(), now() from generate_series(1, %2$d);
                insert into syncline.snapshot (id, sync, organisation, number, sealed_at, run_id, changes, previous, change_digest, digest)
                select %3$d + n, 'goods', 'default', %3$d + n, now() + n * interval '1 microsecond', (select max(id) from syncline.run) - %2$d + n, 0,
                       sha256(convert_to((n - 1)::text, 'UTF8')), sha256(''), sha256(convert_to(n::text, 'UTF8')) from generate_series(1, %2$d) n;
                insert into goods.items (name, document, hash, sk_id, sk_hash, sk_mapping, sync_status, snapshot_id, revision, valid_from)
                select name, document, sha256(convert_to(document, 'UTF8')), n, sha256(convert_to(document, 'UTF8')), 1, 'synced', %3$d + %2$d, %2$d,
                       now() + %2$d * interval '1 microsecond'
                from (select n, name, '{"name":"' || name || '"}' as document
                      from (select n, rpad('Item ' || n || ' ', 290, 'x') as name from generate_series(1000, 999 + %1$d) n) named) filled;
                insert into goods.items_history (row_id, revision, org_id, sk_id, from_snapshot, to_snapshot, valid_from, valid_to, deleted, document, hash)
                select row_id, v, 'default', sk_id, %3$d + v, %3$d + v + 1, now() + v * interval '1 microsecond', now() + (v + 1) * interval '1 microsecond',
                       false, document, hash
                from generate_series(1, %2$d - 1) v, goods.items where sk_id::integer >= 1000 order by v, row_id;
                do $$
                declare
                    one    syncline.snapshot;
                    made   record;
                    before bytea := (select digest from syncline.snapshot where id = %3$d);
                begin
                    for one in select * from syncline.snapshot where sync = 'goods' and id > %3$d order by number loop
                        select * into made from syncline.change_digest('goods', 'default', one.id, false);
                        update syncline.snapshot set previous = before, changes = made.changes, change_digest = made.digest,
                            digest = syncline.snapshot_digest(before, number, sealed_at, sync, organisation, run_id, made.changes, made.digest)
                        where id = one.id returning digest into before;
                    end loop;
                end $$;
                set session_replication_role = origin""".formatted(records, snapshots, first)).update();
        for (String table : List.of("goods.items", "goods.items_history", "syncline.snapshot")) {
            sql.sql("vacuum analyze " + table).update();
        }
    }

    private static double look(String what, JdbcClient sql, String statement) {
        long[] took = new long[TIMES];
        String answer = "";
        for (int n = 0; n < TIMES; n++) {
            long begin = System.nanoTime();
            answer = sql.sql(statement).query(String.class).single();
            took[n] = System.nanoTime() - begin;
        }
        Arrays.sort(took);
        System.out.printf("MEASURE %s: median of %d %.1f s, best %.1f s (%s)%n", what, TIMES, took[TIMES / 2] / 1e9, took[0] / 1e9, answer);
        return took[TIMES / 2] / 1e9;
    }
}
