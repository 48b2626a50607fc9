package io.syncline.store;

import io.syncline.change.Outcome;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Promise 16 where it is kept: in the transaction that applies a plan, with others at work beside it. */
@ExtendWith(Store.Closing.class)
class PlanApplicationTest {
    private final Store store = new Store(Store.pricebook());
    private final PlanRows rows = new PlanRows(store.jdbc);

    /** A dry run under way. */
    private long begin() {
        long plan = store.open();
        store.jdbc.update("update syncline.run set dry_run = true, epoch = ? where id = ?", store.staging.epoch(), plan);
        return plan;
    }

    private void keep(long plan) {
        store.sync.entities().forEach(entity -> store.staging.settleRepeated(plan, store.sync, entity));
        store.jdbc.update("update syncline.run set state = 'planned', finished_at = clock_timestamp() where id = ?", plan);
        store.jdbc.update("""
                insert into syncline.plan (run_id, sync, organisation, epoch, counts, expires_at)
                select id, sync, organisation, epoch, '{}', clock_timestamp() + interval '1 hour' from syncline.run where id = ?""", plan);
    }

    private long plan(String entity, String... records) {
        long plan = begin();
        store.stage(plan, entity, records);
        keep(plan);
        return plan;
    }

    private long choose(long plan) {
        return choose(plan, null);
    }

    private long choose(long plan, Selection selection) {
        long run = store.one("""
                insert into syncline.run (sync, organisation, mode, applies, trigger, requested_by, state, started_at)
                values (?, 'default', 'apply', ?, 'test', 'test', 'running', clock_timestamp()) returning id""", Long.class, store.sync.name(), plan);
        store.sync.entities().forEach(entity -> rows.choose(run, plan, store.sync, entity, "default", selection));
        return run;
    }

    private Map<Outcome, Long> apply(long plan) {
        return store.publish(choose(plan)).counts().get("items");
    }

    private String moved(long plan, String key) {
        return rows.next(plan, store.sync, store.entity("items"), "default", null, null, key, null, 10).get(0).moved();
    }

    /** A whole read of the items that shows just these, published. */
    private void read(String... records) {
        long run = store.open();
        store.jdbc.update("insert into syncline.run_entity (run_id, entity, state, whole) values (?, 'items', 'published', true)", run);
        store.stage(run, "items", records);
        int page = store.one("select max(number) from syncline_staging.page where run_id = ?", Integer.class, run);
        store.jdbc.update("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts) values (?, 'items', ?, 'source', 1, '{}')", run,
                page);
        store.publish(run);
        store.jdbc.update("update syncline.run set state = 'published', finished_at = clock_timestamp() where id = ?", run);
    }

    @Test
    void whatWasPlannedIsAppliedAndTheSecondTimeNothing() {
        read("{id: 1, name: 'Pump', price: 1}", "{id: 2, name: 'Pipe', price: 1}");
        long plan = plan("items", "{id: 1, name: 'Pump', price: 2}", "{id: 2, name: 'Pipe', price: 1, gone: true}", "{id: 3, name: 'New', price: 3}");
        assertThat(apply(plan)).isEqualTo(Map.of(Outcome.UPDATE, 1L, Outcome.DELETE, 1L, Outcome.CREATE, 1L));
        List<String> told = store.jdbc.queryForList("select t::text from pricebook.items t order by row_id", String.class);
        assertThat(apply(plan)).isEqualTo(Map.of(Outcome.MOVED, 3L));
        assertThat(store.jdbc.queryForList("select t::text from pricebook.items t order by row_id", String.class)).isEqualTo(told);
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    /** Promise 4: either the edit is seen and the row set aside, or the edit waits and comes on top. */
    @Test
    void anEditAtAnyMomentOfAnApplicationIsNeverLost() throws Exception {
        read("{id: 1, name: 'Pump', price: 1}");
        int price = 10;
        for (String step : List.of("lock items", "set aside items", "supersede items", "update items", "attention items", "seal", "alongside")) {
            int theirs = price++;
            int ours = 1000 + theirs;
            long plan = plan("items", "{id: 1, name: 'Pump', price: " + theirs + "}");
            boolean conflicts = store.one("select count(*) > 0 from syncline_staging.pricebook__items where run_id = ? and outcome = 'conflict'",
                    Boolean.class, plan);
            AtomicReference<CompletableFuture<Integer>> edit = new AtomicReference<>();
            store.publisher.observedBy(now -> {
                if (now.equals(step)) {
                    edit.set(CompletableFuture.supplyAsync(() -> store.jdbc.update("update pricebook.items set price = ? where st_id = '1'", ours)));
                    store.awaitEffect(step, edit.get());
                }
            });
            Map<Outcome, Long> counts = apply(plan);
            assertThat(edit.get().get(60, TimeUnit.SECONDS)).isEqualTo(1);
            store.publisher.observedBy(now -> { });
            assertThat(counts).as(step).isEqualTo(step.equals("lock items") ? Map.of(Outcome.MOVED, 1L)
                    : Map.of(conflicts ? Outcome.CONFLICT : Outcome.UPDATE, 1L));
            assertThat(store.one("select price from pricebook.items", Integer.class)).as("an edit at " + step).isEqualTo(ours);
            assertThat(store.count("syncline.local_edit where after like ?", "%" + ours + "%")).isEqualTo(1);
            settle(ours);
        }
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    /** The source takes over what was edited, so the next plan is an update again. */
    private void settle(int price) {
        read("{id: 1, name: 'Pump', price: " + price + "}");
        assertThat(store.one("select not has_conflict and st_base is null from pricebook.items", Boolean.class)).isTrue();
    }

    /** C11: what a preview read before another run published, and judged after it, may be older than what is there (promise 9). */
    @Test
    void whatAPreviewReadWhileAnotherRunWasPublishedIsSetAside() {
        read("{id: 1, name: 'Pump', price: 1}", "{id: 2, name: 'Pipe', price: 1}");
        long plan = begin();
        read("{id: 1, name: 'Pump', price: 3}");
        store.stage(plan, "items", "{id: 1, name: 'Pump', price: 2}", "{id: 2, name: 'Pipe', price: 2}");
        keep(plan);
        assertThat(moved(plan, "1")).isEqualTo("another run has shown it since");
        assertThat(apply(plan)).isEqualTo(Map.of(Outcome.MOVED, 1L, Outcome.UPDATE, 1L));
        assertThat(store.one("select string_agg(price::text, ' ' order by st_id) from pricebook.items", String.class)).isEqualTo("3 2");
    }

    @Test
    void aShowingAsAgreedCountsOnlyWhereItCameAfterThePreviewHadBegun() {
        read("{id: 1, name: 'Pump', price: 1}", "{id: 2, name: 'Pipe', price: 1}");
        long beside = store.open();
        store.jdbc.update("insert into syncline.run_entity (run_id, entity, state, whole) values (?, 'items', 'published', true)", beside);
        store.stage(beside, "items", "{id: 2, name: 'Pipe', price: 1}");
        int page = store.one("select max(number) from syncline_staging.page where run_id = ?", Integer.class, beside);
        store.jdbc.update("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts) values (?, 'items', ?, 'source', 1, '{}')",
                beside, page);
        long plan = plan("items", "{id: 1, name: 'Pump', price: 2}", "{id: 2, name: 'Pipe', price: 2}");
        store.publish(beside);
        assertThat(moved(plan, "2")).as("shown before").isNull();
        read("{id: 1, name: 'Pump', price: 1}");
        assertThat(moved(plan, "1")).as("shown since").isEqualTo("another run has seen it at the source since, as it is here");
        assertThat(apply(plan)).isEqualTo(Map.of(Outcome.MOVED, 1L, Outcome.UPDATE, 1L));
    }

    /** C11: the same where the preview had read the row already and not staged it yet; nothing in the row tells of it, and no mark of which is the later. */
    @Test
    void whatAnotherRunSawAsItWasAgreedBetweenThePreviewsReadAndItsStagingIsSetAside() {
        read("{id: 1, name: 'Pump', price: 1}", "{id: 2, name: 'Pipe', price: 1}");
        long plan = begin();
        read("{id: 1, name: 'Pump', price: 1}");
        store.stage(plan, "items", "{id: 1, name: 'Pump', price: 2}", "{id: 2, name: 'Pipe', price: 2}");
        keep(plan);
        assertThat(moved(plan, "1")).isEqualTo("another run has seen it at the source since, as it is here");
        assertThat(apply(plan)).isEqualTo(Map.of(Outcome.MOVED, 1L, Outcome.UPDATE, 1L));
        assertThat(store.one("select string_agg(price::text, ' ' order by st_id) from pricebook.items", String.class)).isEqualTo("1 2");
    }

    /** Both together are fine; one without the other would close a circle. */
    @Test
    void aPartThatWouldMakeACircleIsSetAside() {
        store.run("categories", "{id: 1, name: 'Upper'}", "{id: 2, name: 'Lower', parent: '1'}");
        long plan = plan("categories", "{id: 1, name: 'Upper', parent: '2'}", "{id: 2, name: 'Lower'}");
        Selection part = new Selection(null, null, List.of(new Selection.Row("categories", "1")), null);
        long run = choose(plan, part);
        assertThat(store.publish(run).counts().get("categories")).isEqualTo(Map.of(Outcome.MOVED, 1L));
        assertThat(rows.setAside(run, store.sync, store.entity("categories"), 10)).singleElement()
                .satisfies(named -> assertThat(named.reason()).startsWith("is its own ancestor"));
        assertThat(store.publish(choose(plan)).counts().get("categories")).isEqualTo(Map.of(Outcome.UPDATE, 2L));
    }

    @Test
    void aRowThatWasTakenAwayBehindOurBackIsSetAside() {
        read("{id: 1, name: 'Pump', price: 1}");
        long plan = plan("items", "{id: 1, name: 'Pump', price: 2}");
        store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local syncline.publishing = 'on'");
            store.jdbc.update("delete from pricebook.items");
        });
        assertThat(apply(plan)).isEqualTo(Map.of(Outcome.MOVED, 1L));
    }

    @Test
    void aRowMadeMeanwhileUnderTheSameKeyIsSetAside() {
        long plan = plan("items", "{id: 1, name: 'Pump', price: 2}");
        store.run("items", "{id: 1, name: 'Pump', price: 3}");
        assertThat(moved(plan, "1")).endsWith("has written it since");
        assertThat(apply(plan)).isEqualTo(Map.of(Outcome.MOVED, 1L));
        assertThat(store.one("select price from pricebook.items", Integer.class)).isEqualTo(3);
    }

    @Test
    void aPlanOfARecordReadBeforeALongRunWasPublishedIsSetAside() {
        read("{id: 1, name: 'Pump', price: 1}");
        long plan = plan("items", "{id: 1, name: 'Pump', price: 2}");
        store.jdbc.update("update syncline.run set mode = 'single', entity = 'items', record_key = '1' where id = ?", plan);
        read();
        assertThat(apply(plan)).isEqualTo(Map.of(Outcome.MOVED, 1L));
    }

    @Test
    void aChosenPlanThatPostgresLosesIsNotPublished() {
        long plan = plan("items", "{id: 1, name: 'Pump', price: 2}");
        long run = choose(plan);
        store.jdbc.update("insert into syncline.run_entity (run_id, entity, state, whole) values (?, 'items', 'planned', false)", run);
        store.jdbc.update("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts) values (?, 'items', 1, 'plan', 1, '{}')", run);
        store.jdbc.update("delete from syncline_staging.page where run_id = ?", run);
        assertThatThrownBy(() -> store.publish(run)).isInstanceOf(PlanLost.class);
        assertThat(store.count("pricebook.items")).isZero();
    }
}
