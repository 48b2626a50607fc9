package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.deliver.Claim;
import io.syncline.deliver.RealOutbox;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.run.Mode;
import io.syncline.source.Sent;
import io.syncline.simulation.Hub;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The store as it is, on PostgreSQL, for the stories of the simulation: an organisation of its own for each. */
public final class PostgresHub implements Hub {
    private final Store store;
    private final SyncConfig sync;
    private final String organisation;
    private final Publisher publisher;
    private final RealOutbox outbox;
    private final Map<String, Long> made = new HashMap<>();
    private final Map<Long, Map<String, PlanFacts>> facts = new HashMap<>();

    /** A database on which many stories are told side by side. */
    public static final class Database implements AutoCloseable {
        private final Store store;

        public Database(SyncConfig sync) {
            store = new Store(sync);
            sync.entities().forEach(entity -> store.jdbc.execute("alter table " + new EntityTable(sync, entity).name("table") + " add column note text"));
        }

        @Override
        public void close() {
            ((HikariDataSource) store.dataSource).close();
        }

        public PostgresHub hub(SyncConfig sync, String organisation) {
            return new PostgresHub(store, sync, organisation);
        }
    }

    private PostgresHub(Store store, SyncConfig sync, String organisation) {
        this.store = store;
        this.sync = sync;
        this.organisation = organisation;
        this.publisher = new Publisher(store.jdbc, store.transaction, new MovedRows(store.jdbc, store.states),
                new Backoff(Duration.ofMinutes(1), 4, 5), List.of(new Settlement(store.jdbc), new Decided(store.jdbc, store.states)));
        this.outbox = new RealOutbox(store.jdbc, store.transaction, sync, organisation);
    }

    @Override
    public long open(Mode mode) {
        return store.jdbc.queryForObject("""
                insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, started_at)
                values (?, ?, ?, 'test', 'test', 'running', clock_timestamp()) returning id""", Long.class, sync.name(), organisation, mode.word());
    }

    @Override
    public Map<String, Stored> find(EntityConfig entity, Collection<String> keys) {
        return store.states.find(sync, entity, organisation, keys);
    }

    /** The numbers of rows by key. */
    public Map<String, Long> rows(EntityConfig entity) {
        Map<String, Long> rows = new HashMap<>();
        store.jdbc.query(fill(entity, "select {side_id}, row_id from {table} where org_id = ? and {side_id} is not null"),
                row -> { rows.put(row.getString(1), row.getLong(2)); }, organisation);
        return rows;
    }

    @Override
    public void stage(long run, EntityConfig entity, int page, List<Change> planned, long[] seen, Runnable checkpoint) {
        store.staging.stage(new StagedPage(run, sync, entity, organisation, page, planned, seen), checkpoint);
    }

    @Override
    public List<Absences.Absent> absent(long run, EntityConfig entity, String afterKey, int limit) {
        return store.absences.next(run, sync, entity, organisation, afterKey, limit);
    }

    @Override
    public List<Observed> returning(long run, EntityConfig entity, String afterKey, int limit) {
        return store.parking.returning(run, sync, entity, organisation, afterKey, limit);
    }

    @Override
    public void park(long run, List<EntityConfig> entities) {
        Map<String, PlanFacts> settled = new HashMap<>();
        entities.forEach(entity -> settled.put(entity.name(), store.staging.settleRepeated(run, sync, entity)));
        if (store.parking.park(run, sync, organisation, entities) > 0) {
            settled.replaceAll((entity, found) -> found.changed());
        }
        facts.put(run, settled);
    }

    @Override
    public long brakeLimit(EntityConfig entity) {
        return store.brake.most(sync, entity, organisation);
    }

    @Override
    public Optional<String> brake(long run, EntityConfig entity, boolean emptyAnswer, boolean unconfirmed) {
        if (!facts.get(run).get(entity.name()).deletes()) {
            return Optional.empty();
        }
        Optional<String> held = store.brake.apply(run, sync, entity, organisation, emptyAnswer, unconfirmed);
        held.ifPresent(why -> facts.get(run).computeIfPresent(entity.name(), (name, found) -> found.changed()));
        return held;
    }

    /** {@link Order#crashes()} is told of every step, and may end it by what it throws. */
    @Override
    public Map<String, Map<Outcome, Long>> publish(Order order) {
        publisher.observedBy(order.crashes());
        return publisher.publish(new PublishOrder(order.run(), sync, organisation, order.entities(), order.classifiers(),
                entity -> facts.getOrDefault(order.run(), Map.of()).get(entity.name()), order.sealAlways(), order.guard(),
                published -> {
            order.entities().forEach(entity -> store.jdbc.update("""
                    insert into syncline.run_entity (run_id, entity, state, whole, finished_at) values (?, ?, 'published', true, clock_timestamp())""",
                    order.run(), entity.name()));
            store.jdbc.update("update syncline.run set state = 'published', finished_at = clock_timestamp() where id = ?", order.run());
            order.alongside().accept(published.undecided());
        })).counts();
    }

    @Override
    public void drop(long run) {
        store.staging.drop(run, sync);
        store.jdbc.update("update syncline.run set state = 'failed', finished_at = clock_timestamp()"
                + " where id = ? and mode <> 'single' and finished_at is null", run);
    }

    @Override
    public void forget(long run, EntityConfig entity, int fromPage) {
        store.staging.forget(run, sync, entity, fromPage);
    }

    @Override
    public long shown(long run, EntityConfig entity) {
        return store.absences.shown(run, sync, entity);
    }

    @Override
    public void edit(EntityConfig entity, String key, String field, String value) {
        write(entity, EntityTable.quote(field) + " = ?", key, value);
    }

    @Override
    public void delete(EntityConfig entity, String key, boolean deleted) {
        if (deleted) {
            store.jdbc.update(fill(entity, "delete from {table} where row_id = ?"), row(entity, key));
        } else {
            store.jdbc.update(fill(entity, "update {table} set deleted_at = null where row_id = ?"), row(entity, key));
        }
    }

    /** Whatever this machine's clock says, the story has its own. */
    public void editedAt(EntityConfig entity, String key, Instant at) {
        store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local syncline.publishing = 'on'");
            store.jdbc.update(fill(entity, "update {table} set local_modified_at = ? where row_id = ?"), at.atOffset(ZoneOffset.UTC),
                    row(entity, key));
        });
    }

    @Override
    public void insert(EntityConfig entity, String name) {
        made.put(name, store.jdbc.queryForObject(fill(entity, "insert into {table} (org_id, name) values (?, ?) returning row_id"), Long.class, organisation,
                name));
    }

    /** @param who the side's key, or {@code =} and the name with which somebody made the row here */
    public long row(EntityConfig entity, String who) {
        return who.startsWith("=") ? made.get(who.substring(1)) : rows(entity).get(who);
    }

    @Override
    public void note(EntityConfig entity, String key, String text) {
        write(entity, "note = ?", key, text);
    }

    private void write(EntityConfig entity, String what, String key, String value) {
        store.jdbc.update(fill(entity, "update {table} set " + what + " where row_id = ?"), value, row(entity, key));
    }

    private String fill(EntityConfig entity, String statement) {
        return new EntityTable(sync, entity).fill(statement);
    }

    @Override
    public List<Claim> claim(String worker) {
        return List.of();
    }

    @Override
    public boolean begin(Claim claim, String worker) {
        return false;
    }

    @Override
    public boolean isDue() {
        return false;
    }

    @Override
    public boolean note(Claim claim, Sent sent) {
        return false;
    }

    @Override
    public List<Dispute> disputes() {
        return List.of();
    }

    /** As {@code io.syncline.conflict.Resolving} does once it has looked whether both sides are as they were seen. */
    @Override
    public boolean decide(Dispute seen, String how, Document merged) {
        return store.jdbc.update(fill(seen.entity(), """
                with kept as (
                    insert into syncline.resolution (organisation, sync, entity, row_id, key, conflict_id, how, base, theirs, ours, merged, theirs_hash,
                          theirs_version, theirs_modified_on, row_revision, actor)
                    select c.organisation, c.sync, c.entity, c.row_id, c.key, c.id, ?, coalesce(t.{side_base}, t.document), c.theirs, t.document, ?,
                           c.theirs_hash, c.theirs_version, c.theirs_modified_on, t.revision, 'somebody'
                    from syncline.conflict c join {table} t on t.row_id = c.row_id
                    where c.sync = {sync} and c.entity = {entity} and t.org_id = ? and t.{side_id} = ? and c.state = 'open' and c.decided is null
                    returning id, conflict_id)
                update syncline.conflict c set decided = kept.id from kept where c.id = kept.conflict_id"""), how, merged == null ? null : merged.text(),
                organisation, seen.key()) == 1;
    }

    @Override
    public boolean isDeleted(EntityConfig entity, String who) {
        return false;
    }

    @Override
    public boolean isGoneThere(EntityConfig entity, String who) {
        return false;
    }

    @Override
    public List<Entry> waitingForPeople() {
        return List.of();
    }

    @Override
    public List<Unknown> unknown() {
        return List.of();
    }

    public RealOutbox outbox() {
        return outbox;
    }

    @Override
    public void settle(UUID entry, boolean arrived, Observed there) {
        outbox.settle(entry, arrived, there);
    }

    @Override
    public List<String> told() {
        List<String> lines = new ArrayList<>(outbox.told());
        for (EntityConfig entity : sync.entities()) {
            lines.addAll(store.jdbc.query(fill(entity, """
                    select t.{side_id}, t.document, t.deleted_at is not null, t.deleted_by_side = 'local', encode(t.{side_hash}, 'hex'), t.{side_version},
                           t.{side_modified_on}, t.{side_base}, t.has_conflict, t.revision, coalesce(s.number, 0), t.note,
                           t.sync_status = 'pending_push'
                    from {table} t left join syncline.snapshot s on s.id = t.snapshot_id and s.organisation = t.org_id where t.org_id = ?"""),
                    (row, n) -> entity.name() + " row " + row.getString(1) + " " + row.getString(2)
                            + (row.getBoolean(3) ? row.getBoolean(4) ? " deleted here" : " deleted there" : "") + " agreed " + row.getString(5) + " "
                            + row.getObject(6, Long.class) + " " + StoredStates.instant(row, 7) + " base " + row.getString(8)
                            + (row.getBoolean(9) ? " conflict" : "")
                            + " revision " + row.getInt(10) + " snapshot " + row.getLong(11) + " note " + row.getString(12)
                            + (row.getBoolean(13) ? " pending" : ""), organisation));
            lines.addAll(store.jdbc.query(fill(entity, """
                    select h.{side_id}, h.revision, f.number, t.number, h.deleted, h.document from {history} h
                    join syncline.snapshot f on f.id = h.from_snapshot join syncline.snapshot t on t.id = h.to_snapshot where h.org_id = ?"""),
                    (row, n) -> entity.name() + " past " + row.getString(1) + " revision " + row.getInt(2) + " " + row.getLong(3) + ".." + row.getLong(4)
                            + (row.getBoolean(5) ? " deleted " : " ") + row.getString(6), organisation));
            lines.addAll(store.jdbc.query("""
                    select key, kind, state, settled_how, base, theirs, ours, row_revision, encode(theirs_hash, 'hex'), theirs_version, theirs_modified_on
                    from syncline.conflict where sync = ? and entity = ? and organisation = ?""",
                    (row, n) -> entity.name() + " conflict " + row.getString(1) + " " + row.getString(2) + " "
                            + (row.getString(3).equals("open") ? "open" : row.getString(4)) + " base " + row.getString(5)
                            + " theirs " + row.getString(6) + " ours " + row.getString(7) + " at " + row.getInt(8)
                            + (row.getString(3).equals("open") ? " shows " + row.getString(9) + " " + row.getObject(10, Long.class) + " "
                            + StoredStates.instant(row, 11) : ""),
                    sync.name(), entity.name(), organisation));
            lines.addAll(store.jdbc.query("""
                    select kind, key, state, document, version, modified_at, deleted from syncline.attention
                    where sync = ? and entity = ? and organisation = ?""",
                    (row, n) -> entity.name() + " attention " + row.getString(1)
                            + (row.getString(3).equals("closed") ? " closed" : " " + row.getString(2) + " open "
                            + row.getString(4) + " " + row.getObject(5, Long.class) + " " + StoredStates.instant(row, 6) + " " + row.getBoolean(7)),
                    sync.name(), entity.name(), organisation));
        }
        store.jdbc.queryForList("select number from syncline.snapshot where organisation = ? and sync = ?", Long.class, organisation, sync.name())
                .forEach(number -> lines.add("snapshot " + number));
        lines.sort(Comparator.naturalOrder());
        return lines;
    }
}
