package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.record.Observed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** What completes a plan: absences, parking, the brake; and the list of what waits. */
@ExtendWith(Store.Closing.class)
class CompletionTest {
    private final Store store = new Store(Store.pricebook());

    private List<String> absent(long run) {
        List<String> keys = new ArrayList<>();
        for (List<Absences.Absent> batch = next(run, null); !batch.isEmpty(); batch = next(run, keys.get(keys.size() - 1))) {
            batch.forEach(absent -> keys.add(absent.key()));
        }
        return keys;
    }

    private List<Absences.Absent> next(long run, String after) {
        return store.absences.next(run, store.sync, store.entity("items"), "default", after, 2);
    }

    private void stageAbsences(long run) {
        List<Change> deletes = store.absences.next(run, store.sync, store.entity("items"), "default", null, 10_000).stream()
                .map(absent -> store.classifier(store.entity("items")).absent(absent.stored())).toList();
        store.stage(run, store.entity("items"), "default", deletes);
    }

    private static String[] items(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "{id: " + i + ", name: 'N'}").toArray(String[]::new);
    }

    @Test
    void absentIsWhatALiveRowIsThatTheRunDidNotSee() {
        store.run("items", items(10, 20));
        store.run("items", "{id: 12, name: 'N', gone: true}");
        long other = store.open("other");
        store.stageFor("other", other, "items", "{id: 99, name: 'N'}");
        store.publisher.publish(store.order(other, "other", false, published -> { }));
        store.jdbc.update("insert into pricebook.items (name) values ('never pushed')");
        long run = store.open();
        store.stage(run, "items", items(10, 15));
        assertThat(absent(run)).containsExactly("15", "16", "17", "18", "19");
        store.run("items", "{id: 16, name: 'changed beside the run'}", "{id: 77, name: 'created beside the run'}");
        assertThat(absent(run)).as("what came beside the run may have been too late for its page").containsExactly("15", "17", "18", "19");
    }

    @Test
    void aDeletedRowThatReturnsIsRestoredWithANewVersion() {
        store.run("items", items(1, 3));
        long run = store.open();
        store.stage(run, "items", items(1, 2));
        stageAbsences(run);
        assertThat(store.publish(run).counts().get("items")).isEqualTo(Map.of(Outcome.DELETE, 1L));
        assertThat(store.one("select deleted_by_side from pricebook.items where st_id = '2'", String.class)).isEqualTo("st");
        assertThat(store.run("items", items(1, 3)).counts().get("items")).isEqualTo(Map.of(Outcome.RESTORE, 1L));
        assertThat(store.count("pricebook.items_live")).isEqualTo(2);
        assertThat(store.count("pricebook.items_history where deleted")).isEqualTo(1);
    }

    @Test
    void tooManyDeletesAreHeldAndTheRestGoesOn() {
        store.run("items", items(0, 100));
        long run = store.open();
        store.stage(run, "items", items(0, 79));
        store.stage(run, "items", "{id: 500, name: 'new'}");
        stageAbsences(run);
        assertThat(store.brake.apply(run, store.sync, store.entity("items"), "default", false, false))
                .hasValue("21 deletes of 100 live rows are more than the limit of 20 %, so they wait for approval");
        assertThat(store.publish(run).counts().get("items")).isEqualTo(Map.of(Outcome.HELD, 21L, Outcome.CREATE, 1L));
        assertThat(store.count("pricebook.items_live")).isEqualTo(101);
        assertThat(store.count("syncline.attention where kind = 'held' and state = 'open' and key is not null and row_id is not null")).isEqualTo(21);
        store.run("items", items(0, 100));
        assertThat(store.count("syncline.attention where state = 'open'")).as("seen again").isZero();
    }

    /** A run that was taken over may come to its brake a second time. */
    @Test
    void theBrakeAppliedAgainLeavesWhatIsHeldAndTellsTheSame() {
        store.run("items", items(0, 100));
        long run = store.open();
        store.stage(run, "items", items(0, 79));
        stageAbsences(run);
        String why = store.brake.apply(run, store.sync, store.entity("items"), "default", false, false).orElseThrow();
        assertThat(store.brake.apply(run, store.sync, store.entity("items"), "default", false, false)).hasValue(why);
        store.stage(run, "items", "{id: 3, name: 'N', gone: true}");
        assertThat(store.brake.apply(run, store.sync, store.entity("items"), "default", false, false)).as("what came since is held with them").hasValue(why);
        assertThat(store.counts.of(run, store.sync, store.entity("items"))).isEqualTo(Map.of(Outcome.HELD, 22L));
        assertThat(store.one("select count(distinct reason) from syncline_staging.\"pricebook__items\" where outcome = 'held'", Long.class)).isOne();
    }

    @Test
    void approvedDeletesPassTheBrakeAndDoNotCount() {
        store.run("items", items(0, 100));
        long run = store.open();
        store.stage(run, "items", items(0, 75));
        stageAbsences(run);
        store.jdbc.update("insert into syncline.approval select ?, 'items', row_id from pricebook.items where st_id in ('95', '96', '97', '98', '99')", run);
        assertThat(store.brake.apply(run, store.sync, store.entity("items"), "default", false, false)).as("20 are within the limit").isEmpty();
        assertThat(store.brake.apply(run, store.sync, store.entity("items"), "default", true, false))
                .hasValueSatisfying(why -> assertThat(why).contains("20 deletes wait"));
        assertThat(store.counts.of(run, store.sync, store.entity("items"))).isEqualTo(Map.of(Outcome.HELD, 20L, Outcome.DELETE, 5L));
    }

    @Test
    void fewDeletesPassTheBrakeUnlessTheAnswerWasEmpty() {
        store.run("items", items(0, 3));
        long run = store.open();
        stageAbsences(run);
        assertThat(store.brake.apply(run, store.sync, store.entity("items"), "default", false, false)).isEmpty();
        assertThat(store.brake.apply(run, store.sync, store.entity("items"), "default", true, false))
                .hasValueSatisfying(why -> assertThat(why).contains("answer was empty"));
        assertThat(store.counts.of(run, store.sync, store.entity("items"))).isEqualTo(Map.of(Outcome.HELD, 3L));
    }

    @Test
    void anOrphanIsParkedWithThoseBelowItAndReturnsWhenItsParentComes() {
        long run = store.open();
        store.stage(run, "items", "{id: 1, name: 'orphan', category: 'c'}", "{id: 2, name: 'fine', category: 'ok'}", "{id: 3, name: 'free'}");
        store.stage(run, "categories", "{id: 'ok', name: 'OK'}", "{id: 'c', name: 'child', parent: 'b'}", "{id: 'b', name: 'below', parent: 'missing'}");
        assertThat(store.parking.park(run, store.sync, "default", store.sync.entities())).isEqualTo(3);
        Published published = store.publish(run);
        assertThat(published.counts()).isEqualTo(Map.of("items", Map.of(Outcome.CREATE, 2L, Outcome.PARKED, 1L), "categories", Map.of(Outcome.CREATE, 1L,
                Outcome.PARKED, 2L)));
        assertThat(store.one("select reason from syncline.attention where key = '1'", String.class))
                .isEqualTo("waits for categories c, which is not there yet (category)");
        assertThat(store.count("syncline.attention where kind = 'parked' and state = 'open'")).isEqualTo(3);

        long later = store.open();
        store.stage(later, "categories", "{id: 'missing', name: 'here now'}");
        for (String entity : List.of("categories", "items")) {
            List<Observed> returning = store.parking.returning(later, store.sync, store.entity(entity), "default", null, 10);
            assertThat(returning).as("all levels come back at once").hasSize(entity.equals("items") ? 1 : 2);
            List<Change> changes = returning.stream().map(observed -> store.classifier(store.entity(entity)).classify(observed, null)).toList();
            store.stage(later, store.entity(entity), "default", changes);
        }
        assertThat(store.parking.returning(later, store.sync, store.entity("items"), "default", null, 10)).isEmpty();
        assertThat(store.parking.park(later, store.sync, "default", store.sync.entities())).isZero();
        store.publish(later);
        assertThat(store.count("syncline.attention where state = 'open'")).isZero();
        assertThat(store.one("select string_agg(c.name, ' ') from pricebook.items i join pricebook.categories c on c.row_id = i.category_row"
                + " where i.st_id = '1'", String.class)).isEqualTo("child");
        assertThat(store.count("pricebook.categories where parent is not null and parent_row is null")).isZero();
    }

    @Test
    void aCircleIsParkedWithTheWayItGoes() {
        long run = store.open();
        store.stage(run, "categories", "{id: 'a', name: 'A', parent: 'b'}", "{id: 'b', name: 'B', parent: 'c'}", "{id: 'c', name: 'C', parent: 'a'}",
                "{id: 'd', name: 'D', parent: 'a'}",
                "{id: 'e', name: 'E'}");
        assertThat(store.parking.park(run, store.sync, "default", store.sync.entities())).isEqualTo(4);
        store.publish(run);
        assertThat(store.one("select reason from syncline.attention where key = 'a'", String.class)).isEqualTo("is its own ancestor: a → b → c → a");
        assertThat(store.one("select reason from syncline.attention where key = 'd'", String.class)).startsWith("waits for categories a");
        assertThat(store.count("pricebook.categories")).isEqualTo(1);
        store.run("categories", "{id: 'e', name: 'E'}", "{id: 'f', name: 'F', parent: 'e'}");
        long moved = store.open();
        store.stage(moved, "categories", "{id: 'e', name: 'E', parent: 'f'}");
        assertThat(store.parking.park(moved, store.sync, "default", store.sync.entities())).as("a circle over a row that is there").isEqualTo(1);
    }

    @Test
    void aRejectedRecordIsOneEntryUntilItSucceeds() {
        store.run("items", "{id: 1, name: 'Pump', price: 'dear'}", "{name: 'no key'}", "{id: 2, name: 'fine'}");
        store.run("items", "{id: 1, name: 'Pump', price: 'very dear'}");
        assertThat(store.one("select attempts || ' ' || reason from syncline.attention where key = '1'", String.class))
                .isEqualTo("1 price: \"very dear\" is not a decimal number");
        assertThat(store.count("syncline.attention where key is null and subject like 'unreadable key%'")).isEqualTo(1);
        store.run("items", "{id: 1, name: 'Pump', price: 3}");
        assertThat(store.one("select state || closed_how from syncline.attention where key = '1'", String.class)).startsWith("closedrun ");
    }

    @Test
    void aRecordShownTwiceInARunHasOneOutcomeThatCounts() {
        long run = store.open();
        store.stage(run, "items", "{id: 1, name: 'old', version: 1}");
        store.stage(run, "items", "{id: 1, name: 'new', version: 2}");
        assertThat(store.publish(run).counts().get("items")).isEqualTo(Map.of(Outcome.CREATE, 1L, Outcome.STALE, 1L));
        assertThat(store.one("select name from pricebook.items", String.class)).isEqualTo("new");
    }

    @Test
    void stagingAPageAgainReplacesItAndDroppingARunLeavesOthersAlone() {
        long run = store.open();
        long other = store.open();
        for (int i = 0; i < 2; i++) {
            List<Change> changes = List.of(store.classifier(store.entity("items")).classify(store.observed("items", "{id: 1, name: 'N'}"), null));
            store.staging.stage(new StagedPage(run, store.sync, store.entity("items"), "default", 1, changes, new long[] {7}), () -> { });
            store.staging.stage(new StagedPage(other, store.sync, store.entity("items"), "default", 1, changes, new long[0]), () -> { });
        }
        assertThat(store.counts.of(run, store.sync, store.entity("items"))).isEqualTo(Map.of(Outcome.CREATE, 1L));
        assertThat(store.one("select sum(cardinality(seen)) from syncline_staging.page", Integer.class)).isEqualTo(1);
        store.staging.drop(run, store.sync);
        assertThat(store.counts.of(run, store.sync, store.entity("items"))).isEmpty();
        assertThat(store.counts.of(other, store.sync, store.entity("items"))).isEqualTo(Map.of(Outcome.CREATE, 1L));
        assertThat(store.staging.epoch()).isEqualTo(store.staging.epoch());
    }

    @Test
    void onlyMarksThatMovedAreTouchedWithoutHistoryOrSnapshot() {
        store.run("items", "{id: 1, name: 'N', version: 1}");
        assertThat(store.run("items", "{id: 1, name: 'N', version: 2}").snapshot()).isNull();
        assertThat(store.one("select st_version || ' ' || snapshot_id || ' ' || revision from pricebook.items", String.class)).isEqualTo("2 1 2");
        assertThat(store.count("pricebook.items_history")).isZero();
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }
}
