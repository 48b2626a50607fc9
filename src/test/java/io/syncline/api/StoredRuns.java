package io.syncline.api;

import org.springframework.jdbc.core.simple.JdbcClient;

import java.time.OffsetDateTime;
import java.util.Arrays;

/** Runs as the core leaves them in the database. */
final class StoredRuns {
    private final JdbcClient sql;

    StoredRuns(JdbcClient sql) {
        this.sql = sql;
    }

    /** @param at when it was asked for, as ISO 8601; it began a second later and took one and a half */
    long ended(String organisation, String sync, String mode, String state, String trigger, String by, String at, String report) {
        OffsetDateTime asked = OffsetDateTime.parse(at);
        return sql.sql("""
                insert into syncline.run (organisation, sync, mode, state, trigger, requested_by, requested_at, started_at, finished_at, report, failure)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, case ? when 'failed' then 'it failed' end) returning id""")
                .params(Arrays.asList(organisation, sync, mode, state, trigger, by, asked, asked.plusSeconds(1), asked.plusNanos(2_500_000_000L), report,
                        state))
                .query(Long.class).single();
    }

    /** One that this process has not in hand, but another might. */
    long running(String organisation, String sync, String mode) {
        return sql.sql("""
                insert into syncline.run (organisation, sync, mode, state, trigger, requested_by, started_at, holder, alive_until)
                values (?, ?, ?, 'running', 'api', 'nightly', clock_timestamp(), 'another process', clock_timestamp() + interval '1 hour') returning id""")
                .params(organisation, sync, mode).query(Long.class).single();
    }

    void page(long run, String entity, int number, int delivered, String counts, int planned) {
        sql.sql("insert into syncline.run_entity (run_id, entity, state, whole) values (?, ?, 'reading', true) on conflict do nothing")
                .params(run, entity).update();
        sql.sql("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts, planned) values (?, ?, ?, 'source', ?, ?::jsonb, ?)")
                .params(run, entity, number, delivered, counts, planned).update();
    }

    void end(long run, String state) {
        sql.sql("update syncline.run set state = ?, finished_at = clock_timestamp() where id = ?").params(state, run).update();
    }
}
