package io.syncline.store;

import io.syncline.TestPostgres;
import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Rules;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.config.WritesConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A whole store on a database of its own, and the moves of a run that tests make with it. */
final class Store {
    /** Lets tests write records without a forest of backslashes. */
    private static final JsonFactory JSON = JsonFactory.builder().enable(JsonReadFeature.ALLOW_SINGLE_QUOTES).enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .build();
    private static final List<HikariDataSource> POOLS = new ArrayList<>();

    final DataSource dataSource;
    final JdbcTemplate jdbc;
    final TransactionTemplate transaction;
    final EntityTables tables;
    final Mappings mappings;
    final StoredStates states;
    final Staging staging;
    final PlanCounts counts;
    final Absences absences;
    final Parking parking;
    final Brake brake;
    final Publisher publisher;
    final Chain chain;
    SyncConfig sync;
    private int page;

    Store(SyncConfig sync) {
        this(sync, pool());
    }

    Store(SyncConfig sync, DataSource dataSource) {
        this.sync = sync;
        this.dataSource = dataSource;
        jdbc = new JdbcTemplate(dataSource);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        tables = new EntityTables(jdbc, transaction);
        mappings = new Mappings(jdbc);
        states = new StoredStates(jdbc);
        staging = new Staging(jdbc, transaction);
        counts = new PlanCounts(jdbc);
        absences = new Absences(jdbc, transaction);
        parking = new Parking(jdbc, transaction);
        brake = new Brake(jdbc, transaction);
        publisher = new Publisher(jdbc, transaction, new MovedRows(jdbc, states), new Backoff(Duration.ofMinutes(1), 4, 5),
                List.of(new Settlement(jdbc), new Decided(jdbc, states)));
        chain = new Chain(jdbc);
        tables.migrate(sync);
    }

    static DataSource pool() {
        return pool(6);
    }

    static DataSource pool(int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestPostgres.url());
        config.setMaximumPoolSize(connections);
        HikariDataSource pool = new HikariDataSource(config);
        POOLS.add(pool);
        return pool;
    }

    /** Gives back the connections of all stores that a test opened. */
    static final class Closing implements AfterEachCallback {
        @Override
        public void afterEach(ExtensionContext test) {
            POOLS.forEach(HikariDataSource::close);
            POOLS.clear();
        }
    }

    static Field field(String name, FieldType type) {
        return new Field(name, type, Path.of(name), false, false, false, TimeFormat.ISO, null);
    }

    /** A field that stands elsewhere in the source's record. */
    static Field field(String name, FieldType type, String from) {
        return new Field(name, type, Path.of(from), false, false, false, TimeFormat.ISO, null);
    }

    static Field reference(String name, String entity) {
        return new Field(name, FieldType.TEXT, Path.of(name), false, false, false, TimeFormat.ISO, entity);
    }

    static EntityConfig entity(String name, Rules.Policy policy, boolean readOnly, Field... fields) {
        Shape shape = new Shape(Arrays.asList(fields));
        SideMapping mapping = new SideMapping(shape, List.of(Path.of("id")), Path.of("version"), Path.of("modified"), TimeFormat.ISO,
                new SideMapping.Deletion(Path.of("gone"), Set.of("true")));
        return new EntityConfig(name, name, shape, mapping, new Rules(policy, false, "st"), readOnly, EntityConfig.Brake.DEFAULT);
    }

    /** The same, written to its system in every way; a record that was made here is known by its name. */
    static EntityConfig written(EntityConfig entity) {
        WritesConfig.Request any = new WritesConfig.Request("POST", "/{id}", null, false, null, List.of(), List.of("id"));
        return new EntityConfig(entity.name(), entity.resource(), entity.shape(), entity.mapping(), entity.rules(), false, entity.brake(), List.of("name"),
                new WritesConfig(any, any, any, any, null, null, true, List.of(), List.of(), null, Duration.ofMinutes(1)));
    }

    /** A price book that is written, too. */
    static SyncConfig twoWay() {
        return sync(pricebook().entities().stream().map(Store::written).toArray(EntityConfig[]::new));
    }

    static SyncConfig sync(EntityConfig... entities) {
        return new SyncConfig("pricebook", "Pricebook", "", "servicetitan", "st", List.of("default"), new SyncConfig.Schedules(null, null, ZoneOffset.UTC),
                List.of(entities));
    }

    /** Categories in a tree, and items in categories. */
    static SyncConfig pricebook() {
        return pricebook(Rules.Policy.REVIEW);
    }

    static SyncConfig pricebook(Rules.Policy policy) {
        return sync(entity("items", policy, false, field("name", FieldType.TEXT), field("price", FieldType.DECIMAL), field("sold", FieldType.INTEGER),
                        field("active", FieldType.BOOLEAN), field("tags", FieldType.JSON), reference("category", "categories")),
                entity("categories", policy, false, field("name", FieldType.TEXT), reference("parent", "categories")));
    }

    EntityConfig entity(String name) {
        return sync.entity(name);
    }

    Observed observed(String entity, String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            return sync.entity(entity).mapping().read(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Classifier classifier(EntityConfig entity) {
        return new Classifier(entity.shape(), entity.rules(), sync.side());
    }

    long open() {
        return open("default");
    }

    long open(String organisation) {
        return jdbc.queryForObject("""
                insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, started_at)
                values (?, ?, 'full', 'test', 'test', 'running', clock_timestamp()) returning id""", Long.class, sync.name(), organisation);
    }

    /** Judges the records as they would be in a page and stages what they lead to. */
    List<Change> stageFor(String organisation, long run, String entity, String... records) {
        EntityConfig config = entity(entity);
        List<Observed> observed = Arrays.stream(records).map(record -> observed(entity, record)).toList();
        Map<String, Stored> stored = states.ofRecords(sync, config, organisation, observed);
        Classifier classifier = classifier(config);
        List<Change> changes = observed.stream().map(one -> classifier.classify(one, stored.get(one.key()))).toList();
        stage(run, config, organisation, changes);
        return changes;
    }

    List<Change> stage(long run, String entity, String... records) {
        return stageFor("default", run, entity, records);
    }

    void stage(long run, EntityConfig entity, String organisation, List<Change> changes) {
        List<Change> shown = new ArrayList<>(changes);
        shown.removeIf(change -> change.outcome() == io.syncline.change.Outcome.UNCHANGED && !change.agrees() && change.settledBy() == null);
        long[] seen = changes.stream().filter(change -> change.observed() != null && change.stored() != null).mapToLong(change -> change.stored().rowId())
                .toArray();
        staging.stage(new StagedPage(run, sync, entity, organisation, ++page, shown, seen), () -> { });
    }

    PublishOrder order(long run, String organisation, boolean sealAlways, Consumer<Published> alongside) {
        Map<EntityConfig, PlanFacts> facts = new HashMap<>();
        if (one("select applies is null from syncline.run where id = ?", Boolean.class, run)) {
            sync.entities().forEach(entity -> facts.put(entity, staging.settleRepeated(run, sync, entity)));
        }
        return new PublishOrder(run, sync, organisation, sync.entities(), this::classifier, facts::get, sealAlways, () -> { }, alongside);
    }

    Published publish(long run) {
        return publisher.publish(order(run, "default", false, published -> { }));
    }

    /** Plans to take back what a snapshot holds, and applies all of that plan. */
    Published rollBack(Published.Snapshot snapshot) {
        return publish(planned(plannedRollback(snapshot)));
    }

    /** The number of the run that plans it. */
    long plannedRollback(Published.Snapshot snapshot) {
        long plan = one("""
                insert into syncline.run (sync, organisation, mode, dry_run, rolls_back, reason, trigger, requested_by, state, started_at)
                select sync, organisation, 'rollback', true, run_id, 'wrong', 'test', 'test', 'running', clock_timestamp() from syncline.snapshot where id = ?
                returning id""", Long.class, snapshot.id());
        sync.entities().forEach(entity -> new Reversal(jdbc).stage(plan, snapshot.id(), sync, entity, "default"));
        return plan;
    }

    /** The number of the run that is to apply all of a plan. */
    long planned(long plan) {
        long run = one("""
                insert into syncline.run (sync, organisation, mode, applies, trigger, requested_by, state, started_at)
                values (?, 'default', 'apply', ?, 'test', 'test', 'running', clock_timestamp()) returning id""", Long.class, sync.name(), plan);
        sync.entities().forEach(entity -> new PlanRows(jdbc).choose(run, plan, sync, entity, "default", null));
        return run;
    }

    /** A run that reads nothing. */
    Published push() {
        long run = one("""
                insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, started_at)
                values (?, 'default', 'push', 'test', 'test', 'publishing', clock_timestamp()) returning id""", Long.class, sync.name());
        sync.entities().forEach(entity -> jdbc.update("insert into syncline.run_entity (run_id, entity, state, whole) values (?, ?, 'planned', false)", run,
                entity.name()));
        Published published = publish(run);
        jdbc.update("update syncline.run set state = 'published', finished_at = clock_timestamp() where id = ?", run);
        return published;
    }

    /** The only open entry of the outbox was sent, and nobody knows yet what came of it. */
    void sent() {
        jdbc.update("update syncline.push set state = 'sending', claimed_by = 'test', claimed_until = clock_timestamp() + interval '1 minute',"
                + " first_sent_at = clock_timestamp(), next_attempt_at = null where ended_at is null");
    }

    /** It was sent, and the system answered this record. */
    void answer(String entity, String record) {
        sent();
        Observed answer = record == null ? null : observed(entity, record);
        jdbc.update("""
                update syncline.push set state = 'answered', claimed_by = null, claimed_until = null, answered_at = clock_timestamp(), answered_key = ?,
                       answered_document = ?, answered_hash = ?, answered_mapping = ?, answered_version = ?, answered_modified_on = ?, answered_deleted = ?
                where entity = ? and ended_at is null""", answer == null ? null : answer.key(),
                answer == null || answer.document() == null ? null : answer.document().text(),
                answer == null || answer.document() == null ? null : answer.hash(), mappings.inForce(sync, entity(entity)).number(),
                answer == null ? null : answer.version(),
                answer == null || answer.modifiedAt() == null ? null : java.sql.Timestamp.from(answer.modifiedAt()), answer == null || answer.deleted(),
                        entity);
    }

    /** A run that sees just these records of one entity. */
    Published run(String entity, String... records) {
        long run = open();
        stage(run, entity, records);
        Published published = publish(run);
        jdbc.update("update syncline.run set state = 'published', finished_at = clock_timestamp() where id = ?", run);
        return published;
    }

    /**
     * Until an edit of items that was begun inside a publish is done or waits for a lock: only then has it been interleaved. Looked at by a connection of its
     * own, because a transaction sees what others do as it was when it first looked.
     */
    void awaitEffect(String step, CompletableFuture<?> edit) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try (Connection watcher = dataSource.getConnection(); Statement look = watcher.createStatement()) {
            while (!edit.isDone() && !isWaiting(look)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("an edit at " + step + " is neither done nor waits for a lock");
                }
                Thread.onSpinWait();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isWaiting(Statement look) throws SQLException {
        try (ResultSet row = look.executeQuery("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                + " and query like 'update pricebook.items set price%')")) {
            return row.next() && row.getBoolean(1);
        }
    }

    <T> T one(String sql, Class<T> type, Object... arguments) {
        return jdbc.queryForObject(sql, type, arguments);
    }

    long count(String sql, Object... arguments) {
        return jdbc.queryForObject("select count(*) from " + sql, Long.class, arguments);
    }
}
