package io.syncline.schedule;

import io.syncline.run.AnotherRunIsActive;
import io.syncline.run.RunLedger;
import io.syncline.run.RunRequest;
import io.syncline.run.Ticket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What schedules are owed. A schedule whose time has come is owed a run from that moment on, whatever happens to the process, until a run is accepted
 * for it; so one that meets a different run under way has its turn as soon as that ends, and not when its time comes again.
 */
@Component("owedRuns")
public class OwedRuns {
    private static final Logger LOG = LoggerFactory.getLogger(OwedRuns.class);

    private final JdbcClient sql;
    private final RunLedger ledger;
    private final Map<String, Schedule> schedules;
    /** Those whose time has come, and of whom PostgreSQL does not know it yet. */
    private final Set<String> struck = ConcurrentHashMap.newKeySet();

    OwedRuns(JdbcClient sql, RunLedger ledger, Schedules schedules) {
        this.sql = sql;
        this.ledger = ledger;
        this.schedules = schedules.all().stream().collect(Collectors.toMap(Schedule::name, Function.identity()));
    }

    /** Its time has come. It is noted with the next look, and again with the one after where the database does not answer. */
    public void due(String name) {
        struck.add(name);
    }

    /** The runs that were accepted now, because nothing is under way any more. Full before incremental, because a full run settles that one, too. */
    public List<Ticket> take() {
        if (schedules.isEmpty()) {
            return List.of();
        }
        try {
            List.copyOf(struck).stream().filter(struck::remove).forEach(this::note);
            settle();
            return waiting().stream().map(schedules::get).map(this::ask).flatMap(Optional::stream).filter(ticket -> !ticket.joined()).toList();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("The database did not say what schedules are owed; it is asked again in a few seconds", e);
            return List.of();
        }
    }

    private void note(String name) {
        try {
            noteDue(name);
        } catch (DataAccessException | TransactionException e) {
            struck.add(name);
            throw e;
        }
    }

    /** It is owed a run from now on, or from a moment within its jitter. Promise 22: it joins an equal run that is under way, and is owed nothing then. */
    private void noteDue(String name) {
        sql.sql("""
                update syncline.schedule s
                set owed_since = coalesce(owed_since, clock_timestamp() + random() * jitter),
                    owed_behind = case when owed_since is null then coalesce(
                        (select l.run_id from syncline.lease l where l.sync = s.sync and l.organisation = s.organisation), 0) else owed_behind end
                where name = ? and paused_at is null and not exists (
                    select from syncline.lease l join syncline.run r on r.id = l.run_id and r.finished_at is null
                    where l.sync = s.sync and l.organisation = s.organisation
                      and r.mode = s.mode and r.entity is null and r.since is null and not r.repair and r.approves is null)""")
                .param(name).update();
    }

    /** A run that was asked for after the one it met, and that read as much or more, was as good as its own. */
    private void settle() {
        sql.sql("""
                update syncline.schedule s set owed_since = null
                where owed_since is not null and exists (
                    select from syncline.run r
                    where r.sync = s.sync and r.organisation = s.organisation and r.id > s.owed_behind and r.state in ('published', 'partial')
                      and r.mode in ('full', s.mode) and r.entity is null and r.since is null and not r.dry_run)""").update();
    }

    private List<String> waiting() {
        return sql.sql("""
                select name from syncline.schedule s
                where owed_since <= clock_timestamp() and name = any (?) and not exists (
                    select from syncline.lease l join syncline.run r on r.id = l.run_id and r.finished_at is null
                    where l.sync = s.sync and l.organisation = s.organisation)
                order by mode = 'full' desc, owed_since, name""").param(schedules.keySet().toArray(String[]::new)).query(String.class).list();
    }

    /** What is owed is paid in the transaction that accepts the run: it is neither lost nor asked for twice. */
    private Optional<Ticket> ask(Schedule schedule) {
        RunRequest request = new RunRequest(schedule.sync(), schedule.organisation(), schedule.mode(), false, null, null, null, "schedule", schedule.name());
        try {
            Optional<Ticket> ticket = ledger.acceptIf(request, () -> sql.sql("""
                    update syncline.schedule set owed_since = null where name = ? and owed_since is not null""").param(schedule.name()).update() == 1);
            ticket.ifPresent(accepted -> sql.sql("update syncline.schedule set last_run = ? where name = ?").params(accepted.run(), schedule.name()).update());
            return ticket;
        } catch (AnotherRunIsActive e) {
            LOG.debug("Schedule {} waits: {}", schedule.name(), e.getMessage());
            return Optional.empty();
        }
    }
}
