package io.syncline.store;

import io.syncline.config.EntityConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** What is absent, and how many absences are confirmed, does not depend on the way in which rows are counted and looked through. */
@ExtendWith(Store.Closing.class)
class AbsencesTest {
    private final Store store = new Store(Store.pricebook());
    private final EntityConfig items = store.entity("items");
    private final EntityTable table = new EntityTable(store.sync, items);

    /** Promise 6, and 29: rows of others are nobody's absences. */
    @Test
    void whatIsAbsentIsTheSameWhereNearlyAllWasSeen() {
        store.jdbc.execute("alter table pricebook.items set (autovacuum_enabled = false)");
        run("default", records(1, 60));
        run("elsewhere", records(58, 61));
        store.run("items", "{id: 57, gone: true}");
        long run = store.open();
        store.run("items", "{id: 56, name: 'agreed since'}");
        store.staging.stage(new StagedPage(run, store.sync, items, "default", 1, List.of(), rows(1, 30)), () -> { });
        store.staging.stage(new StagedPage(run, store.sync, items, "default", 2, List.of(), rows(30, 55)), () -> { });
        assertThat(store.absences.isNearlyAllSeen(table, run)).as("nothing is known of the table").isFalse();
        List<String> absent = absent(run);
        assertThat(absent).containsExactly("58", "59", "60");
        store.jdbc.execute("analyze pricebook.items");
        assertThat(store.absences.isNearlyAllSeen(table, run)).as("7 of 64 rows were not seen").isFalse();
        store.jdbc.execute("update pg_class set reltuples = 56 where oid = 'pricebook.items'::regclass");
        assertThat(store.absences.isNearlyAllSeen(table, run)).isTrue();
        assertThat(absent(run)).isEqualTo(absent);
        assertThat(absent(store.open())).as("nothing was seen").hasSize(59).doesNotContain("57").contains("56");
    }

    /** Promise 7: absences are confirmed one by one up to what the brake lets through, which is counted no further than it matters. */
    @Test
    void theBrakeLetsThroughTheSameHoweverFarLiveRowsAreCounted() {
        EntityConfig braked = new EntityConfig(items.name(), items.resource(), items.shape(), items.mapping(), items.rules(), false,
                new EntityConfig.Brake(10, 20));
        run("default", records(1, 49));
        run("elsewhere", records(1, 20));
        assertThat(store.brake.most(store.sync, braked, "default")).isEqualTo(9);
        run("default", records(50, 50));
        assertThat(store.brake.most(store.sync, braked, "default")).isEqualTo(10);
        run("default", records(51, 80));
        assertThat(store.brake.most(store.sync, braked, "default")).isEqualTo(10);
        assertThat(store.brake.most(store.sync, braked, "nowhere")).isEqualTo(5);
    }

    private List<String> absent(long run) {
        return store.absences.next(run, store.sync, items, "default", null, 100).stream().map(Absences.Absent::key).toList();
    }

    private void run(String organisation, String... records) {
        long run = store.open(organisation);
        store.stageFor(organisation, run, "items", records);
        store.publisher.publish(store.order(run, organisation, false, published -> { }));
    }

    private static String[] records(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(id -> "{id: " + id + "}").toArray(String[]::new);
    }

    private long[] rows(int from, int to) {
        return store.jdbc.queryForList("select row_id from pricebook.items where org_id = 'default' and st_id::int between ? and ?", Long.class, from, to)
                .stream().mapToLong(Long::longValue).toArray();
    }
}
