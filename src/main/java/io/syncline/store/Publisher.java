package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Outcome;

import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes plans true. Promise 1: one transaction with history, snapshot, watermarks and report, or nothing.
 * Rows are locked before they are written, and before the snapshot's time is taken: a person's edit is either seen, and the record judged again, or waits.
 */
@Component
public class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    /** Attempts at the whole transaction when somebody holds a lock on one of its rows. */
    private static final int ATTEMPTS = 5;
    /** Serialization failure, deadlock, lock timeout, and a key that another transaction wrote first: the whole transaction again sees what they left. */
    private static final Set<String> PASSING = Set.of("40001", "40P01", "55P03", "23505");

    private final JdbcTemplate jdbc;
    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final MovedRows moved;
    private final Backoff backoff;
    private final Turns turns;
    private final Mappings mappings;
    private final Staging staging;
    private final Parking parking;
    private final List<WithinPublish> within;
    /** Told of each step as it begins; tests interleave other people's work here. */
    private Consumer<String> observer = step -> { };
    private String lockTimeout = "5s";

    Publisher(JdbcTemplate jdbc, TransactionTemplate transaction, MovedRows moved, Backoff backoff, List<WithinPublish> within) {
        this.within = within;
        this.backoff = backoff;
        this.jdbc = jdbc;
        this.sql = JdbcClient.create(jdbc);
        this.transaction = transaction;
        this.moved = moved;
        this.turns = new Turns(jdbc);
        this.mappings = new Mappings(jdbc);
        this.staging = new Staging(jdbc, transaction);
        this.parking = new Parking(jdbc, transaction);
    }

    void observedBy(Consumer<String> observer) {
        this.observer = observer;
    }

    void lockTimeout(String lockTimeout) {
        this.lockTimeout = lockTimeout;
    }

    /**
     * @throws PublishFailure when the run was published before, its staged plan is lost, or rows stay locked by others through all attempts
     */
    public Published publish(PublishOrder order) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction.execute(status -> new Attempt(order).publish());
            } catch (NestedRuntimeException e) {
                if (!(e.getRootCause() instanceof SQLException sqlFailure) || sqlFailure.getSQLState() == null || !PASSING.contains(sqlFailure.getSQLState())) {
                    throw e;
                }
                if (attempt == ATTEMPTS) {
                    throw new PublishFailure("Run " + order.run() + " could not be published: another session keeps rows of " + order.sync().name()
                            + " locked. Its plan is kept; look for long transactions in pg_stat_activity, end them and run again.", e);
                }
                LOG.info("Publishing run {} is tried again: {}", order.run(), sqlFailure.getMessage());
            }
        }
    }

    private final class Attempt {
        private final PublishOrder order;
        private final List<EntityTable> tables;
        private final Map<String, long[]> unsealed = new LinkedHashMap<>();
        private final Map<EntityTable, PlanFacts> planned = new HashMap<>();
        private boolean plansChanged;
        private long snapshot;
        private Instant at;
        private boolean repairs;
        private Long applies;
        private boolean rollsBack;
        private boolean pushes;
        private boolean single;

        Attempt(PublishOrder order) {
            this.order = order;
            this.tables = EntityTable.parentsFirst(order.sync(), order.entities());
        }

        Published publish() {
            turns.take(order.sync().name(), order.organisation());
            // Promise 23: should this process vanish without a word in here, its locks do not outlive it for long.
            sql.sql("select set_config('lock_timeout', ?, true), set_config('idle_in_transaction_session_timeout', '60s', true),"
                    + " set_config('work_mem', '64MB', true), set_config('jit', 'off', true), set_config('syncline.publishing', 'on', true)")
                    .params(lockTimeout).query((row, n) -> 0).single();
            order.guard().run();
            look();
            staging.requireKept(order.run());
            if (pushes) {
                tables.forEach(this::judgeWithin);
            } else if (applies == null) {
                tables.forEach(this::lock);
                observer.accept("circles");
                plansChanged |= parking.parkCircles(order.run(), order.sync(), order.organisation(), tables.stream().map(EntityTable::entity).toList());
            } else {
                tables.forEach(this::setAside);
                observer.accept("circles");
                parking.holdStill(order.run(), order.sync(), order.organisation(), tables.stream().map(EntityTable::entity).toList());
                parking.leaveOut(order.run(), order.sync(), order.organisation(), tables.stream().map(EntityTable::entity).toList());
            }
            tables.forEach(this::lockUnsealed);
            tables.stream().filter(table -> plansChanged || !planned.containsKey(table)).forEach(table -> planned.put(table, facts(table)));
            boolean seals = order.sealAlways() || unsealed.values().stream().anyMatch(rows -> rows.length > 0)
                    || planned.values().stream().anyMatch(PlanFacts::content);
            Link previous = previous();
            at = time(previous);
            if (seals) {
                // Promise 20: all rows of this publish point to it, so PostgreSQL looks it up once.
                snapshot = sql.sql("select set_config('syncline.snapshot', nextval('syncline.snapshot_id')::text, true)::bigint").query(Long.class).single();
            }
            tables.forEach(this::seal);
            tables.forEach(this::write);
            if (seals) {
                tables.forEach(this::resolve);
            }
            tables.stream().filter(table -> table.entity().writes() != null).forEach(this::fillOutbox);
            if (!rollsBack && !pushes) {
                // What waits for a person waits for what the source shows, and that is not looked at here.
                tables.forEach(this::attend);
            }
            if (applies == null) {
                overtakePlans();
            }
            Published published = new Published(seals ? sealed(previous) : null, countsByEntity(), undecided());
            observer.accept("alongside");
            order.alongside().accept(published);
            return published;
        }

        /** What kind of publish it is. */
        private void look() {
            sql.sql("select r.repair, r.applies, p.mode = 'rollback', r.mode = 'push', r.mode = 'single',"
                    + " (select max(s.number) from syncline.snapshot s where s.run_id = r.id)"
                    + " from syncline.run r left join syncline.run p on p.id = r.applies where r.id = ?")
                    .params(order.run()).query(row -> {
                        repairs = row.getBoolean(1);
                        applies = row.getObject(2, Long.class);
                        rollsBack = row.getBoolean(3);
                        pushes = row.getBoolean(4);
                        single = row.getBoolean(5);
                        if (row.getObject(6) != null) {
                            throw new PublishFailure("Run " + order.run() + " is published already, as snapshot " + row.getLong(6) + " of "
                                    + order.sync().name() + ".");
                        }
                    });
        }

        private void lock(EntityTable table) {
            PublishStatements statements = new PublishStatements(table);
            Overtaken overtaken = new Overtaken(table);
            PlanFacts before = settled(table);
            planned.put(table, before);
            boolean arrives = before.any(Outcome.CREATE, Outcome.UNCHANGED);
            changeIf(before.shownAgain(), table, "taken back", new Repeats(table).takenBack());
            Classifier classifier = order.classifiers().apply(table.entity());
            observer.accept("lock " + table.entity().name());
            changeIf(arrives || before.any(Outcome.PARKED), table, "made here", overtaken.madeHere());
            changeIf(before.size() > 0, table, "behind waiting", overtaken.behindWaiting());
            changeIf(before.any(Outcome.CREATE, Outcome.PARKED), table, "overtaken", overtaken.overtakenWithoutRow());
            changeIf(before.waiting(), table, "parked behind", overtaken.parkedBehind());
            changeIf(before.waiting(), table, "parked beside", overtaken.parkedBeside());
            for (List<String> places = moved(table, statements, before.rows() ? statements.lockPlannedFirst() : null, arrives); !places.isEmpty();
                    places = moved(table, statements, statements.lockPlanned(), true)) {
                moved.judgeAgain(table, order.organisation(), order.run(), classifier, places);
                plansChanged = true;
            }
            changeIf(single, table, "tell doubt", overtaken.tellDoubt());
        }

        /** Nothing can move between judging and writing: what is judged here is locked here. */
        private void judgeWithin(EntityTable table) {
            observer.accept("settle " + table.entity().name());
            Set<Long> staged = new HashSet<>();
            for (WithinPublish each : within) {
                List<Change> changes = each.judge(new WithinPublish.Turn(order.run(), order.sync(), table.entity(), order.organisation(),
                        order.classifiers().apply(table.entity()), staged));
                changes.forEach(change -> staged.add(change.stored().rowId()));
                staging.add(order.run(), order.sync(), table.entity(), changes);
            }
            staging.checkpoint(order.run(), table.entity(), staged.size());
        }

        /** Promise 1: what is to be sent is written with what it rests on, or not at all. */
        private void fillOutbox(EntityTable table) {
            Outbox outbox = new Outbox(table);
            if (snapshot > 0) {
                outbox.nameParents().forEach(statements -> statements.forEach(statement -> run(table, "name parents", statement)));
            }
            // The outbox may have been empty when the way to look into it was chosen, and fills within a statement: each row's entries have an index.
            jdbc.execute("set local enable_seqscan = off");
            run(table, "overtake pushes", outbox.overtake());
            run(table, "fill outbox", outbox.fill());
            jdbc.execute("set local enable_seqscan = on");
        }

        /** Promise 16: what a person looked at is applied as it was shown, or not at all. */
        private void setAside(EntityTable table) {
            MovedSince movedSince = new MovedSince(table);
            observer.accept("lock " + table.entity().name());
            bound(table, movedSince.lock()).query((row, n) -> 0).list();
            observer.accept("set aside " + table.entity().name());
            bound(table, movedSince.setAside()).param("plan", applies).update();
        }

        private void lockUnsealed(EntityTable table) {
            PublishStatements statements = new PublishStatements(table);
            unsealed.put(table.entity().name(), bound(table, statements.lockUnsealed()).query(Long.class).list().stream().mapToLong(Long::longValue).toArray());
        }

        /**
         * @param planned locks the rows that the plan is about; null where it is about none
         * @param arrives something is judged as new
         */
        private List<String> moved(EntityTable table, PublishStatements statements, String planned, boolean arrives) {
            List<String> places = planned == null ? new ArrayList<>() : new ArrayList<>(bound(table, planned).query(String.class).list());
            if (arrives) {
                places.addAll(bound(table, statements.lockArrived()).query(String.class).list());
            }
            return places;
        }

        /** Order by number is order by time: taken under the lock, and after everything that the snapshot seals. */
        private Instant time(Link previous) {
            Instant latest = previous.at();
            for (EntityTable table : tables.stream().filter(each -> unsealed.get(each.entity().name()).length > 0).toList()) {
                Timestamp edit = sql.sql("select max(edited_at) from syncline.local_edit where sync = :sync and entity = :entity and snapshot_id is null"
                        + " and row_id = any(:rows)")
                        .param("sync", order.sync().name()).param("entity", table.entity().name()).param("rows", unsealed.get(table.entity().name()))
                        .query(Timestamp.class).optional().orElse(null);
                if (edit != null && edit.toInstant().isAfter(latest)) {
                    latest = edit.toInstant();
                }
            }
            return sql.sql("select greatest(clock_timestamp(), ?::timestamptz + interval '1 microsecond')").params(latest.atOffset(ZoneOffset.UTC))
                    .query(Timestamp.class).single().toInstant();
        }

        private void seal(EntityTable table) {
            if (unsealed.get(table.entity().name()).length > 0) {
                PublishStatements statements = new PublishStatements(table);
                run(table, "seal edits", statements.sealEdits());
                run(table, "seal journal", statements.sealJournal());
                run(table, "seal rows", statements.sealRows());
            }
        }

        private void write(EntityTable table) {
            PublishStatements statements = new PublishStatements(table);
            boolean rows = planned.get(table).rows();
            runIf(rows, table, "log settled conflicts", statements.logSettled());
            runIf(rows, table, "open conflicts", statements.openConflicts());
            runIf(rows, table, "remap conflicts", statements.remapConflicts());
            runIf(rows, table, "settle moot conflicts", statements.settleMoot());
            runIf(rows, table, "flag conflicts", statements.flagConflicts());
            runIf(rows, table, "remap agreements", statements.remapAgreements());
            if (repairs) {
                runIf(rows, table, "keep overwritten", statements.keepOverwritten());
            }
            if (repairs && applies == null) {
                run(table, "mend deleted", statements.mendDeleted());
            }
            int superseded = runIf(rows, table, "supersede", statements.supersede());
            int updated = runIf(rows, table, "update", statements.update());
            if (superseded != updated) {
                throw new IllegalStateException(superseded + " versions of " + table + " were superseded by " + updated);
            }
            runIf(rows, table, "touch", statements.touch());
            runIf(planned.get(table).counts().containsKey(Outcome.CREATE), table, "create", statements.create());
        }

        private void resolve(EntityTable table) {
            new PublishStatements(table).resolve().forEach(statement -> run(table, "resolve references", statement));
        }

        private void attend(EntityTable table) {
            PublishStatements statements = new PublishStatements(table);
            observer.accept("attention " + table.entity().name());
            if (planned.get(table).waiting()) {
                bound(table, statements.attention()).param("waits", backoff.waits()).update();
            }
            if (bound(table, statements.hasOpenAttention()).query(Boolean.class).single()) {
                boolean many = bound(table, statements.joinsManyToAttention()).query(Boolean.class).single();
                if (many) {
                    jdbc.execute("set local enable_nestloop = off");
                }
                run(table, "close attention", statements.closeAttention(many));
                if (many) {
                    jdbc.execute("set local enable_nestloop = on");
                }
            }
        }

        private void overtakePlans() {
            observer.accept("plans");
            if (sql.sql(MovedSince.hasPlans()).param("sync", order.sync().name()).param("organisation", order.organisation()).query(Boolean.class).single()) {
                tables.forEach(table -> bound(table, new MovedSince(table).overtakePlans()).update());
            }
        }

        /** What its settling left to be known, as long as nothing has changed it since. */
        private PlanFacts settled(EntityTable table) {
            PlanFacts known = order.known().apply(table.entity());
            return known == null ? facts(table) : known.current() ? known : facts(table).shownAgain(known.shownAgain());
        }

        private PlanFacts facts(EntityTable table) {
            return PlanFacts.of(sql, table, order.run());
        }

        /** A statement that changes what is planned. */
        private void changeIf(boolean needed, EntityTable table, String step, String statement) {
            plansChanged |= runIf(needed, table, step, statement) > 0;
        }

        private int runIf(boolean needed, EntityTable table, String step, String statement) {
            if (needed) {
                return run(table, step, statement);
            }
            observer.accept(step + " " + table.entity().name());
            return 0;
        }

        private int run(EntityTable table, String step, String statement) {
            observer.accept(step + " " + table.entity().name());
            return bound(table, statement).param("rows", unsealed.get(table.entity().name())).update();
        }

        private JdbcClient.StatementSpec bound(EntityTable table, String statement) {
            return sql.sql(statement).param("run", order.run()).param("mapping", mappings.inForce(order.sync(), table.entity()).number())
                    .param("organisation", order.organisation()).param("snapshot", snapshot).param("at", at == null ? null : at.atOffset(ZoneOffset.UTC));
        }

        private Link previous() {
            return sql.sql("select number, sealed_at, digest from syncline.snapshot where sync = ? and organisation = ? order by number desc limit 1")
                    .params(order.sync().name(), order.organisation())
                    .query((row, n) -> new Link(row.getLong(1), row.getTimestamp(2).toInstant(), row.getBytes(3))).optional()
                    .orElseGet(() -> new Link(0, Instant.EPOCH, sql.sql("select sha256('')").query(byte[].class).single()));
        }

        private Published.Snapshot sealed(Link previous) {
            observer.accept("seal");
            return sql.sql("""
                    insert into syncline.snapshot (id, sync, organisation, number, sealed_at, run_id, changes, previous, change_digest, digest)
                    select :snapshot, :sync, :organisation, :number, :at, :run, c.changes, :previous, c.digest,
                           syncline.snapshot_digest(:previous, :number, :at, :sync, :organisation, :run, c.changes, c.digest)
                    from syncline.change_digest(:sync, :organisation, :snapshot, false) c
                    returning changes, digest""")
                    .param("snapshot", snapshot).param("sync", order.sync().name()).param("organisation", order.organisation()).param("number",
                            previous.number() + 1)
                    .param("at", at.atOffset(ZoneOffset.UTC)).param("run", order.run()).param("previous", previous.digest())
                    .query((row, n) -> new Published.Snapshot(snapshot, previous.number() + 1, at, HexFormat.of().formatHex(row.getBytes(2)),
                            row.getLong(1))).single();
        }

        private Set<String> undecided() {
            return tables.stream().filter(table -> planned.get(table).undecided()).map(table -> table.entity().name()).collect(Collectors.toSet());
        }

        private Map<String, Map<Outcome, Long>> countsByEntity() {
            Map<String, Map<Outcome, Long>> all = new LinkedHashMap<>();
            tables.forEach(table -> all.put(table.entity().name(), planned.get(table).counts()));
            return all;
        }
    }

    private record Link(long number, Instant at, byte[] digest) {
    }
}
