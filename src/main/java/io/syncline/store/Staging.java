package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.record.Shape;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Plans that are not yet published, in unlogged tables: they cost little to write and do not survive a crash of PostgreSQL. {@link #epoch} tells.
 * Runs are kept apart by their number.
 */
@Component
public class Staging {
    private static final int COLUMNS = 21;
    private static final String OF_RUN = " where run_id = (select id from run))";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final KnownTables tables = new KnownTables();

    public Staging(JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** Another answer than before means that PostgreSQL threw away everything staged until then. */
    public UUID epoch() {
        return transaction.execute(status -> {
            jdbc.update("insert into syncline_staging.epoch default values on conflict do nothing");
            return jdbc.queryForObject("select id from syncline_staging.epoch", UUID.class);
        });
    }

    /**
     * Stages a page and writes its checkpoint, both or neither. A page of the same number staged before is replaced.
     *
     * @param checkpoint runs last, in the same transaction
     */
    public void stage(StagedPage page, Runnable checkpoint) {
        transaction.executeWithoutResult(status -> {
            EntityTable table = tables.of(page.sync(), page.entity());
            jdbc.execute((ConnectionCallback<Void>) connection -> {
                if (!isNew(connection, page)) {
                    forget(connection, table, page);
                }
                copy(connection, table, page.run(), page.number(), page.changes());
                return null;
            });
            checkpoint.run();
        });
    }

    /** Adds to the plan of a run that is being published; in its transaction. */
    void add(long run, SyncConfig sync, EntityConfig entity, List<Change> changes) {
        jdbc.execute((ConnectionCallback<Void>) connection -> {
            copy(connection, new EntityTable(sync, entity), run, 1, changes);
            return null;
        });
    }

    /** What was added to the plan of a run that is being published is its only page. */
    void checkpoint(long run, EntityConfig entity, int planned) {
        jdbc.update("insert into syncline_staging.page (run_id, entity, number) values (?, ?, 1)", run, entity.name());
        jdbc.update("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts, planned)"
                + " select run_id, entity, 1, 'plan', ?, '{}', ? from syncline.run_entity where run_id = ? and entity = ?", planned, planned, run,
                        entity.name());
    }

    /**
     * A checkpoint has no staged page any more: it was lost in between.
     *
     * @param entity null for any
     */
    public boolean isLost(long run, String entity) {
        return Boolean.TRUE.equals(jdbc.queryForObject("""
                select exists (select from syncline.run_page p where p.run_id = ? and p.entity = coalesce(?, p.entity) and not exists (
                    select from syncline_staging.page s where s.run_id = p.run_id and s.entity = p.entity and s.number = p.number))""",
                Boolean.class, run, entity));
    }

    /** @throws PlanLost when something that the run has staged is there no more */
    public void requireKept(long run) {
        if (isLost(run, null)) {
            throw new PlanLost("The staged plan of run " + run
                    + " was lost: PostgreSQL crashed, or the entity's fields were changed meanwhile. Nothing was written; run again.");
        }
    }

    /** Tells PostgreSQL's planner how big the plan has become; to be called once before a plan is completed and published. An empty one needs no statistics. */
    public void analyze(long run, SyncConfig sync) {
        transaction.executeWithoutResult(status -> {
            List<EntityTable> planned = sync.entities().stream().map(entity -> new EntityTable(sync, entity)).filter(table -> isPlanned(table, run)).toList();
            if (!planned.isEmpty()) {
                // Sizes and what the statements of a publish choose by, from a small sample: a look at everything would cost as much as half a publish.
                jdbc.execute("set local default_statistics_target = 3");
                planned.forEach(table -> jdbc.execute("analyze " + table.name("staging")
                        + " (run_id, page, key, outcome, row_id, revision, writes, agrees, observed, gone" + table.references().stream()
                                .map(field -> ", " + EntityTable.staged(field)).collect(Collectors.joining()) + ")"));
                jdbc.execute("analyze syncline_staging.page (run_id, entity, number)");
            }
        });
    }

    private boolean isPlanned(EntityTable table, long run) {
        return Boolean.TRUE.equals(jdbc.queryForObject(table.fill("select exists (select from {staging} where run_id = ?)"), Boolean.class, run));
    }

    /**
     * Of a record that the source showed twice in one run, the newer showing stands. To be called when all is staged, before anything is made of the plan.
     *
     * @return what the plan holds then
     */
    public PlanFacts settleRepeated(long run, SyncConfig sync, EntityConfig entity) {
        JdbcClient sql = JdbcClient.create(jdbc);
        EntityTable table = new EntityTable(sync, entity);
        Repeats repeats = new Repeats(table);
        PlanFacts facts = PlanFacts.of(sql, table, run);
        if (facts.size() > 1 && sql.sql(repeats.isRepeated()).param("run", run).query(Boolean.class).single()) {
            sql.sql(repeats.repeated()).param("run", run).update();
            facts = PlanFacts.of(sql, table, run);
        }
        if (facts.shownAgain()) {
            boolean shown = isShownAgain(repeats, run);
            boolean changed = shown && sql.sql(repeats.takenBack()).param("run", run).update() > 0;
            facts = (changed ? PlanFacts.of(sql, table, run) : facts).shownAgain(shown);
        }
        return facts;
    }

    /** What was seen may be joined with many planned rows or with few: nothing is compared one by one. */
    private boolean isShownAgain(Repeats repeats, long run) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            jdbc.execute("set local enable_nestloop = off");
            return JdbcClient.create(jdbc).sql(repeats.isShownAgain()).param("run", run).query(Boolean.class).single();
        }));
    }

    /** Runs that have ended and still have something staged that nobody keeps, with their syncs. */
    public Map<Long, String> leftovers() {
        Map<Long, String> leftovers = new TreeMap<>();
        jdbc.query("""
                select distinct r.id, r.sync from syncline_staging.page p join syncline.run r on r.id = p.run_id
                left join syncline.plan k on k.run_id = r.id
                where k.ended_at is not null or k.run_id is null and r.finished_at < clock_timestamp() - interval '1 minute'""",
                row -> { leftovers.put(row.getLong(1), row.getString(2)); });
        return leftovers;
    }

    /** Throws away what a run staged of an entity from a page on, where it is to be staged anew. */
    public void forget(long run, SyncConfig sync, EntityConfig entity, int page) {
        transaction.executeWithoutResult(status -> {
            jdbc.update("delete from " + new EntityTable(sync, entity).name("staging") + " where run_id = ? and page >= ?", run, page);
            jdbc.update("delete from syncline_staging.compared where run_id = ? and entity = ? and page >= ?", run, entity.name(), page);
            jdbc.update("delete from syncline_staging.page where run_id = ? and entity = ? and number >= ?", run, entity.name(), page);
        });
    }

    /** Throws away what a run staged, in one statement. */
    public void drop(long run, SyncConfig sync) {
        StringBuilder statement = new StringBuilder("with run as (select cast(? as bigint) as id)");
        int number = 0;
        for (EntityConfig entity : sync.entities()) {
            statement.append(", e").append(number++).append(" as (delete from ").append(new EntityTable(sync, entity).name("staging")).append(OF_RUN);
        }
        for (String table : List.of("compared", "absent", "finding", "climb", "page")) {
            statement.append(", ").append(table).append(" as (delete from syncline_staging.").append(table).append(OF_RUN);
        }
        jdbc.update(statement + " delete from syncline_staging.overtaken where plan = (select id from run)", run);
    }

    /**
     * The same for a run that has ended: nobody waits long for what somebody else holds.
     *
     * @throws org.springframework.dao.DataAccessException when it is held
     */
    public void sweep(long run, SyncConfig sync) {
        transaction.executeWithoutResult(status -> {
            jdbc.execute("set local lock_timeout = '2s'");
            drop(run, sync);
        });
    }

    /** Of a plan that is kept, only its rows are needed. */
    public void dropSeen(long run) {
        jdbc.update("update syncline_staging.page set seen = '{}' where run_id = ? and seen <> '{}'", run);
        jdbc.update("delete from syncline_staging.absent where run_id = ?", run);
    }

    /**
     * Begins with a page, in one statement. A crash of PostgreSQL empties the staging in any case; so a checkpoint need not wait for the disk. Promise 23:
     * whoever is halted after this does not keep the page from the one who goes on with the run.
     */
    private static boolean isNew(Connection connection, StagedPage page) throws SQLException {
        try (var statement = connection.prepareStatement("""
                with transaction as materialized (
                    select set_config('synchronous_commit', 'off', true), set_config('idle_in_transaction_session_timeout', '20s', true))
                insert into syncline_staging.page (run_id, entity, number, seen) select ?, ?, ?, ? from transaction
                on conflict (run_id, entity, number) do update set seen = excluded.seen returning xmax = 0""")) {
            statement.setLong(1, page.run());
            statement.setString(2, page.entity().name());
            statement.setInt(3, page.number());
            statement.setArray(4, connection.unwrap(PGConnection.class).createArrayOf("bigint", page.seen()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static void forget(Connection connection, EntityTable table, StagedPage page) throws SQLException {
        try (var statement = connection.prepareStatement(table.fill("delete from {staging} where run_id = ? and page = ?"))) {
            statement.setLong(1, page.run());
            statement.setInt(2, page.number());
            statement.executeUpdate();
        }
    }

    static void copy(Connection connection, EntityTable table, long run, int page, List<Change> changes) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        BinaryCopy copy = new BinaryCopy();
        for (Change change : changes) {
            write(copy, table.entity().shape(), run, page, change);
        }
        copy.send(connection, table.name("staging"));
    }

    private static void write(BinaryCopy copy, Shape shape, long run, int page, Change change) {
        Observed observed = change.observed();
        Document theirs = observed == null ? null : observed.document();
        Document merged = change.document() == null || change.document().equals(theirs) ? null : change.document();
        copy.row(COLUMNS + shape.fields().size());
        copy.whole(run);
        copy.integer(page);
        copy.text(observed == null ? null : observed.key());
        copy.text(change.outcome().word());
        copy.text(change.reason());
        copy.whole(change.stored() == null ? null : change.stored().rowId());
        copy.integer(change.stored() == null ? null : change.stored().revision());
        copy.truth(change.document() != null);
        copy.truth(change.agrees());
        copy.truth(observed != null);
        copy.truth(observed == null || observed.deleted());
        copy.binary(theirs == null ? null : theirs.utf8());
        copy.binary(theirs == null ? null : theirs.hash());
        copy.binary(merged == null ? null : merged.utf8());
        copy.binary(merged == null ? null : merged.hash());
        copy.binary(change.base() == null ? null : change.base().utf8());
        copy.whole(observed == null ? null : observed.version());
        copy.instant(observed == null ? null : observed.modifiedAt());
        copy.texts(change.fields());
        copy.text(change.settledBy() == null ? null : change.settledBy().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        copy.text(observed == null ? null : observed.raw());
        DocumentColumns.write(copy, shape, change.document());
    }
}
