package io.syncline.run;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.store.HeldDeletes;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Runs as PostgreSQL knows them: accepted, begun, alive, ended. The lease of a sync and organisation follows its run. */
@Component("runLedger")
public class RunLedger {
    /** A run whose process has not said for so long that it is alive has died. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int SHOWN = 60;
    private static final String DIED = "Its process ended before the run did. Nothing of it was published; the next run reads the same changes again.";

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final Configuration configuration;
    private final HeldDeletes held;
    private final String holder = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
    private final Set<Long> inHand = ConcurrentHashMap.newKeySet();

    RunLedger(JdbcClient sql, TransactionTemplate transaction, Configuration configuration) {
        this.sql = sql;
        this.transaction = transaction;
        this.configuration = configuration;
        this.held = new HeldDeletes(sql);
    }

    /**
     * Stores a request. A full or incremental run takes the lease of its sync and organisation with it; an equal request joins the run that has it.
     *
     * @throws AnotherRunIsActive when a different run has the lease
     * @throws UnknownTarget      when the request names what is not there
     * @throws HeldDeletes.NotApprovable when the deletes that it approves are not held any more, or were replaced
     */
    public Ticket accept(RunRequest request) {
        SyncConfig sync = target(request);
        Ticket ticket = transaction.execute(status -> {
            if (request.mode() == Mode.SINGLE || request.mode() == Mode.VERIFY || request.dryRun()) {
                return new Ticket(insert(request, null), false);
            }
            sql.sql("insert into syncline.lease (sync, organisation, fence) values (?, ?, 0) on conflict do nothing")
                    .params(sync.name(), request.organisation()).update();
            // Locked first and read afterwards: a statement that waits for the lock would still see the run that was active before it waited.
            sql.sql("select fence from syncline.lease where sync = ? and organisation = ? for update")
                    .params(sync.name(), request.organisation()).query(Long.class).single();
            Lease lease = sql.sql("""
                    select l.fence, r.id as active, r.mode, r.entity, r.since, r.repair, r.approves
                    from syncline.lease l
                    left join syncline.run r on r.id = l.run_id and r.finished_at is null and r.alive_until > clock_timestamp()
                    where l.sync = ? and l.organisation = ?""")
                    .params(sync.name(), request.organisation()).query(Lease.class).single();
            if (lease.active() != null) {
                if (lease.isFor(request)) {
                    return new Ticket(lease.active(), true);
                }
                throw new AnotherRunIsActive(lease.active(), "Run " + lease.active() + " (" + lease.mode() + ") of " + sync.name()
                        + " is active. Wait for it to end, then ask again.");
            }
            long fence = lease.fence() + 1;
            long run = insert(request, fence);
            sql.sql("update syncline.lease set fence = ?, run_id = ? where sync = ? and organisation = ?")
                    .params(fence, run, sync.name(), request.organisation()).update();
            return new Ticket(run, false);
        });
        if (!ticket.joined()) {
            inHand.add(ticket.run());
        }
        return ticket;
    }

    private record Lease(long fence, Long active, String mode, String entity, OffsetDateTime since, Boolean repair, Long approves) {
        boolean isFor(RunRequest request) {
            return request.mode().word().equals(mode) && Boolean.valueOf(request.repair()).equals(repair) && Objects.equals(request.approves(), approves) && Objects.equals(request.entity(), entity)
                    && Objects.equals(request.since(), since == null ? null : since.toInstant());
        }
    }

    private SyncConfig target(RunRequest request) {
        SyncConfig sync = configuration.syncs().get(request.sync());
        if (sync == null || !sync.organisations().contains(request.organisation())) {
            throw new UnknownTarget("There is no sync \"" + shown(request.sync()) + "\". " + syncsOf(request.organisation()));
        }
        if (request.entity() != null && sync.entity(request.entity()) == null) {
            throw new UnknownTarget("The sync \"" + sync.name() + "\" has no entity \"" + shown(request.entity()) + "\". It has "
                    + String.join(", ", sync.entities().stream().map(entity -> entity.name()).toList()) + ".");
        }
        return sync;
    }

    /** Promise 29: those of other organisations are not named. */
    private String syncsOf(String organisation) {
        List<String> names = configuration.syncs().values().stream().filter(sync -> sync.organisations().contains(organisation)).map(SyncConfig::name).sorted()
                .toList();
        return names.isEmpty() ? "There is none yet; a sync is declared in config/syncs." : (names.size() == 1 ? "There is " : "There are ")
                + String.join(", ", names) + ".";
    }

    private static String shown(String name) {
        return name.length() > SHOWN ? name.substring(0, SHOWN) + "…" : name;
    }

    private long insert(RunRequest request, Long fence) {
        long run = sql.sql("""
                insert into syncline.run (sync, organisation, mode, dry_run, entity, record_key, since, repair, approves, trigger, requested_by, state, holder,
                        alive_until, fence)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, clock_timestamp() + ?::interval, ?) returning id""")
                .params(Arrays.asList(request.sync(), request.organisation(), request.mode().word(), request.dryRun(), request.entity(),
                        request.key(), request.since() == null ? null : request.since().atOffset(ZoneOffset.UTC), request.repair(),
                        request.approves(), request.trigger(), request.requestedBy(), holder, PATIENCE.toString(), fence))
                .query(Long.class).single();
        if (request.approves() != null) {
            held.freeze(run, request.sync(), request.organisation(), request.entity(), request.approves());
        }
        return run;
    }

    /** The run begins. */
    public Run begin(long id) {
        return sql.sql("""
                update syncline.run set state = 'running', started_at = clock_timestamp(), holder = ?, alive_until = clock_timestamp() + ?::interval
                where id = ? and state = 'queued'
                returning sync, organisation, mode, dry_run, entity, record_key, since, repair, approves, trigger, requested_by, fence""")
                .params(holder, PATIENCE.toString(), id)
                .query((row, n) -> new Run(id, configuration.syncs().get(row.getString("sync")), row.getString("organisation"),
                        Mode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)), row.getBoolean("dry_run"), row.getString("entity"),
                        row.getString("record_key"),
                        row.getObject("since") == null ? null : row.getObject("since", OffsetDateTime.class).toInstant(),
                        row.getBoolean("repair"), row.getObject("approves", Long.class), row.getString("trigger"), row.getString("requested_by"), row.getObject("fence", Long.class)))
                .optional()
                .orElseThrow(() -> new IllegalStateException("run " + id + " is not waiting to begin"));
    }

    /**
     * Says for the runs that this process has in hand that they are alive. A run whose row is locked is publishing, which says it as well;
     * the others need not wait for that.
     */
    void stayAlive() {
        if (!inHand.isEmpty()) {
            sql.sql("""
                    update syncline.run set alive_until = clock_timestamp() + :patience::interval
                    where id in (select id from syncline.run where id in (:runs) and holder = :holder and finished_at is null for update skip locked)""")
                    .param("patience", PATIENCE.toString()).param("runs", List.copyOf(inHand)).param("holder", holder).update();
        }
    }

    /** Nobody works on the run any more; should it not have ended, it is taken for dead. */
    void letGo(long run) {
        inHand.remove(run);
    }

    /** Promise 23: ends the runs whose process has died. */
    List<Long> endTheDead() {
        return endUnfinished("alive_until < clock_timestamp()");
    }

    /** At a start, where no other process can be at work: whatever is unfinished has died. */
    List<Long> endAll() {
        return endUnfinished("true");
    }

    /** At the end of this process: what it still has in hand ends with it, so that nobody waits for it in vain. */
    void endInHand() {
        if (!inHand.isEmpty()) {
            sql.sql("update syncline.run set state = 'failed', finished_at = clock_timestamp(), failure = :died where finished_at is null and id in (:runs)")
                    .param("died", DIED).param("runs", List.copyOf(inHand)).update();
        }
    }

    private List<Long> endUnfinished(String which) {
        return sql.sql("""
                update syncline.run set state = 'failed', finished_at = clock_timestamp(), failure = ?
                where id in (select id from syncline.run where finished_at is null and\s""" + which + " for update skip locked) returning id")
                .params(DIED).query(Long.class).list();
    }

    /**
     * Promise 22: whoever no longer holds the lease, or whose run has been ended by somebody else, writes nothing.
     * Must run inside the transaction that writes; it holds the run's row until that ends.
     */
    void guard(Run run) {
        sql.sql("select id from syncline.run where id = ? and finished_at is null for update").params(run.id()).query(Long.class).optional()
                .orElseThrow(() -> new IllegalStateException("run " + run.id() + " has been ended meanwhile and may not publish"));
        if (run.fence() != null) {
            sql.sql("select fence from syncline.lease where sync = ? and organisation = ? and run_id = ? and fence = ? for update")
                    .params(run.sync().name(), run.organisation(), run.id(), run.fence()).query(Long.class).optional()
                    .orElseThrow(() -> new IllegalStateException("run " + run.id() + " no longer holds the lease and may not publish"));
        }
    }

    void state(Run run, String state) {
        sql.sql("update syncline.run set state = ? where id = ? and finished_at is null").params(state, run.id()).update();
    }

    /**
     * @param snapshot what was published, or null
     * @return false when it had ended before: what was said then stands
     */
    boolean end(long run, String state, Long snapshot, String failure) {
        return sql.sql("update syncline.run set state = ?, finished_at = clock_timestamp(), snapshot_id = ?, failure = ? where id = ? and finished_at is null")
                .params(Arrays.asList(state, snapshot, failure, run)).update() == 1;
    }

    Optional<Boolean> hasEnded(long run) {
        return sql.sql("select finished_at is not null from syncline.run where id = ?").params(run).query(Boolean.class).optional();
    }
}
