package io.syncline.store;

import io.syncline.change.Rules;
import io.syncline.change.Stored;
import io.syncline.record.FieldType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What was agreed is found again as it was, to the microsecond: a mark that came back otherwise would make a record new with every run. */
@ExtendWith(Store.Closing.class)
class StoredStatesTest {
    private static final List<String> TIMES = List.of("0001-01-01T00:00:00Z", "1582-10-10T12:00:00.000001Z", "1969-12-31T23:59:59.999999Z",
            "1970-01-01T00:00:00Z", "1999-12-31T23:59:59.999999Z", "2000-01-01T00:00:00Z", "2000-01-01T00:00:00.000001Z", "2024-02-29T23:59:59.123Z",
            "2026-11-22T12:30:00Z", "9999-12-31T23:59:59.999999Z");
    private static final List<Long> VERSIONS = List.of(0L, -1L, 1L, Long.MAX_VALUE, Long.MIN_VALUE);
    private final Store store = new Store(Store.sync(Store.entity("items", Rules.Policy.REVIEW, false, Store.field("name", FieldType.TEXT))));

    /** More often than PostgreSQL's driver takes to read a statement's answers in another form. */
    @Test
    void marksThatWereAgreedAreFoundAsTheyWere() {
        Map<String, Instant> times = new HashMap<>();
        Map<String, Long> versions = new HashMap<>();
        times.put("none", null);
        versions.put("none", null);
        TIMES.forEach(time -> times.put("at " + time, Instant.parse(time)));
        VERSIONS.forEach(version -> versions.put("version " + version, version));
        store.run("items", times.keySet().stream().map(key -> "{id: '" + key + "', name: 'x'" + (times.get(key) == null ? ""
                : ", modified: '" + times.get(key) + "'") + "}").toArray(String[]::new));
        store.run("items", versions.keySet().stream().filter(key -> versions.get(key) != null)
                .map(key -> "{id: '" + key + "', name: 'x', version: " + versions.get(key) + "}").toArray(String[]::new));
        for (int again = 0; again < 12; again++) {
            Map<String, Stored> found = find(times.keySet().toArray(String[]::new));
            times.forEach((key, time) -> assertThat(found.get(key).agreement().modifiedAt()).as(key).isEqualTo(time));
            times.forEach((key, time) -> assertThat(found.get(key).agreement().version()).as(key).isNull());
            Map<String, Stored> counted = find(versions.keySet().toArray(String[]::new));
            versions.forEach((key, version) -> assertThat(counted.get(key).agreement().version()).as(key).isEqualTo(version));
        }
    }

    /** A row that is asked for with all that there is to know has the same marks. */
    @Test
    void marksOfAnEditedRowAreTheSame() {
        for (String time : TIMES) {
            store.run("items", "{id: '" + time + "', name: 'x', modified: '" + time + "', version: 7}");
        }
        Map<String, Stored> before = find(TIMES.toArray(String[]::new));
        store.jdbc.update("update pricebook.items set name = 'edited'");
        Map<String, Stored> edited = find(TIMES.toArray(String[]::new));
        for (String time : TIMES) {
            assertThat(edited.get(time).localChange()).isNotNull();
            assertThat(edited.get(time).agreement()).usingRecursiveComparison().isEqualTo(before.get(time).agreement());
        }
    }

    private Map<String, Stored> find(String... keys) {
        return store.states.find(store.sync, store.entity("items"), "default", List.of(keys));
    }
}
