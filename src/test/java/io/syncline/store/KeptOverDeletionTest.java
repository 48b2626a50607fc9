package io.syncline.store;

import io.syncline.change.Outcome;
import io.syncline.change.Rules;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.config.WritesConfig;
import io.syncline.deliver.RealOutbox;
import io.syncline.record.FieldType;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** What was deleted there, is kept here, and is made anew because nothing brings it back: nothing of that is mixed up with the record that it was. */
@ExtendWith(Store.Closing.class)
class KeptOverDeletionTest {
    private final Store store = new Store(madeAnew());
    private final RealOutbox outbox = new RealOutbox(store.jdbc, store.transaction, store.sync, "default");

    private static SyncConfig madeAnew() {
        return Store.sync(written(Store.entity("items", Rules.Policy.LOCAL_WINS, false, Store.field("name", FieldType.TEXT),
                Store.reference("category", "categories"))),
                written(Store.entity("categories", Rules.Policy.LOCAL_WINS, false, Store.field("name", FieldType.TEXT))));
    }

    private static EntityConfig written(EntityConfig entity) {
        EntityConfig written = Store.written(entity);
        WritesConfig writes = written.writes();
        return new EntityConfig(written.name(), written.resource(), written.shape(), written.mapping(), written.rules(), false, written.brake(),
                written.match(), new WritesConfig(writes.create(), writes.update(), writes.delete(), null, null, null, true, List.of(), List.of(), null,
                writes.arrivesWithin()));
    }

    @AfterEach
    void theChainHolds() {
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    /** A category that waits to be made anew. */
    private void kept() {
        store.run("categories", "{id: 9, name: 'Pumps', version: 1}");
        store.run("categories", "{id: 9, gone: true, version: 2}");
        store.jdbc.update("update pricebook.categories set deleted_at = null");
        store.push();
        assertThat(entries()).containsExactly("create waiting formerly 9");
    }

    /** Nobody can tell whether it arrived. @param made what the system called it, or null */
    private UUID unknown(String made) {
        store.sent();
        store.jdbc.update("update syncline.push set state = 'unknown', reason = 'nobody can tell', claimed_by = null, claimed_until = null,"
                + " answered_key = ?", made);
        return store.one("select id from syncline.push", UUID.class);
    }

    private List<String> entries() {
        return store.jdbc.queryForList("select concat_ws(' ', action, state, key, 'formerly ' || former_key) from syncline.push order by number",
                String.class);
    }

    private String category() {
        return store.one("select concat_ws(' ', st_id, name, sync_status) from pricebook.categories order by row_id limit 1", String.class);
    }

    /** It was judged as this row before anybody knew that this row would be another record. */
    @Test
    void promise9WhatWasReadOfTheFormerRecordIsNotTakenForTheNewOne() {
        kept();
        long run = store.open();
        store.stage(run, "categories", "{id: 9, name: 'There again', version: 3}");
        store.answer("categories", "{id: 10, name: 'Pumps', version: 1}");
        assertThat(store.push().counts().get("categories")).isEqualTo(Map.of(Outcome.LINK, 1L));
        Published published = store.publish(run);
        assertThat(published.counts().get("categories")).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(published.undecided()).as("the mark does not pass it").containsExactly("categories");
        assertThat(category()).isEqualTo("10 Pumps synced");
        assertThat(store.run("categories", "{id: 9, name: 'There again', version: 3}").counts().get("categories")).isEqualTo(Map.of(Outcome.CREATE, 1L));
    }

    @Test
    void promise12WhatIsThereAgainIsNotMadeAnewBecauseNobodyKnewWhetherItWas() {
        kept();
        UUID entry = unknown(null);
        store.run("categories", "{id: 9, name: 'There again', version: 3}");
        assertThat(category()).isEqualTo("9 Pumps pending_push");
        outbox.settle(entry, false, null);
        assertThat(outbox.claim("worker", List.of(), List.of(entry), false)).as("it rests on a deletion that is not agreed any more").isEmpty();
        store.push();
        assertThat(entries()).containsExactly("create overtaken formerly 9", "update waiting 9");
    }

    @Test
    void whatIsMadeOnceMoreIsStillKnownByItsFormerKey() {
        kept();
        outbox.settle(unknown("10"), false, null);
        assertThat(entries()).containsExactly("create overtaken formerly 9", "create waiting formerly 9");
    }

    /** It is edited while the publish goes on that gives its parent another key, and once more before the next one. */
    @Test
    void aChildThatIsEditedMeanwhileIsGivenItsParentsNewKey() throws Exception {
        store.run("categories", "{id: 9, name: 'Pumps', version: 1}");
        store.run("items", "{id: 1, name: 'Pump', category: '9'}");
        kept();
        store.answer("categories", "{id: 10, name: 'Pumps', version: 1}");
        AtomicReference<CompletableFuture<Integer>> edit = new AtomicReference<>();
        store.publisher.observedBy(step -> {
            if (step.equals("name parents items") && edit.get() == null) {
                edit.set(CompletableFuture.supplyAsync(() -> store.jdbc.update("update pricebook.items set name = 'Pipe'")));
                store.awaitEffect(step, edit.get());
            }
        });
        store.push();
        assertThat(edit.get().get(60, TimeUnit.SECONDS)).isEqualTo(1);
        store.publisher.observedBy(step -> { });
        store.jdbc.update("update pricebook.items set name = 'Tube'");
        store.push();
        assertThat(store.one("select concat_ws(' ', name, category) from pricebook.items", String.class)).isEqualTo("Tube 10");
    }

    @Test
    void aChildThatBothSidesHaveDeletedIsGivenItsParentsNewKeyAndHasNothingToBeSent() {
        store.run("categories", "{id: 9, name: 'Pumps', version: 1}");
        store.run("items", "{id: 1, name: 'Gone', category: '9'}", "{id: 2, name: 'There', category: '9'}");
        store.run("items", "{id: 1, gone: true}");
        kept();
        store.answer("categories", "{id: 10, name: 'Pumps', version: 1}");
        store.push();
        assertThat(store.jdbc.queryForList("select concat_ws(' ', st_id, category, sync_status) from pricebook.items order by st_id", String.class))
                .containsExactly("1 10 synced", "2 10 pending_push");
        assertThat(entries()).containsExactly("create done formerly 9", "update waiting 2");
    }
}
