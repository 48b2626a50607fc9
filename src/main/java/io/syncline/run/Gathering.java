package io.syncline.run;

import org.springframework.jdbc.core.simple.JdbcClient;

import java.time.Duration;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Requests for single records: one joins the run that still waits to begin for its entity; where none waits, it is a run of its own. */
final class Gathering {
    /** Records that gather in one run. */
    private static final int MOST_RECORDS = 50;
    private static final String WAITING = """
            from syncline.run
            where sync = :sync and organisation = :organisation and entity = :entity and mode = 'single' and not dry_run and state = 'queued'
              and alive_until > clock_timestamp()""";

    private final JdbcClient sql;
    private final String holder;
    private final Duration patience;
    private final ToLongFunction<RunRequest> insert;

    /** @param insert stores a run that takes no lease */
    Gathering(JdbcClient sql, String holder, Duration patience, ToLongFunction<RunRequest> insert) {
        this.sql = sql;
        this.holder = holder;
        this.patience = patience;
        this.insert = insert;
    }

    /** Stores a request that nobody else could join with, in one statement; empty where another run waits. */
    Optional<Ticket> alone(RunRequest request) {
        if (request.dryRun() || request.since() != null || request.approves() != null) {
            return Optional.empty();
        }
        return sql.sql("""
                with accepted as (
                    insert into syncline.run (sync, organisation, mode, dry_run, entity, record_key, repair, trigger, requested_by, state, holder, alive_until)
                    select cast(:sync as text), cast(:organisation as text), 'single', false, cast(:entity as text), cast(:key as text),
                           cast(:repair as boolean), cast(:trigger as text), cast(:by as text), 'queued', cast(:holder as text),
                           clock_timestamp() + cast(:patience as interval)
                    where not exists (select\s""" + WAITING + """
                ) returning id),
                noted as (insert into syncline.run_record (run_id, key, requested_by) select id, :key, :by from accepted)
                select id from accepted""")
                .param("sync", request.sync()).param("organisation", request.organisation()).param("entity", request.entity()).param("key", request.key())
                .param("repair", request.repair()).param("trigger", request.trigger()).param("by", request.requestedBy()).param("holder", holder)
                .param("patience", patience.toString()).query(Long.class).optional().map(run -> new Ticket(run, false, true));
    }

    /** Promise 22: who joins holds the run's row until the record is noted, and a run that begins waits for that. */
    Ticket gather(RunRequest request) {
        Optional<Long> waiting = request.dryRun() ? Optional.empty() : sql.sql("select id " + WAITING + " order by id desc limit 1 for update")
                .param("sync", request.sync()).param("organisation", request.organisation()).param("entity", request.entity()).query(Long.class).optional()
                .filter(run -> sql.sql("select count(*) from syncline.run_record where run_id = ?").param(run).query(Long.class).single() < MOST_RECORDS);
        long run = waiting.orElseGet(() -> insert.applyAsLong(request));
        sql.sql("insert into syncline.run_record (run_id, key, requested_by) values (?, ?, ?) on conflict do nothing")
                .params(run, request.key(), request.requestedBy()).update();
        return new Ticket(run, waiting.isPresent(), true);
    }
}
