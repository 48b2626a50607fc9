package io.syncline.store;

import io.syncline.store.SetAside.Due;
import io.syncline.store.SetAside.Place;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Promise 8: what was set aside is tried again, each entry by one process at a time, and not too often. */
@ExtendWith(Store.Closing.class)
class SetAsideTest {
    private static final List<Place> ITEMS = List.of(new Place("pricebook", "items", "default"));
    private final Store store = new Store(Store.pricebook());
    private final SetAside setAside = new SetAside(store.jdbc, store.transaction, new Backoff(Duration.ofMinutes(1), 4, 5));

    private static String unfit(String id, String price) {
        return "{id: " + id + ", name: 'Pump', price: '" + price + "'}";
    }

    private void due() {
        store.jdbc.update("update syncline.attention set next_attempt_at = clock_timestamp() where state = 'open'");
    }

    private String entry(String key) {
        return store.one("select state || ' ' || attempts || ' ' || coalesce(round(extract(epoch from next_attempt_at - last_seen_at))::text, 'never')"
                + " from syncline.attention where key = ?", String.class, key);
    }

    @Test
    void eachEntryIsTakenByOneProcessAndNotAgainBeforeItsTime() {
        store.run("items", IntStream.range(0, 9).mapToObj(i -> unfit("" + i, "dear")).toArray(String[]::new));
        due();
        store.transaction.executeWithoutResult(status -> {
            store.jdbc.queryForList("select id from syncline.attention where key = '3' for update");
            Thread other = new Thread(() -> assertThat(setAside.take(ITEMS, 100)).hasSize(8).doesNotContain(new Due("pricebook", "items", "default", "3")));
            boolean[] failed = new boolean[1];
            other.setUncaughtExceptionHandler((thread, failure) -> failed[0] = true);
            other.start();
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            assertThat(failed[0]).as("what one process is taking, another passes over").isFalse();
        });
        assertThat(setAside.take(ITEMS, 100)).containsExactly(new Due("pricebook", "items", "default", "3"));
        assertThat(setAside.take(ITEMS, 100)).isEmpty();
    }

    @Test
    void onlyWhatCanBeAskedForIsTakenAndCounted() {
        store.run("items", unfit("1", "dear"), "{name: 'no key'}");
        due();
        assertThat(setAside.take(List.of(new Place("pricebook", "categories", "default"), new Place("pricebook", "items", "other")), 100)).isEmpty();
        assertThat(store.one("select sum(attempts) from syncline.attention", Long.class)).isEqualTo(2);
        assertThat(setAside.take(ITEMS, 100)).containsExactly(new Due("pricebook", "items", "default", "1"));
    }

    /** Where a source cannot be asked for one record, the next read is the retry; a read before its time is none. */
    @Test
    void aReadThatShowsAnEntryWhenItIsDueWasItsRetry() {
        store.run("items", unfit("1", "dear"));
        assertThat(entry("1")).isEqualTo("open 1 60");
        store.run("items", unfit("1", "dear"));
        assertThat(entry("1")).as("not due").startsWith("open 1 ");
        for (String then : List.of("open 2 240", "open 3 960", "open 4 3840", "open 5 15360", "open 6 never")) {
            due();
            store.run("items", unfit("1", "dear"));
            assertThat(entry("1")).isEqualTo(then);
        }
        store.run("items", unfit("1", "dear"));
        assertThat(entry("1")).isEqualTo("open 6 never");
        store.run("items", "{id: 1, name: 'Pump', price: 'dear', version: 2}");
        assertThat(entry("1")).as("news").isEqualTo("open 1 60");
    }

    @Test
    void whatAnswersDifferentlyToEachRetryIsNotAskedForForEver() {
        store.run("items", unfit("1", "dear"));
        due();
        assertThat(setAside.take(ITEMS, 100)).hasSize(1);
        long retry = store.open();
        asks(retry, "1", "retry");
        store.stage(retry, "items", "{id: 1, name: 'Pump', price: 'dear', version: 2}");
        store.publish(retry);
        assertThat(entry("1")).startsWith("open 2 ");
    }

    /** Records that people and retries ask for gather in one run, whoever asked first. */
    @Test
    void newsThatSomebodyElseAskedForIsNewsAlsoInARunThatARetryBegan() {
        store.run("items", unfit("1", "dear"), unfit("2", "dear"));
        due();
        setAside.take(ITEMS, 100);
        long gathered = store.open();
        asks(gathered, "1", "retry");
        asks(gathered, "2", "Ann");
        store.stage(gathered, "items", "{id: 1, name: 'Pump', price: 'dear', version: 2}", "{id: 2, name: 'Pump', price: 'dear', version: 2}");
        store.publish(gathered);
        assertThat(entry("1")).startsWith("open 2 ");
        assertThat(entry("2")).isEqualTo("open 1 60");
    }

    private void asks(long run, String key, String who) {
        store.jdbc.update("update syncline.run set mode = 'single', trigger = 'retry' where id = ?", run);
        store.jdbc.update("insert into syncline.run_record (run_id, key, requested_by) values (?, ?, ?)", run, key, who);
    }

    @Test
    void whatAWholeReadDidNotShowIsAskedForSoonOrGone() {
        store.run("items", unfit("1", "dear"), unfit("2", "dear"), "{name: 'no key'}", "{name: 'no key either'}");
        long run = store.open();
        store.stage(run, "items", unfit("2", "dear"), "{name: 'no key'}");
        store.publish(run);
        setAside.notShown(run, store.sync, store.entity("items"), "default", true);
        assertThat(setAside.take(ITEMS, 100)).as("the source is asked").containsExactly(new Due("pricebook", "items", "default", "1"));
        assertThat(store.count("syncline.attention where state = 'open' and key is null")).as("who has no key cannot be asked for").isOne();
        setAside.notShown(run, store.sync, store.entity("items"), "default", false);
        assertThat(store.one("select closed_how from syncline.attention where key = '1'", String.class))
                .isEqualTo("run " + run + " read everything and was not shown it");
        assertThat(entry("2")).startsWith("open 1 ");
        setAside.close(run, store.sync, store.entity("items"), "default", List.of("2", "9"));
        assertThat(entry("2")).startsWith("closed ");
    }

    @Test
    void waitsThatMakeNoSenseAreRefused() {
        for (Duration first : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> new Backoff(first, 4, 5)).hasMessageContaining("syncline.retry");
        }
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(1), 0, 5)).hasMessageContaining("factor");
        assertThat(new Backoff(Duration.ofDays(300), 4, 100).waits()).as("no wait is longer than a year").hasSize(100)
                .endsWith(Duration.ofDays(366).toMillis());
    }
}
