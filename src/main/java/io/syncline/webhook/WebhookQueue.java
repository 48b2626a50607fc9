package io.syncline.webhook;

import io.syncline.run.Acceptance;
import io.syncline.run.Mode;
import io.syncline.run.RunLedger;
import io.syncline.run.RunRequest;
import io.syncline.run.Ticket;
import io.syncline.run.UnknownTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Has the records read that messages are about. Those of one entity gather in one run; of one record, nothing is read before what was told earlier has been.
 * Whatever happens to the process, a message waits until the run that reads its record has been accepted, and again where that run came to nothing.
 */
@Component("webhookQueue")
@EnableConfigurationProperties(WebhookSettings.class)
public class WebhookQueue {
    static final String TRIGGER = "webhook";
    private static final Logger LOG = LoggerFactory.getLogger(WebhookQueue.class);
    private static final int MOST = 500;
    private static final int MOST_ATTEMPTS = 10;

    private final JdbcClient sql;
    private final RunLedger ledger;
    private final WebhookSettings settings;
    private long sweptAt = System.nanoTime() - Duration.ofDays(1).toNanos();

    WebhookQueue(JdbcClient sql, RunLedger ledger, WebhookSettings settings) {
        this.sql = sql;
        this.ledger = ledger;
        this.settings = settings;
    }

    private record Due(String organisation, String sync, String entity, String key) {
        RunRequest request() {
            return new RunRequest(sync, organisation, Mode.SINGLE, false, null, entity, key, TRIGGER, TRIGGER);
        }
    }

    /** The runs that were accepted now, for every record that a message waits about. */
    public List<Ticket> take() {
        try {
            settle();
            sweep();
            List<Ticket> tickets = new ArrayList<>();
            due().forEach(due -> ask(due).filter(ticket -> !ticket.joined()).ifPresent(tickets::add));
            return tickets;
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("The database did not say what waits of webhooks; it is asked again in a moment", e);
            return List.of();
        }
    }

    /** What became of the runs: a record that could not be read is asked for again, ever later, and at last is for a person. */
    private void settle() {
        sql.sql("""
                with ended as (
                    select w.id, r.state in ('published', 'partial') and k.failure is null and (r.state = 'published' or k.outcome is not null) as is_read,
                        coalesce(k.failure, r.failure, 'Run ' || w.run_id || ' ended without reading it.') as why
                    from syncline.webhook w
                    left join syncline.run r on r.id = w.run_id
                    left join syncline.run_record k on k.run_id = w.run_id and k.key = w.key
                    where w.state = 'reading' and (r.id is null or r.finished_at is not null)
                    for update of w skip locked)
                update syncline.webhook w set attempts = w.attempts + 1,
                    state = case when e.is_read then 'done' when w.attempts + 1 < :most then 'waiting' else 'failed' end,
                    reason = case when not e.is_read then e.why end,
                    next_attempt_at = case when not e.is_read and w.attempts + 1 < :most
                        then clock_timestamp() + least(interval '1 hour', interval '2 seconds' * (2 ^ least(w.attempts, 12))) * (0.75 + random() / 2) end,
                    ended_at = case when e.is_read or w.attempts + 1 >= :most then clock_timestamp() end
                from (select id, coalesce(is_read, false) as is_read, why from ended) e where e.id = w.id""").param("most", MOST_ATTEMPTS).update();
    }

    private List<Due> due() {
        return sql.sql("""
                select organisation, sync, entity, key from syncline.webhook w
                where state = 'waiting' and next_attempt_at <= clock_timestamp() and not exists (
                    select from syncline.webhook b where b.state = 'reading'
                    and (b.organisation, b.sync, b.entity, b.key) = (w.organisation, w.sync, w.entity, w.key))
                group by 1, 2, 3, 4 order by min(id) limit ?""").param(MOST).query(Due.class).list();
    }

    private Optional<Ticket> ask(Due due) {
        List<Long> about = new ArrayList<>();
        try {
            return Acceptance.witnessed(ticket -> sql.sql("""
                    update syncline.webhook set state = 'reading', run_id = ?, next_attempt_at = null where id = any(?)""")
                    .params(ticket.run(), about.toArray(Long[]::new)).update(), () -> ledger.acceptIf(due.request(), () -> about.addAll(waiting(due))));
        } catch (UnknownTarget e) {
            sql.sql("""
                    update syncline.webhook set state = 'ignored', reason = ?, next_attempt_at = null, ended_at = clock_timestamp()
                    where state = 'waiting' and organisation = ? and sync = ? and entity = ? and key = ?""")
                    .params(e.getMessage(), due.organisation(), due.sync(), due.entity(), due.key()).update();
            return Optional.empty();
        }
    }

    /** Of several processes that look at the same time, one takes a record's messages; the others find none left, or one under way. */
    private List<Long> waiting(Due due) {
        sql.sql("select pg_advisory_xact_lock(hashtextextended(?, 25))")
                .param(String.join("\n", due.organisation(), due.sync(), due.entity(), due.key())).query((row, n) -> n).single();
        return sql.sql("""
                select id from syncline.webhook w
                where state = 'waiting' and organisation = :organisation and sync = :sync and entity = :entity and key = :key and not exists (
                    select from syncline.webhook b where b.state = 'reading'
                    and (b.organisation, b.sync, b.entity, b.key) = (w.organisation, w.sync, w.entity, w.key))
                for update of w""").param("organisation", due.organisation()).param("sync", due.sync()).param("entity", due.entity()).param("key", due.key())
                .query(Long.class).list();
    }

    /** Once an hour: what has ended and was received longer ago than messages are kept. */
    private void sweep() {
        if (System.nanoTime() - sweptAt > Duration.ofHours(1).toNanos()) {
            sweptAt = System.nanoTime();
            sql.sql("delete from syncline.webhook where received_at < clock_timestamp() - ?::interval and ended_at is not null")
                    .param(settings.keep().toString()).update();
        }
    }
}
