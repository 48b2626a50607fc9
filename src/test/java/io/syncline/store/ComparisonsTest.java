package io.syncline.store;

import io.syncline.record.Observed;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** A comparison beside everything else that goes on: what was written meanwhile is not taken for apart. */
@ExtendWith(Store.Closing.class)
class ComparisonsTest {
    private final Store store = new Store(Store.pricebook());
    private final Comparisons comparisons = new Comparisons(store.jdbc);
    private int page = 100;

    /** A page is compared and kept, as a run does it. */
    private List<Comparisons.Compared> page(long run, String... records) {
        List<Observed> observed = Arrays.stream(records).map(record -> store.observed("items", record)).toList();
        List<Comparisons.Compared> compared = comparisons.compare(run, store.sync, store.entity("items"), "default", observed);
        long[] seen = compared.stream().filter(one -> one.row() != null && !one.again()).mapToLong(Comparisons.Compared::row).toArray();
        List<Comparisons.Kept> kept = compared.stream().filter(one -> one.finding() != Finding.MATCHED)
                .map(one -> new Comparisons.Kept("key " + one.observed().key(), one.observed().key(), one.finding(), one.observed(), null)).toList();
        store.staging.stage(new StagedPage(run, store.sync, store.entity("items"), "default", ++page, List.of(), seen),
                () -> {
                    comparisons.keepRows(run, store.entity("items"), page, seen);
                    comparisons.keep(run, store.entity("items"), page, kept);
                });
        return compared;
    }

    private void unseen(long run) {
        List<Comparisons.Kept> kept = comparisons.unseen(run, store.sync, store.entity("items"), "default", null, 100).stream()
                .map(key -> new Comparisons.Kept("key " + key, key, Finding.EXTRA, null, null)).toList();
        comparisons.keep(run, store.entity("items"), ++page, kept);
    }

    private Map<Finding, Long> afterAll(long run) {
        comparisons.lookAgain(run, store.sync, store.entity("items"), "default");
        return comparisons.counts(run, store.entity("items"));
    }

    @Test
    void whatAnotherRunBroughtMeanwhileMatchesWhenLookedAtAgain() {
        store.run("items", "{id: 1, price: 1}", "{id: 2, price: 1}", "{id: 3, price: 1}");
        long run = store.open();
        assertThat(page(run, "{id: 1, price: 2}", "{id: 4, price: 2}")).extracting(Comparisons.Compared::finding)
                .containsExactlyInAnyOrder(Finding.DIFFERENT, Finding.MISSING);
        unseen(run);
        assertThat(comparisons.counts(run, store.entity("items"))).isEqualTo(Map.of(Finding.DIFFERENT, 1L, Finding.MISSING, 1L, Finding.EXTRA, 2L));
        store.run("items", "{id: 1, price: 2}", "{id: 4, price: 2}", "{id: 2, gone: true}");
        assertThat(afterAll(run)).isEqualTo(Map.of(Finding.MATCHED, 3L, Finding.EXTRA, 1L));
    }

    @Test
    void ofWhatWasWrittenMeanwhileAndIsStillApartNothingIsSaidButThat() {
        store.run("items", "{id: 1, price: 1}", "{id: 2, price: 1}");
        long run = store.open();
        page(run, "{id: 1, price: 2}", "{id: 2, price: 2}");
        store.run("items", "{id: 1, price: 3}");
        assertThat(afterAll(run)).isEqualTo(Map.of(Finding.MOVED, 1L, Finding.DIFFERENT, 1L));
        assertThat(comparisons.examples(run, store.sync, store.entity("items"), "default")).extracting(Comparisons.Example::key, Comparisons.Example::finding)
                .containsExactly(org.assertj.core.api.Assertions.tuple("2", Finding.DIFFERENT), org.assertj.core.api.Assertions.tuple("1", Finding.MOVED));
    }

    @Test
    void aRowWrittenAfterItsPageIsNotExtra() {
        long run = store.open();
        store.run("items", "{id: 1, price: 1}");
        assertThat(comparisons.unseen(run, store.sync, store.entity("items"), "default", null, 10)).isEmpty();
    }

    @Test
    void ofARecordThatIsShownTwiceTheLaterShowingStands() {
        store.run("items", "{id: 1, price: 1}", "{id: 2, price: 1}");
        long run = store.open();
        page(run, "{id: 1, price: 2}", "{id: 2, price: 1}", "{id: 3, price: 1}");
        assertThat(page(run, "{id: 1, price: 1}", "{id: 2, price: 2}", "{id: 3, price: 2}")).filteredOn(one -> one.again()).hasSize(2);
        comparisons.shownAgain(run, store.entity("items"), "key 1", store.observed("items", "{id: 1, price: 1}"));
        assertThat(afterAll(run)).isEqualTo(Map.of(Finding.MATCHED, 1L, Finding.DIFFERENT, 1L, Finding.MISSING, 1L));
    }

    @Test
    void whatTheColumnsSayCountsAndNotWhatIsStoredBesideThem() {
        store.run("items", "{id: 1, name: 'Pump', price: 4.50, tags: ['b', {x: null}]}", "{id: 2, price: 1}");
        store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local syncline.publishing = 'on'");
            store.jdbc.update("update pricebook.items set price = 7 where st_id = '1'");
            store.jdbc.update("update pricebook.items set document = 'no json', hash = sha256('no json') where st_id = '2'");
        });
        long run = store.open();
        assertThat(page(run, "{id: 1, name: 'Pump', price: 7, tags: ['b', {x: null}]}")).extracting(Comparisons.Compared::finding)
                .containsExactly(Finding.MATCHED);
        assertThat(page(run, "{id: 2, price: 1}")).extracting(Comparisons.Compared::finding).containsExactly(Finding.DIFFERENT);
        store.staging.drop(run, store.sync);
        assertThat(store.count("syncline_staging.finding")).isZero();
    }

    @Test
    void findingsThatACrashOfPostgreSqlHasEmptiedAreMissed() {
        long run = store.open();
        page(run, "{id: 1, price: 1}");
        store.jdbc.update("insert into syncline.run_entity (run_id, entity, state, whole) values (?, 'items', 'reading', true)", run);
        store.jdbc.update("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts) values (?, 'items', ?, 'source', 1, '{}')", run,
                page);
        assertThat(store.staging.isLost(run, null)).isFalse();
        store.jdbc.update("delete from syncline_staging.page");
        assertThat(store.staging.isLost(run, null)).isTrue();
    }
}
