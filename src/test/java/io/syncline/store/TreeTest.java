package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.record.Observed;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Trees of any shape and depth, shown in any order: never an orphan, never a circle. */
@ExtendWith(Store.Closing.class)
class TreeTest {
    private Store store;

    @BeforeEach
    void open() {
        store = new Store(Store.pricebook());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void anyOrderOfAnyTreeGivesTheSameTable(long seed) {
        Random random = new Random(seed);
        Map<Integer, Integer> parents = tree(random, 1 + random.nextInt(60));
        List<Integer> order = new ArrayList<>(parents.keySet());
        Collections.shuffle(order, random);
        while (!order.isEmpty()) {
            List<Integer> part = order.subList(0, 1 + random.nextInt(order.size()));
            complete(stage(part.stream().map(key -> category(key, parents.get(key))).toList(), 1 + random.nextInt(7)));
            part.clear();
            assertThat(orphans()).isZero();
        }
        assertThat(table()).isEqualTo(expected(parents));
        assertThat(store.count("syncline.attention where state = 'open'")).isZero();

        // The same again with everything moved somewhere else, also below what was below it.
        Map<Integer, Integer> moved = tree(random, parents.size());
        complete(stage(moved.entrySet().stream().map(each -> category(each.getKey(), each.getValue())).toList(), 3));
        assertThat(table()).isEqualTo(expected(moved));
        assertThat(orphans()).isZero();
    }

    @Test
    void aTreeOfTenThousandLevelsComesInAndIsMovedLikeAnyOther() {
        int deep = 10_000;
        List<String> all = new ArrayList<>(IntStream.rangeClosed(1, deep).mapToObj(key -> category(key, key == 1 ? null : key - 1)).toList());
        Collections.shuffle(all, new Random(7));
        complete(stage(all, 500));
        assertThat(store.count("pricebook.categories")).isEqualTo(deep);
        assertThat(orphans()).isZero();

        long circle = stage(List.of(category(1, deep)), 1);
        assertThat(store.parking.park(circle, store.sync, "default", store.sync.entities())).isEqualTo(1);
        assertThat(store.one("select reason from syncline_staging.\"pricebook__categories\" where run_id = ?", String.class, circle))
                .startsWith("is its own ancestor: 1 → 10000 → 9999 → ").endsWith(" → … → 1");
        assertThatThrownBy(() -> edit("update pricebook.categories set parent = '10000' where st_id = '1'")).hasMessageContaining("its own ancestor")
                .hasMessageContaining("1 → 10000 → 9999").hasMessageContaining("… → 1");
        edit("update pricebook.categories set parent = '1' where st_id = '10000'");
    }

    @Test
    void aBranchThatWaitedComesBackAsAWholeHoweverItsKeysAreOrdered() {
        int deep = 1_000;
        List<String> all = IntStream.range(1, deep).mapToObj(key -> category(key, key + 1)).toList();
        complete(stage(all, 100));
        assertThat(store.count("syncline.attention where reason like 'waits for categories %' and state = 'open'")).isEqualTo(deep - 1);
        assertThat(store.count("pricebook.categories")).isZero();
        complete(stage(List.of(category(deep, null)), 1));
        assertThat(store.count("pricebook.categories")).isEqualTo(deep);
        assertThat(store.count("syncline.attention where state = 'open'")).isZero();
        assertThat(orphans()).isZero();
    }

    @Test
    void childrenOfADeletedParentStayAndAreItsChildrenAgainWhenItReturns() {
        store.run("categories", "{id: '1', name: 'a'}", "{id: '2', name: 'b', parent: '1'}", "{id: '3', name: 'c', parent: '2'}");
        store.run("categories", "{id: '1', name: 'a', gone: 'true'}");
        assertThat(table()).isEqualTo(Map.of("2", "1", "3", "2"));
        assertThat(orphans()).as("its row is kept").isZero();
        assertThat(store.count("syncline.attention where state = 'open'")).isZero();
        store.run("categories", "{id: '4', name: 'd', parent: '1'}", "{id: '2', name: 'b', gone: 'true', parent: '1'}", "{id: '3', name: 'c', gone: 'true'}");
        assertThat(table()).as("a child may come to a deleted parent, and a branch may go as a whole").isEqualTo(Map.of("4", "1"));
        store.run("categories", "{id: '1', name: 'back'}");
        assertThat(table()).isEqualTo(Map.of("1", "", "4", "1"));
        assertThat(orphans()).isZero();
    }

    @Test
    void aCircleOfTenThousandIsParkedAsAWhole() {
        int length = 10_000;
        long run = stage(IntStream.rangeClosed(1, length).mapToObj(key -> category(key, key == 1 ? length : key - 1)).toList(), 500);
        assertThat(store.parking.park(run, store.sync, "default", store.sync.entities())).isEqualTo(length);
        assertThat(store.count("syncline_staging.\"pricebook__categories\" where outcome = 'parked' and reason like 'is its own ancestor%'")).isEqualTo(length);
    }

    @Test
    void whatIsParkedKeepsItsPlaceAndNobodyIsPutBelowIt() {
        store.run("categories", "{id: '1', name: 'a'}", "{id: '2', name: 'b', parent: '1'}");
        // 2 becomes the root and 1 goes below a parent that is not there: so 1 stays a root, and 2 may go anywhere but stays fine.
        long run = stage(List.of("{id: '2', name: 'b'}", "{id: '1', name: 'a', parent: '2'}"), 2);
        assertThat(store.parking.park(run, store.sync, "default", store.sync.entities())).as("turned round").isZero();
        store.publish(run);
        assertThat(table()).isEqualTo(Map.of("1", "2", "2", ""));

        long again = stage(List.of("{id: '1', name: 'a', parent: 'nobody'}", "{id: '2', name: 'b', parent: '1'}"), 2);
        assertThat(store.parking.park(again, store.sync, "default", store.sync.entities())).isEqualTo(2);
        store.publish(again);
        assertThat(table()).isEqualTo(Map.of("1", "2", "2", ""));
        assertThat(store.one("select reason from syncline.attention where key = '2'", String.class)).isEqualTo("is its own ancestor: 2 → 1 → 2");
    }

    @Test
    void anEditThatWouldCloseACircleIsRefusedWithTheWayAndAHint() {
        store.run("categories", "{id: '10', name: 'a'}", "{id: '12', name: 'b', parent: '10'}", "{id: '14', name: 'c', parent: '12'}");
        Throwable refused = catchThrowable(() -> edit("update pricebook.categories set parent = '14' where st_id = '10'"));
        assertThat(refused).hasMessageContaining("10 of pricebook.categories would be its own ancestor: 10 → 14 → 12 → 10")
                .hasMessageContaining("Hint: Give it a parent that is not below it");
        assertThatThrownBy(() -> edit("update pricebook.categories set parent = '12' where st_id = '12'")).hasMessageContaining("12 → 12");
        edit("update pricebook.categories set parent = null where st_id = '12'");
        assertThat(store.count("pricebook.categories where parent_row is not null")).as("who loses the key loses the parent").isOne();
        edit("update pricebook.categories set parent = '14' where st_id = '10'");
        assertThat(table()).isEqualTo(Map.of("10", "14", "12", "", "14", "12"));
    }

    @Test
    void twoPeopleWhoMoveAtOnceCloseNoCircle() throws Exception {
        store.run("categories", "{id: '1', name: 'a'}", "{id: '2', name: 'b'}");
        try (Connection one = store.dataSource.getConnection(); Statement first = one.createStatement()) {
            one.setAutoCommit(false);
            first.executeUpdate("update pricebook.categories set parent = '2' where st_id = '1'");
            CompletableFuture<Throwable> other = CompletableFuture.supplyAsync(
                    () -> catchThrowable(() -> edit("update pricebook.categories set parent = '1' where st_id = '2'")));
            untilSomebodyWaits();
            one.commit();
            assertThat(other.get(60, TimeUnit.SECONDS)).hasMessageContaining("2 → 1 → 2");
        }
        assertThat(circles()).isZero();
    }

    @Test
    void aPersonsMoveBetweenPlanAndPublishClosesNoCircle() {
        store.run("categories", "{id: '1', name: 'a'}", "{id: '2', name: 'b'}");
        long run = stage(List.of("{id: '1', name: 'a', parent: '2'}", "{id: '3', name: 'below', parent: '1'}"), 1);
        assertThat(store.parking.park(run, store.sync, "default", store.sync.entities())).isZero();
        edit("update pricebook.categories set parent = '1' where st_id = '2'");
        Published published = store.publish(run);
        assertThat(published.counts().get("categories")).isEqualTo(Map.of(Outcome.PARKED, 1L, Outcome.CREATE, 1L));
        assertThat(circles()).isZero();
        assertThat(store.one("select reason from syncline.attention where key = '1'", String.class)).isEqualTo("is its own ancestor: 1 → 2 → 1");
    }

    @Test
    void aPersonsMoveWhileAPublishIsWritingWaitsForItAndIsRefused() throws Exception {
        store.run("categories", "{id: '1', name: 'a'}", "{id: '2', name: 'b'}");
        long run = stage(List.of("{id: '1', name: 'a', parent: '2'}"), 1);
        List<CompletableFuture<Throwable>> others = new ArrayList<>();
        store.publisher.observedBy(step -> {
            if (step.equals("supersede categories")) {
                others.add(CompletableFuture.supplyAsync(() -> catchThrowable(() -> edit("update pricebook.categories set parent = '1' where st_id = '2'"))));
                untilSomebodyWaits();
            }
        });
        store.publish(run);
        assertThat(others).hasSize(1);
        assertThat(others.get(0).get(60, TimeUnit.SECONDS)).hasMessageContaining("2 → 1 → 2");
        assertThat(circles()).isZero();
        assertThat(table()).isEqualTo(Map.of("1", "2", "2", ""));
    }

    private void untilSomebodyWaits() {
        org.awaitility.Awaitility.await().until(() -> store.count("pg_stat_activity where wait_event_type = 'Lock' and query like '%st_id = ''2''%'") > 0);
    }

    private void edit(String statement) {
        try (Connection connection = store.dataSource.getConnection(); Statement sql = connection.createStatement()) {
            sql.executeUpdate(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** A forest of the keys from 1 on. */
    private static Map<Integer, Integer> tree(Random random, int size) {
        List<Integer> keys = new ArrayList<>(IntStream.rangeClosed(1, size).boxed().toList());
        Collections.shuffle(keys, random);
        Map<Integer, Integer> parents = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            parents.put(keys.get(i), i == 0 || random.nextInt(8) == 0 ? null : keys.get(random.nextBoolean() ? i - 1 : random.nextInt(i)));
        }
        return parents;
    }

    private static String category(int key, Integer parent) {
        return "{id: '" + key + "', name: 'c" + key + "'" + (parent == null ? "" : ", parent: '" + parent + "'") + "}";
    }

    private long stage(List<String> records, int page) {
        long run = store.open();
        for (int from = 0; from < records.size(); from += page) {
            store.stage(run, "categories", records.subList(from, Math.min(from + page, records.size())).toArray(String[]::new));
        }
        return run;
    }

    /** As a run does: takes back who waited, parks who has to wait, and publishes. */
    private void complete(long run) {
        String last = null;
        List<Observed> returning;
        do {
            returning = store.parking.returning(run, store.sync, store.entity("categories"), "default", last, 500);
            List<Change> changes = returning.stream().map(observed -> store.classifier(store.entity("categories")).classify(observed, null)).toList();
            if (!changes.isEmpty()) {
                store.stage(run, store.entity("categories"), "default", changes);
                last = returning.get(returning.size() - 1).key();
            }
        } while (!returning.isEmpty());
        store.staging.analyze(run, store.sync);
        store.parking.park(run, store.sync, "default", store.sync.entities());
        store.publish(run);
        store.jdbc.update("update syncline.run set state = 'published', finished_at = clock_timestamp() where id = ?", run);
        assertThat(store.count("syncline_staging.climb")).isZero();
    }

    private long orphans() {
        return store.count("pricebook.categories c left join pricebook.categories p on p.row_id = c.parent_row where c.parent is not null"
                + " and p.st_id is distinct from c.parent");
    }

    private long circles() {
        return store.count("pricebook.categories a join pricebook.categories b on b.parent_row = a.row_id where a.parent_row = b.row_id");
    }

    private Map<String, String> table() {
        Map<String, String> table = new TreeMap<>();
        store.jdbc.query("select st_id, coalesce(parent, '') from pricebook.categories where deleted_at is null",
                row -> { table.put(row.getString(1), row.getString(2)); });
        return table;
    }

    private static Map<String, String> expected(Map<Integer, Integer> parents) {
        Map<String, String> expected = new TreeMap<>();
        parents.forEach((key, parent) -> expected.put(key.toString(), parent == null ? "" : parent.toString()));
        return expected;
    }
}
