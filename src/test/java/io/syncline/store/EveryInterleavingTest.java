package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Rules;
import io.syncline.record.FieldType;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promise 4 without luck: every kind of edit, by a session of its own, at every step that a publish announces, for every kind of plan. Each edit is made
 * both as psql does it, committed at once, and in a transaction that stays open until the publish waits for it or is over. The edit is then in the row, or in
 * the open conflict, or was refused to who made it; the journal, history and the chain agree with that.
 */
@ExtendWith(Store.Closing.class)
class EveryInterleavingTest {
    private final Store store = new Store(Store.sync(Store.entity("items", Rules.Policy.REVIEW, false, Store.field("name", FieldType.TEXT), Store.field("price",
            FieldType.DECIMAL))), Store.pool(24));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private int cases;

    /** What the publish is about to do with the row that the person edits. */
    enum Planned { CREATE, UPDATE, DELETE, RESTORE, TOUCH, CONFLICT, HELD }

    /** What the person does; in each statement ? stands for a text of its own, for a number of its own, or for the key. */
    enum Edit {
        SAME_FIELD("update pricebook.items set price = {number} where st_id = {key}"),
        OTHER_FIELD("update pricebook.items set name = {text} where st_id = {key}"),
        DELETE("delete from pricebook.items where st_id = {key}"),
        RESTORE("update pricebook.items set deleted_at = null where st_id = {key}"),
        INSERT("insert into pricebook.items (name, price) values ({text}, {number})"),
        INSERT_SAME_KEY("insert into pricebook.items (st_id, name) values ({key}, {text})");

        private final String statement;

        Edit(String statement) {
            this.statement = statement;
        }

        String of(String key) {
            return statement.replace("{key}", "'" + key + "'").replace("{text}", "'edited " + key + "'").replace("{number}", "1000." + key + "1");
        }
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void anEditAtAnyStepIsInOrAConflictAndNeverLost(Planned planned) throws Exception {
        Set<String> announced = new LinkedHashSet<>(List.of("before"));
        long rehearsal = plan(planned, keys());
        store.publisher.observedBy(announced::add);
        store.publish(rehearsal);
        assertThat(announced).hasSizeGreaterThan(10);
        for (String step : List.copyOf(announced)) {
            interleave(planned, step);
        }
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
        assertThat(store.count("""
                (select row_id, valid_to, lead(valid_from) over (partition by row_id order by valid_from) as next
                 from (select row_id, valid_from, valid_to from pricebook.items_history union all select row_id, valid_from, null from pricebook.items) v) w
                where valid_to is distinct from next""")).as("every version ends where the next begins").isZero();
    }

    /** One record for each kind of edit, and each way to make it. */
    private List<String> keys() {
        return Arrays.stream(Edit.values()).flatMap(edit -> Stream.of(true, false)).map(each -> Integer.toString(++cases)).toList();
    }

    /** Brings rows into the state that the plan begins with, and stages the plan; the run is to be published. */
    private long plan(Planned planned, List<String> keys) {
        store.publisher.observedBy(now -> { });
        if (planned != Planned.CREATE) {
            store.run("items", records(keys, "price: 1, version: 1"));
        }
        if (planned == Planned.CONFLICT) {
            store.jdbc.update("update pricebook.items set name = 'ours' where st_id = any(?)", (Object) keys.toArray(String[]::new));
            store.run("items", records(keys, "price: 2, version: 2"));
        } else if (planned == Planned.RESTORE) {
            store.run("items", records(keys, "gone: true, version: 2"));
        }
        long run = store.open();
        switch (planned) {
            case TOUCH -> store.stage(run, "items", records(keys, "price: 1, version: 2"));
            case DELETE, HELD -> absent(run, keys);
            default -> store.stage(run, "items", records(keys, "price: 3, version: 3"));
        }
        if (planned == Planned.HELD) {
            assertThat(store.brake.apply(run, store.sync, store.entity("items"), "default", true, false)).isPresent();
        }
        return run;
    }

    private static String[] records(List<String> keys, String rest) {
        return keys.stream().map(key -> "{id: " + key + ", name: 'Pump', " + rest + "}").toArray(String[]::new);
    }

    private void absent(long run, List<String> keys) {
        List<Change> changes = store.states.find(store.sync, store.entity("items"), "default", keys).values().stream()
                .map(stored -> store.classifier(store.entity("items")).absent(stored)).toList();
        store.stage(run, store.entity("items"), "default", changes);
    }

    private void interleave(Planned planned, String step) throws Exception {
        List<String> keys = keys();
        long run = plan(planned, keys);
        long journal = store.one("select coalesce(max(id), 0) from syncline.local_edit", Long.class);
        List<Person> people = new ArrayList<>();
        try (Connection watching = store.dataSource.getConnection()) {
            for (Edit edit : Edit.values()) {
                people.add(new Person(edit, keys.get(people.size()), false));
                people.add(new Person(edit, keys.get(people.size()), true));
            }
            AtomicBoolean begun = new AtomicBoolean();
            Consumer<String> everybody = now -> {
                if (now.equals(step) && begun.compareAndSet(false, true)) {
                    people.forEach(person -> person.begin(watching));
                }
            };
            store.publisher.observedBy(everybody);
            everybody.accept("before");
            CompletableFuture<Published> publish = CompletableFuture.supplyAsync(() -> store.publish(run), threads);
            await(() -> {
                people.forEach(person -> person.finishIfWaitedFor(watching));
                return publish.isDone();
            });
            publish.get();
            assertThat(begun).as(planned + ": " + step + " is announced").isTrue();
            for (Person person : people) {
                person.finish();
            }
        } finally {
            for (Person person : people) {
                person.close();
            }
        }
        store.publisher.observedBy(now -> { });
        Map<String, Map<String, Object>> entries = new HashMap<>();
        for (Person person : people) {
            String what = planned + ", " + person + " at " + step;
            judge(planned, what, person, journal).ifPresent(entry -> entries.put(what, entry));
        }
        store.publish(store.open());
        assertThat(store.count("syncline.local_edit where snapshot_id is null")).as("sealed by the next publish").isZero();
        entries.forEach((what, entry) -> asOf(what + ", once sealed", entry));
    }

    /** The journal's entry of the edit; empty when there was nothing to edit. */
    private Optional<Map<String, Object>> judge(Planned planned, String what, Person person, long journal) {
        List<Map<String, Object>> journalled = store.jdbc.queryForList("""
                select * from syncline.local_edit where id > ? and (side_key = ? or after like ?)""", journal, person.key, "%edited " + person.key + "\"%");
        if (person.edit == Edit.INSERT_SAME_KEY) {
            assertThat(person.refusal).as(what).contains("Syncline keeps the sync columns");
            assertThat(journalled).as(what).isEmpty();
            return Optional.empty();
        }
        assertThat(person.refusal).as(what).isNull();
        assertThat(journalled).as(what).hasSizeLessThanOrEqualTo(1);
        if (journalled.isEmpty()) {
            nothingToEdit(what, planned, person);
            return Optional.empty();
        }
        Map<String, Object> entry = journalled.get(0);
        assertThat(store.one("select document from pricebook.items where row_id = ?", String.class, entry.get("row_id"))).as(what)
                .isEqualTo(entry.get("after"));
        if (person.edit == Edit.DELETE || person.edit == Edit.RESTORE) {
            assertThat(isDeleted(entry.get("row_id"))).as(what).isEqualTo(person.edit == Edit.DELETE);
        } else {
            assertThat((String) entry.get("after")).as(what).contains(person.edit == Edit.SAME_FIELD ? "1000." + person.key + "1" : "edited " + person.key
                    + "\"");
        }
        asOf(what, entry);
        theirsIsKept(what, entry);
        return journalled.stream().findFirst();
    }

    /** Then the row was not there yet, or it was already as the person would have had it: before the publish, or after it where the edit had to wait. */
    private void nothingToEdit(String what, Planned planned, Person person) {
        boolean deleted = person.waited ? isDeleted(store.one("select row_id from pricebook.items where st_id = ?", Long.class, person.key))
                : planned == Planned.RESTORE;
        boolean notThere = planned == Planned.CREATE && !person.waited && person.edit != Edit.INSERT;
        assertThat(notThere || person.edit == Edit.DELETE && deleted || person.edit == Edit.RESTORE && !deleted).as(what).isTrue();
    }

    private boolean isDeleted(Object row) {
        return store.one("select deleted_at is not null from pricebook.items where row_id = ?", Boolean.class, row);
    }

    private void asOf(String what, Map<String, Object> entry) {
        boolean deleted = isDeleted(entry.get("row_id"));
        List<String> then = store.jdbc.queryForList("select document from pricebook.items_as_of(?) where row_id = ?", String.class, entry.get("edited_at"),
                entry.get("row_id"));
        assertThat(then).as(what + ", as of the edit").isEqualTo(deleted ? List.of() : List.of((String) entry.get("after")));
    }

    /** What the source showed is agreed, or stands in the open conflict; neither side loses. */
    private void theirsIsKept(String what, Map<String, Object> entry) {
        if (!what.startsWith("UPDATE") && !what.startsWith("RESTORE") && !what.startsWith("CONFLICT") || entry.get("side_key") == null) {
            return;
        }
        assertThat(store.count("""
                pricebook.items t left join syncline.conflict c on c.row_id = t.row_id and c.state = 'open'
                where t.row_id = ? and 3 in ((coalesce(t.st_base, t.document)::jsonb ->> 'price')::numeric, (c.theirs::jsonb ->> 'price')::numeric)""",
                entry.get("row_id"))).as(what + ": what the source showed is kept").isOne();
    }

    private static void await(BooleanSupplier isSo) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(200_000);
        }
    }

    /** A session of its own that makes one edit. */
    private final class Person {
        private final Connection session;
        private final int backend;
        private final Edit edit;
        private final String key;
        private final boolean slow;
        private volatile CompletableFuture<Void> making;
        private volatile String refusal;
        private boolean waited;
        private boolean finished;

        Person(Edit edit, String key, boolean slow) throws SQLException {
            this.edit = edit;
            this.key = key;
            this.slow = slow;
            session = store.dataSource.getConnection();
            session.setAutoCommit(!slow);
            try (var own = session.createStatement().executeQuery("select pg_backend_pid()")) {
                own.next();
                backend = own.getInt(1);
            }
        }

        /** Until the edit is made, or waits for a lock: only then has it been interleaved. */
        void begin(Connection watching) {
            making = CompletableFuture.runAsync(this::make, threads);
            await(() -> making.isDone() || waits(watching, "select cardinality(pg_blocking_pids(?)) > 0"));
            waited = !making.isDone();
        }

        private void make() {
            try (var execution = session.createStatement()) {
                execution.execute(edit.of(key));
            } catch (SQLException e) {
                refusal = e.getMessage();
            }
        }

        /** An open transaction ends as soon as the publish waits for it. */
        void finishIfWaitedFor(Connection watching) {
            if (slow && !finished && making != null && making.isDone()
                    && waits(watching, "select exists (select from pg_stat_activity where ? = any(pg_blocking_pids(pid)))")) {
                finish();
            }
        }

        void finish() {
            try {
                making.get(60, TimeUnit.SECONDS);
                if (slow && !finished) {
                    session.commit();
                }
                finished = true;
            } catch (SQLException | InterruptedException | ExecutionException | TimeoutException e) {
                throw new IllegalStateException(e);
            }
        }

        private boolean waits(Connection watching, String query) {
            try (PreparedStatement asked = watching.prepareStatement(query)) {
                asked.setInt(1, backend);
                try (var answer = asked.executeQuery()) {
                    answer.next();
                    return answer.getBoolean(1);
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        void close() throws SQLException {
            session.setAutoCommit(true);
            session.close();
        }

        @Override
        public String toString() {
            return edit + (slow ? " in an open transaction" : "");
        }
    }
}
