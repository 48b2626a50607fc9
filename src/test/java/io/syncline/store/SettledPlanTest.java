package io.syncline.store;

import io.syncline.change.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What is known of a plan since it was settled spares a publish a look, and hides nothing from it. */
@ExtendWith(Store.Closing.class)
class SettledPlanTest {
    private static final String SHOWN_AGAIN = "the source showed it again later in the same run, as it was";
    private final Store store = new Store(Store.pricebook());

    @Test
    void onlyALaterPageShowsARowAgain() {
        store.run("items", "{id: 1, name: 'a', version: 1}", "{id: 2, name: 'a', version: 1}");
        long run = store.open();
        store.stage(run, "items", "{id: 2, name: 'a', version: 1}");
        store.stage(run, "items", "{id: 1, name: 'b', version: 2}", "{id: 2, name: 'b', version: 2}", "{id: 3, name: 'b'}");
        assertThat(settled(run).shownAgain()).as("on an earlier page").isFalse();
        store.stage(run, "items", "{id: 4, name: 'b', version: 2}");
        assertThat(PlanFacts.of(JdbcClient.create(store.jdbc), items(), run).shownAgain()).as("there is a later page").isTrue();
        assertThat(settled(run).shownAgain()).as("and it showed others").isFalse();
        store.stage(run, "items", "{id: 2, name: 'a', version: 1}");
        assertThat(settled(run).shownAgain()).isTrue();
    }

    /** Promise 9: its marks said that it was newer when it was settled, and do so no more. */
    @Test
    void whatWasShownAgainIsTakenBackAlsoByWhatAnotherRunPublishedSince() {
        store.run("items", "{id: 1, name: 'a', version: 1}");
        long run = store.open();
        store.stage(run, "items", "{id: 1, name: 'b', version: 3}");
        store.stage(run, "items", "{id: 1, name: 'a', version: 1}");
        PublishOrder order = store.order(run, "default", false, published -> { });
        assertThat(store.counts.of(run, store.sync, store.entity("items"))).isEqualTo(Map.of(Outcome.UPDATE, 1L));
        store.run("items", "{id: 1, name: 'c', version: 4}");
        assertThat(store.publisher.publish(order).counts().get("items")).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(store.counts.whyStale(run, store.sync, store.entity("items"))).isEqualTo(Map.of("1", SHOWN_AGAIN));
    }

    /** What has changed since is counted anew, and what could be shown again still can. */
    @Test
    void aPlanThatChangedSinceIsLookedOverAgain() {
        store.run("items", "{id: 1, name: 'a'}");
        long run = store.open();
        store.stage(run, "items", "{id: 1, gone: true}", "{id: 2, name: 'b'}");
        PlanFacts facts = settled(run);
        assertThat(facts.counts()).isEqualTo(Map.of(Outcome.DELETE, 1L, Outcome.CREATE, 1L));
        assertThat(facts.deletes()).isTrue();
        assertThat(store.brake.apply(run, store.sync, store.entity("items"), "default", true, false)).isPresent();
        Published published = store.publisher.publish(new PublishOrder(run, store.sync, "default", List.of(store.entity("items")), store::classifier,
                entity -> facts.changed(), false, () -> { }, done -> { }));
        assertThat(published.counts().get("items")).isEqualTo(Map.of(Outcome.HELD, 1L, Outcome.CREATE, 1L));
        assertThat(store.count("syncline.attention where kind = 'held' and state = 'open'")).isOne();
        assertThat(settled(run).deletes()).as("whoever takes the run over puts the brake on again").isTrue();
    }

    /** However little is known of the plan's size, what was seen is passed once. */
    @Test
    void manyPlannedRowsAreNotComparedWithAllThatWasSeenOneByOne() {
        store.jdbc.execute("set session_replication_role = replica;"
                + " insert into pricebook.items (name, document, hash, st_id, st_hash, sync_status, st_synced_at)"
                + " select 'n', '{}', '', n::text, '', 'synced', now() from generate_series(1, 5000) n; set session_replication_role = origin");
        for (int rows : new int[] {3, 1000, 4000}) {
            long run = store.open();
            store.jdbc.update("""
                    insert into syncline_staging.pricebook__items (run_id, page, key, outcome, reason, row_id, writes, agrees, observed, gone)
                    select ?, row_id / 500, st_id, 'update', 'x', row_id, true, true, true, false from pricebook.items order by row_id desc limit ?""",
                    run, rows);
            store.jdbc.update("insert into syncline_staging.page (run_id, entity, number, seen) select ?, 'items', row_id / 500, array_agg(row_id)"
                    + " from pricebook.items group by row_id / 500", run);
            String statement = new Repeats(items()).isShownAgain().replace(":run", Long.toString(run));
            for (int look = 0; look < 2; look++) {
                List<String> plan = store.transaction.execute(status -> {
                    store.jdbc.execute("set local enable_nestloop = off");
                    return store.jdbc.queryForList("explain (analyze) " + statement, String.class);
                });
                assertThat(plan).as("%s rows", rows).noneMatch(line -> line.contains("Nested Loop")).anyMatch(line -> line.contains("ProjectSet")
                        && line.contains("loops=1"));
                store.staging.analyze(run, store.sync);
            }
            assertThat(settled(run).shownAgain()).isFalse();
        }
    }

    private EntityTable items() {
        return new EntityTable(store.sync, store.entity("items"));
    }

    private PlanFacts settled(long run) {
        return store.staging.settleRepeated(run, store.sync, store.entity("items"));
    }
}
