package io.syncline.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** Promises 1 and 4: a person edits by SQL at every step of a publish that settles an answer; the edit is in it, or it waits, and it is sent in any case. */
@ExtendWith(Store.Closing.class)
class SettledInterleavingTest {
    private final Store store = new Store(Store.twoWay());

    @Test
    void anEditAtAnyMomentOfASettlementIsInOrWaitsAndIsSentNext() throws Exception {
        store.run("items", "{id: 1, name: 'Pump', price: 0}");
        List<String> steps = steps();
        assertThat(steps).contains("settle items", "supersede items", "update items", "touch items", "overtake pushes items", "fill outbox items",
                "seal", "alongside");
        int price = 10;
        for (String step : steps) {
            price += 10;
            int ours = 1000 + price;
            // The system writes the name in its own way, so the settlement makes a new version.
            store.jdbc.update("update pricebook.items set price = ?, name = ?", price, " pump " + price);
            store.push();
            store.answer("items", "{id: 1, name: 'PUMP " + price + "', price: " + price + "}");
            AtomicReference<CompletableFuture<Integer>> edit = new AtomicReference<>();
            store.publisher.observedBy(now -> {
                if (now.equals(step) && edit.get() == null) {
                    edit.set(CompletableFuture.supplyAsync(() -> store.jdbc.update("update pricebook.items set price = ? where st_id = '1'", ours)));
                    store.awaitEffect(step, edit.get());
                }
            });
            store.push();
            assertThat(edit.get().get(60, TimeUnit.SECONDS)).isEqualTo(1);
            store.publisher.observedBy(now -> { });
            assertThat(store.one("select price || ' ' || name || ' ' || has_conflict from pricebook.items", String.class)).as("an edit at " + step)
                    .isEqualTo(ours + " PUMP " + price + " false");
            store.push();
            assertThat(store.one("select document || ' on ' || agreed from syncline.push where state = 'waiting'", String.class)).as("an edit at " + step)
                    .isEqualTo("{\"name\":\"PUMP " + price + "\",\"price\":" + ours + "} on {\"name\":\"PUMP " + price + "\",\"price\":" + price + "}");
            assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
            store.answer("items", "{id: 1, name: 'PUMP " + price + "', price: " + ours + "}");
            store.push();
            assertThat(store.one("select sync_status from pricebook.items", String.class)).isEqualTo("synced");
        }
    }

    /** Those that a settlement goes through. */
    private List<String> steps() {
        List<String> steps = new ArrayList<>();
        store.jdbc.update("update pricebook.items set price = 1, name = ' pump '");
        store.push();
        store.answer("items", "{id: 1, name: 'PUMP', price: 1}");
        store.publisher.observedBy(steps::add);
        store.push();
        store.publisher.observedBy(now -> { });
        return steps.stream().distinct().filter(step -> !step.endsWith(" categories")).toList();
    }
}
