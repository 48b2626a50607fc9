package io.syncline.run;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.logs.Trail;
import io.syncline.store.DatabaseTrouble;
import io.syncline.store.HeldDeletes;
import io.syncline.store.Turns;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Runs as PostgreSQL knows them: accepted, begun, alive, ended. The lease of a sync and organisation follows its run. */
@Component("runLedger")
public class RunLedger {
    /** A run that was taken over so often ends its process, rather than the other way round. */
    private static final int MOST_TAKEOVERS = 5;
    private static final int SHOWN = 60;
    /** What PostgreSQL lost in a crash was of another epoch. */
    private static final String EPOCH = "case when epoch = (select e.id from syncline_staging.epoch e) then 'fine' else 'lost' end";

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final Configuration configuration;
    private final HeldDeletes held;
    private final Turns turns;
    private final Gathering gathering;
    private final Beginnings beginnings;
    private final String holder = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
    private final Duration patience;
    /** With how often each was taken over. */
    private final Map<Long, Integer> inHand = new ConcurrentHashMap<>();

    /** @param patience {@code syncline.runs.patience}: a run whose process has not said for so long that it is alive has died; 30 s unless set */
    RunLedger(JdbcClient sql, TransactionTemplate transaction, Configuration configuration, Turns turns,
            @Value("${syncline.runs.patience:30s}") Duration patience) {
        this.sql = sql;
        this.turns = turns;
        this.transaction = transaction;
        this.configuration = configuration;
        this.patience = patience;
        this.held = new HeldDeletes(sql);
        this.beginnings = new Beginnings(sql, configuration, holder, patience);
        this.gathering = new Gathering(sql, holder, patience, request -> insert(request, null));
    }

    Duration patience() {
        return patience;
    }

    /**
     * Stores a request. A full or incremental run takes the lease of its sync and organisation with it; an equal request joins the run that has it.
     * A request for a record joins the run for records of its entity that still waits to begin, if there is one.
     *
     * @throws AnotherRunIsActive when a different run has the lease
     * @throws UnknownTarget      when the request names what is not there
     * @throws HeldDeletes.NotApprovable when the deletes that it approves are not held any more, or were replaced
     */
    public Ticket accept(RunRequest request) {
        target(request);
        boolean byItself = request.isSingle() && !Acceptance.isWitnessed() && !TransactionSynchronizationManager.isActualTransactionActive();
        Optional<Ticket> alone = byItself ? gathering.alone(request) : Optional.empty();
        alone.ifPresent(accepted -> inHand.put(accepted.run(), 0));
        return alone.or(() -> acceptIf(request, () -> true)).orElseThrow();
    }

    /**
     * The same, if the request is still wanted then.
     *
     * @param wanted asked first, in the transaction that accepts: what it writes becomes true together with the run
     */
    public Optional<Ticket> acceptIf(RunRequest request, BooleanSupplier wanted) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("a run that is asked for inside a transaction could begin before it is there");
        }
        SyncConfig sync = target(request);
        Optional<Ticket> ticket = transaction.execute(status -> wanted.getAsBoolean() ? Optional.of(accept(request, sync)) : Optional.empty());
        ticket.filter(accepted -> !accepted.joined()).ifPresent(accepted -> inHand.put(accepted.run(), 0));
        return ticket;
    }

    private Ticket accept(RunRequest request, SyncConfig sync) {
        Ticket ticket = request.isSingle() ? gathering.gather(request) : request.mode() == Mode.PUSH ? joinPush(request) : leased(request, sync);
        Acceptance.tell(ticket);
        return ticket;
    }

    private Ticket leased(RunRequest request, SyncConfig sync) {
        if (request.mode() == Mode.VERIFY || request.dryRun()) {
            return new Ticket(insert(request, null), false);
        }
        sql.sql("insert into syncline.lease (sync, organisation, fence) values (?, ?, 0) on conflict do nothing")
                .params(sync.name(), request.organisation()).update();
        // Locked first and read afterwards: a statement that waits for the lock would still see the run that was active before it waited.
        sql.sql("select fence from syncline.lease where sync = ? and organisation = ? for update")
                .params(sync.name(), request.organisation()).query(Long.class).single();
        Lease lease = sql.sql("""
                select l.fence, r.id as active, r.mode, r.entity, r.since, r.repair, r.approves, r.applies,
                    r.selection is not distinct from ?::jsonb as same_rows
                from syncline.lease l
                left join syncline.run r on r.id = l.run_id and r.finished_at is null
                where l.sync = ? and l.organisation = ?""")
                .params(Arrays.asList(selection(request), sync.name(), request.organisation())).query(Lease.class).single();
        if (lease.active() != null) {
            if (lease.isFor(request)) {
                sql.sql("""
                        insert into syncline.activity (organisation, actor, action, sync, entity, run_id, detail)
                        values (?, ?, 'run-joined', ?, ?, ?, ?)""").params(Arrays.asList(request.organisation(), request.requestedBy(), sync.name(),
                        request.entity(), lease.active(), lease.mode() + ", asked for by " + request.trigger())).update();
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
    }

    /** One that has not begun to publish will see whatever was there before; it is joined under its row's lock, which that beginning waits for. */
    private Ticket joinPush(RunRequest request) {
        Optional<Long> waiting = sql.sql("""
                select id from syncline.run
                where sync = ? and organisation = ? and mode = 'push' and state in ('queued', 'running') and alive_until > clock_timestamp()
                  and cancel_asked_by is null
                order by id desc limit 1 for update""").params(request.sync(), request.organisation()).query(Long.class).optional();
        return new Ticket(waiting.orElseGet(() -> insert(request, null)), waiting.isPresent(), true);
    }

    private record Lease(long fence, Long active, String mode, String entity, OffsetDateTime since, Boolean repair, Long approves, Long applies,
            boolean sameRows) {
        boolean isFor(RunRequest request) {
            return request.mode().word().equals(mode) && Boolean.valueOf(request.repair()).equals(repair) && Objects.equals(request.approves(), approves)
                    && Objects.equals(request.entity(), entity) && Objects.equals(applied(request), applies) && sameRows
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
                insert into syncline.run (sync, organisation, mode, dry_run, entity, record_key, since, repair, approves, applies, selection,
                    rolls_back, reason, trigger, requested_by,
                        state, holder, alive_until, fence)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, 'queued', ?, clock_timestamp() + ?::interval, ?) returning id""")
                .params(Arrays.asList(request.sync(), request.organisation(), request.mode().word(), request.dryRun(), request.entity(),
                        request.key(), request.since() == null ? null : request.since().atOffset(ZoneOffset.UTC), request.repair(),
                        request.approves(), applied(request), selection(request), request.rollback() == null ? null : request.rollback().run(),
                        request.rollback() == null ? null : request.rollback().reason(), request.trigger(), request.requestedBy(), holder,
                        patience.toString(), fence))
                .query(Long.class).single();
        if (request.approves() != null) {
            held.freeze(run, request.sync(), request.organisation(), request.entity(), request.approves());
        }
        return run;
    }

    private static Long applied(RunRequest request) {
        return request.application() == null ? null : request.application().plan();
    }

    private static String selection(RunRequest request) {
        return request.application() == null ? null : Chosen.print(request.application().selection());
    }

    /**
     * The run begins, or goes on where the one before left it.
     *
     * @throws Halt when it is not waiting to begin here
     */
    public Run begin(long id) {
        // Promise 9: what a run for records publishes knows of every full or incremental run that may have read before it was published.
        Run run = beginnings.ofAnyTime(id)
                .or(() -> transaction.execute(status -> {
                    sql.sql("select sync, organisation from syncline.run where id = ?").param(id).query((row, n) -> List.of(row.getString(1), row.getString(2)))
                            .optional().ifPresent(of -> turns.between(of.get(0), of.get(1)));
                    return beginnings.betweenPublishes(id);
                })).orElseThrow(() -> {
                    if (hasEnded(id).orElse(true)) {
                        inHand.remove(id);
                    }
                    return new Halt(Halt.Why.TAKEN_OVER, "run " + id + " is not waiting to begin");
                });
        Trail.run(id, run.sync().name(), run.organisation());
        return !run.isSingle() ? run
                : run.with(sql.sql("select key from syncline.run_record where run_id = ? order by requested_at, key").param(id).query(String.class).list());
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
                    .param("patience", patience.toString()).param("runs", List.copyOf(inHand.keySet())).param("holder", holder).update();
        }
    }

    /** Nobody works on the run any more; should it not have ended, it is taken for dead. */
    void letGo(Run run) {
        inHand.remove(run.id(), run.takeovers());
    }

    /** It has ended before it began. */
    void letGo(long run) {
        inHand.remove(run);
    }

    /** The run stands as it is and is for anybody to take over, at once. */
    void leave(long run) {
        inHand.remove(run);
        sql.sql("update syncline.run set alive_until = clock_timestamp() where id = ? and holder = ? and finished_at is null").params(run, holder).update();
    }

    /** At the end of this process: what it still has in hand is for the next to take over. */
    void leaveAll() {
        List.copyOf(inHand.keySet()).forEach(this::leave);
    }

    boolean hasInHand(long run) {
        return inHand.containsKey(run);
    }

    /**
     * A run that this process has taken over.
     *
     * @param times   how often it had been taken over before
     * @param refusal why it cannot go on, or null
     */
    record TakenOver(Ticket ticket, int times, String refusal) {
    }

    /**
     * Promise 23: takes over the runs whose process has died; they wait in line again, with everything they had kept. The smaller number of takeovers, and
     * the older fence, of whoever held them before lets nothing be written any more (promise 22).
     *
     * @param alone no other process can be at work, so whatever others held has died; of its own, one that was just accepted may not be in hand yet
     */
    List<TakenOver> takeOver(boolean alone) {
        List<TakenOver> taken = transaction.execute(status -> {
            List<TakenOver> dead = sql.sql("""
                    select id, sync, organisation, entity, mode, takeovers from syncline.run
                    where finished_at is null and (alive_until < clock_timestamp() or :alone and holder is distinct from :holder)
                      and not (id = any(:runs) and holder = :holder)
                    order by id for update skip locked""")
                    .param("alone", alone).param("runs", inHand.keySet().toArray(Long[]::new)).param("holder", holder)
                    .query((row, n) -> new TakenOver(new Ticket(row.getLong("id"), false, Mode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT))
                            .isBrief()),
                            row.getInt("takeovers"),
                            refusal(row.getString("sync"), row.getString("organisation"), row.getString("entity"), row.getInt("takeovers")))).list();
            for (TakenOver each : dead) {
                long run = each.ticket().run();
                sql.sql("""
                        update syncline.run set state = 'queued', holder = ?, takeovers = takeovers + 1, fence = fence + 1,
                               alive_until = clock_timestamp() + ?::interval where id = ?""").params(holder, patience.toString(), run).update();
                sql.sql("update syncline.lease l set fence = r.fence from syncline.run r where r.id = ? and l.run_id = r.id").params(run).update();
            }
            return dead;
        });
        taken.forEach(each -> inHand.put(each.ticket().run(), each.times() + 1));
        return taken;
    }

    private String refusal(String name, String organisation, String entity, int takeovers) {
        SyncConfig sync = configuration.syncs().get(name);
        if (sync == null || !sync.organisations().contains(organisation) || entity != null && sync.entity(entity) == null) {
            return "Its process ended before the run did, and it cannot go on: what it was to read is not in config/syncs any more."
                    + " Nothing of it was published.";
        }
        return takeovers < MOST_TAKEOVERS ? null : "Its process ended before the run did, and so did the " + takeovers
                + " after it that went on with it. Nothing of it was published. The log says what ended them; mend that, then run again.";
    }

    /**
     * Promise 22: whoever no longer holds the lease, or whose run goes on elsewhere or has been ended, writes nothing.
     * Must run inside the transaction that writes; it holds the run's row until that ends.
     *
     * @throws Halt when this one may not write
     */
    void guard(Run run) {
        guard(run, "'fine'");
    }

    /** The same for a publish: it also notices when PostgreSQL has lost what the run staged and noted. */
    void guardPublish(Run run) {
        guard(run, EPOCH);
    }

    private void guard(Run run, String standing) {
        String held = sql.sql("select case when cancel_asked_by is not null then 'cancelled' else " + standing
                + " end from syncline.run where id = ? and takeovers = ? and finished_at is null for update")
                .params(run.id(), run.takeovers()).query(String.class).optional().orElse("taken over");
        refuse(run, held);
        boolean leased = run.fence() == null
                || sql.sql("select true from syncline.lease where sync = ? and organisation = ? and run_id = ? and fence = ? for update")
                .params(run.sync().name(), run.organisation(), run.id(), run.fence()).query(Boolean.class).optional().isPresent();
        if (!leased || held.equals("taken over")) {
            throw new Halt(Halt.Why.TAKEN_OVER, "run " + run.id() + " has been taken over or ended meanwhile and may not publish");
        }
    }

    /**
     * The same for what rests on staged pages and publishes nothing: a page that is kept, a plan or a comparison that is told of. It also says that the run
     * is alive, and notices when PostgreSQL has lost what was staged before. Of a page it is the last statement, so that those of one run hardly wait for each
     * other.
     *
     * @throws Halt when this one may not write
     */
    void guardStaged(Run run) {
        guardStaged(run, "", List.of());
    }

    /** @param with the beginning of the statement: what becomes true by it as well */
    void guardStaged(Run run, String with, List<?> parameters) {
        String standing = sql.sql(with + """
                update syncline.run set alive_until = clock_timestamp() + ?::interval where id = ? and takeovers = ? and finished_at is null
                returning case when cancel_asked_by is not null then 'cancelled' else\s""" + EPOCH + " end")
                .params(parameters).params(patience.toString(), run.id(), run.takeovers()).query(String.class).optional()
                .orElseThrow(() -> new Halt(Halt.Why.TAKEN_OVER, "run " + run.id() + " has been taken over or ended meanwhile"));
        refuse(run, standing);
    }

    private void refuse(Run run, String standing) {
        if (standing.equals("cancelled")) {
            throw new Halt(Halt.Why.CANCELLED,
                    cancelledBy(sql.sql("select cancel_asked_by from syncline.run where id = ?").param(run.id()).query(String.class).single()));
        }
        if (standing.equals("lost")) {
            throw new Halt(Halt.Why.LEFT, "What it had staged was lost: PostgreSQL crashed");
        }
    }

    private static String cancelledBy(String who) {
        return "Cancelled by " + who + ". Nothing of it was published.";
    }

    /**
     * Somebody does not want the run any more. One that waits to begin ends here, one under way at its next page; a publish under way wins.
     *
     * @return true when it has ended with this, false when it was asked to; empty when the organisation has no such run
     * @throws CannotBeCancelled when it has ended, or is being published
     */
    Optional<Boolean> cancel(long run, String organisation, String by) {
        try {
            return transaction.execute(status -> {
                sql.sql("set local lock_timeout = '5s'").update();
                Optional<String> state = sql.sql("select state from syncline.run where id = ? and organisation = ? for update").params(run, organisation)
                        .query(String.class).optional();
                if (state.isEmpty()) {
                    return Optional.empty();
                }
                if (sql.sql("""
                        update syncline.run set cancel_asked_at = coalesce(cancel_asked_at, clock_timestamp()), cancel_asked_by = coalesce(cancel_asked_by, ?)
                        where id = ? and finished_at is null""").params(by, run).update() == 0) {
                    throw new CannotBeCancelled(run, "Run " + run + " has ended already (" + state.get()
                            + "). Nothing was changed; its report says what came of it.");
                }
                boolean waits = state.get().equals("queued");
                if (waits) {
                    sql.sql("update syncline.run set state = 'cancelled', finished_at = clock_timestamp(), failure = ? where id = ?")
                            .params(cancelledBy(by), run).update();
                }
                return Optional.of(waits);
            });
        } catch (DataAccessException e) {
            if (!DatabaseTrouble.isLocked(e)) {
                throw e;
            }
            throw new CannotBeCancelled(run, "Run " + run + " is being published and cannot be cancelled any more. Its report will say what came of it.");
        }
    }

    void state(Run run, String state) {
        sql.sql(Unhurried.WITH + "update syncline.run set state = ? from unhurried where id = ? and takeovers = ? and finished_at is null")
                .params(state, run.id(), run.takeovers()).update();
    }

    /**
     * @param snapshot what was published, or null
     * @return false when it had ended before, or goes on elsewhere: what is said there stands
     */
    boolean end(Run run, String state, Long snapshot, String failure) {
        return sql.sql("""
                update syncline.run set state = ?, finished_at = clock_timestamp(), snapshot_id = ?, failure = ?
                where id = ? and takeovers = ? and finished_at is null""")
                .params(Arrays.asList(state, snapshot, failure, run.id(), run.takeovers())).update() == 1;
    }

    /** The same for a run of this process that has not begun. */
    boolean end(long run, String state, String failure) {
        inHand.remove(run);
        return sql.sql("update syncline.run set state = ?, finished_at = clock_timestamp(), failure = ? where id = ? and holder = ? and finished_at is null")
                .params(state, failure, run, holder).update() == 1;
    }

    Optional<Boolean> hasEnded(long run) {
        return sql.sql("select finished_at is not null from syncline.run where id = ?").params(run).query(Boolean.class).optional();
    }
}
