package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.change.Rules;
import io.syncline.record.FieldType;

import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Promise 4, with a person editing at the worst moments. */
@ExtendWith(Store.Closing.class)
class InterleavingTest {
    private final Store store = new Store(Store.pricebook());

    @Test
    void anEditBetweenStagingAndPublishBecomesAConflict() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}", "{id: 2, name: 'Pipe', price: 1}");
        long run = store.open();
        store.stage(run, "items", "{id: 1, name: 'Pump', price: 3}", "{id: 2, name: 'Pipe', price: 3}");
        store.jdbc.update("update pricebook.items set price = 2 where st_id = '1'");
        Published published = store.publish(run);
        assertThat(published.counts().get("items")).isEqualTo(Map.of(Outcome.CONFLICT, 1L, Outcome.UPDATE, 1L));
        assertThat(store.one("select string_agg(price::text, ' ' order by st_id) from pricebook.items", String.class)).isEqualTo("2 3");
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    @Test
    void anEditAtAnyMomentOfAPublishWaitsOrIsSeenAndIsNeverLost() throws Exception {
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
        List<String> steps = List.of("taken back items", "lock items", "log settled conflicts items", "supersede items", "update items", "attention items",
                "seal", "alongside");
        int price = 10;
        for (String step : steps) {
            int theirs = price++;
            int ours = 1000 + theirs;
            long run = store.open();
            store.stage(run, "items", "{id: 1, name: 'Pump', price: " + theirs + "}");
            AtomicReference<CompletableFuture<Integer>> edit = new AtomicReference<>();
            store.publisher.observedBy(now -> {
                if (now.equals(step)) {
                    edit.set(CompletableFuture.supplyAsync(() -> store.jdbc.update("update pricebook.items set price = ? where st_id = '1'", ours)));
                    store.awaitEffect(step, edit.get());
                }
            });
            store.publish(run);
            assertThat(edit.get().get(60, TimeUnit.SECONDS)).isEqualTo(1);
            store.publisher.observedBy(now -> { });
            assertThat(store.one("select price from pricebook.items", Integer.class)).as("an edit at " + step).isEqualTo(ours);
            assertThat(store.count("syncline.local_edit where after like ?", "%" + ours + "%")).isEqualTo(1);
            boolean conflict = store.one("select has_conflict from pricebook.items", Boolean.class);
            assertThat(conflict || store.one("select st_base from pricebook.items", String.class).contains(":" + theirs))
                    .as("theirs is agreed or in a conflict").isTrue();
            assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
            settle(theirs);
        }
    }

    /** The person decides for the source, so that the next round begins in agreement. */
    private void settle(int theirs) {
        store.transaction.executeWithoutResult(status -> {
            store.jdbc.execute("set local syncline.publishing = 'on'");
            store.jdbc.update("update pricebook.items set has_conflict = false, sync_status = 'pending_push'");
            store.jdbc.update("update syncline.conflict set state = 'settled', settled_by = 'test', settled_at = clock_timestamp(), settled_how = 'theirs'"
                    + " where state = 'open'");
        });
        long run = store.open();
        String agreed = store.one("select coalesce(st_base, document)::jsonb ->> 'price' from pricebook.items", String.class);
        store.jdbc.update("update pricebook.items set price = ?::numeric", agreed);
        store.publish(run);
        assertThat(store.one("select st_base is null from pricebook.items", Boolean.class)).isTrue();
        store.run("items", "{id: 1, name: 'Pump', price: " + theirs + "}");
    }

    @Test
    void aRecordCreatedByAnotherPublishMeanwhileIsJudgedAgain() {
        long slow = store.open();
        store.stage(slow, "items", "{id: 1, name: 'Pump', price: 1, version: 1}");
        store.run("items", "{id: 1, name: 'Pump', price: 2, version: 2}");
        assertThat(store.publish(slow).counts().get("items")).as("promise 9").isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(store.one("select price from pricebook.items", Integer.class)).isEqualTo(2);
    }

    @Test
    void whatARecordsOwnRunBroughtDuringALongRunIsNotReplacedByTheOlderShowing() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}", "{id: 2, name: 'Pipe', price: 1}", "{id: 3, name: 'Plug', price: 1}");
        long slow = store.open();
        store.stage(slow, "items", "{id: 1, name: 'Pump', price: 2}", "{id: 2, name: 'Pipe', price: 2}", "{id: 4, name: 'Nut', price: 2}");
        List<Change> absences = store.absences.next(slow, store.sync, store.entity("items"), "default", null, 10).stream()
                .map(absent -> store.classifier(store.entity("items")).absent(absent.stored())).toList();
        assertThat(absences).hasSize(1);
        store.stage(slow, store.entity("items"), "default", absences);
        store.run("items", "{id: 1, name: 'Pump', price: 3}", "{id: 2, gone: true}", "{id: 3, name: 'Plug', price: 3}", "{id: 4, name: 'Nut', price: 3}");
        assertThat(store.publish(slow).counts().get("items")).as("promise 9").isEqualTo(Map.of(Outcome.STALE, 3L, Outcome.UNCHANGED, 1L));
        assertThat(store.one("select string_agg(st_id || '=' || price, ' ' order by st_id) from pricebook.items_live", String.class)).isEqualTo("1=3 3=3 4=3");
    }

    /** Promises 2 and 7: the brake did not count it, and the watermark waits until it is read again. */
    @Test
    void whatTurnsOutToBeDeletedOnlyAfterTheBrakeIsReadAgain() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
        store.jdbc.update("update pricebook.items set price = 2");
        long run = store.open();
        store.stage(run, "items", "{id: 1, gone: true}");
        store.jdbc.update("update pricebook.items set price = 1");
        Published published = store.publish(run);
        assertThat(published.counts().get("items")).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(published.undecided()).containsExactly("items");
        assertThat(store.run("items", "{id: 1, gone: true}").counts().get("items")).isEqualTo(Map.of(Outcome.DELETE, 1L));
    }

    @Test
    void anAbsenceOfARowEditedMeanwhileIsAConflict() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
        long run = store.open();
        List<Change> changes = store.absences.next(run, store.sync, store.entity("items"), "default", null, 10).stream()
                .map(absent -> store.classifier(store.entity("items")).absent(absent.stored())).toList();
        store.stage(run, store.entity("items"), "default", changes);
        store.jdbc.update("update pricebook.items set price = 2");
        assertThat(store.publish(run).counts().get("items")).isEqualTo(Map.of(Outcome.CONFLICT, 1L));
        assertThat(store.one("select kind || (theirs is null) || key from syncline.conflict", String.class)).isEqualTo("deleted-theretrue1");
        assertThat(store.one("select deleted_at is null from pricebook.items", Boolean.class)).isTrue();
    }

    @Test
    void rowsThatStayLockedFailThePublishWithAClearMessageAndNothingIsWritten() throws Exception {
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
        long run = store.open();
        store.stage(run, "items", "{id: 1, name: 'Pump', price: 2}");
        try (Connection person = store.dataSource.getConnection()) {
            person.setAutoCommit(false);
            person.createStatement().execute("update pricebook.items set price = 9");
            store.publisher.lockTimeout("50ms");
            assertThatThrownBy(() -> store.publish(run)).isInstanceOf(PublishFailure.class)
                    .hasMessageContaining("another session keeps rows of pricebook locked");
            person.rollback();
        }
        assertThat(store.one("select price from pricebook.items", Integer.class)).isEqualTo(1);
        assertThat(store.publish(run).counts().get("items")).isEqualTo(Map.of(Outcome.UPDATE, 1L));
        assertThatThrownBy(() -> store.publish(run)).hasMessageContaining("is published already, as snapshot 2");
    }

    /** A micro publish beside a long one waits for it however long it takes: only rows held by people are given up on. */
    @Test
    void aPublishWaitsForAnotherOfItsSyncLongerThanForAPerson() throws Exception {
        store.publisher.lockTimeout("50ms");
        long run = store.open();
        store.stage(run, "items", "{id: 1, name: 'Pump', price: 2}");
        try (Connection other = store.dataSource.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("insert into syncline.turn (sync, organisation) values ('pricebook', 'default')");
            CompletableFuture<Published> waiting = CompletableFuture.supplyAsync(() -> store.publish(run));
            assertThatThrownBy(() -> waiting.get(1, TimeUnit.SECONDS)).isInstanceOf(java.util.concurrent.TimeoutException.class);
            other.rollback();
            assertThat(waiting.get(60, TimeUnit.SECONDS).counts().get("items")).isEqualTo(Map.of(Outcome.CREATE, 1L));
        }
    }

    @Test
    void whatFailsAlongsideLeavesNothingBehind() {
        long run = store.open();
        store.stage(run, "items", "{id: 1, name: 'Pump', price: 1}");
        assertThatThrownBy(() -> store.publisher.publish(store.order(run, "default", true, published -> {
            throw new IllegalStateException("no report");
        }))).hasMessage("no report");
        assertThat(store.count("pricebook.items") + store.count("syncline.snapshot where id > 0")).isZero();
    }

    @Test
    void aLostStagedPlanIsNeverTakenForAnEmptyOne() {
        long run = store.open();
        store.staging.stage(new StagedPage(run, store.sync, store.entity("items"), "default", 1, List.of(), new long[0]),
                () -> {
                    store.jdbc.update("insert into syncline.run_entity (run_id, entity, state, whole) values (?, 'items', 'reading', true)", run);
                    store.jdbc.update("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts)"
                            + " values (?, 'items', 1, 'source', 0, '{}')", run);
                });
        store.jdbc.update("delete from syncline_staging.page");
        assertThatThrownBy(() -> store.publish(run)).hasMessageContaining("was lost");
    }

    @Test
    void aPlanThatWasStagedForOtherFieldsIsNeverTakenForAnEmptyOne() {
        long run = store.open();
        store.staging.stage(new StagedPage(run, store.sync, store.entity("items"), "default", 1, List.of(), new long[0]),
                () -> {
                    store.jdbc.update("insert into syncline.run_entity (run_id, entity, state, whole) values (?, 'items', 'reading', true)", run);
                    store.jdbc.update("insert into syncline.run_page (run_id, entity, number, origin, delivered, counts)"
                            + " values (?, 'items', 1, 'source', 0, '{}')", run);
                });
        store.tables.migrate(Store.sync(Store.entity("items", Rules.Policy.REVIEW, false, Store.field("name", FieldType.TEXT),
                Store.field("price", FieldType.DECIMAL),
                Store.field("sold", FieldType.INTEGER), Store.field("active", FieldType.BOOLEAN), Store.field("tags", FieldType.JSON),
                Store.field("colour", FieldType.TEXT), Store.reference("category", "categories")),
                store.entity("categories")));
        assertThatThrownBy(() -> store.publish(run)).hasMessageContaining("was lost");
    }

    @Test
    void rowsOfAnotherOrganisationAreNeverTouched() {
        long theirs = store.open("other");
        store.stageFor("other", theirs, "items", "{id: 1, name: 'Theirs', price: 1}");
        store.publisher.publish(store.order(theirs, "other", false, published -> { }));
        store.run("items", "{id: 1, name: 'Ours', price: 2}");
        store.run("items", "{id: 1, name: 'Ours', price: 3}");
        assertThat(store.one("select name || price || revision from pricebook.items where org_id = 'other'", String.class)).isEqualTo("Theirs11");
        assertThat(store.count("syncline.snapshot where organisation = 'other' and number = 1")).isEqualTo(1);
        assertThat(store.chain.firstBroken("pricebook", "other")).isEmpty();
    }

    @Test
    void theSourceWinsOverAnEditMadeMeanwhileOnlyWithALog() {
        Store wins = new Store(Store.pricebook(Rules.Policy.SOURCE_WINS));
        wins.run("items", "{id: 1, name: 'Pump', price: 1}");
        long run = wins.open();
        wins.stage(run, "items", "{id: 1, name: 'Pump', price: 3}");
        wins.jdbc.update("update pricebook.items set price = 2");
        wins.publish(run);
        assertThat(wins.one("select ours from syncline.conflict where state = 'settled'", String.class)).contains("\"price\":2");
        assertThat(wins.count("pricebook.items_history where document like '%\"price\":2%'")).isEqualTo(1);
    }
}
