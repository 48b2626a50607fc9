package io.syncline.run;

import io.syncline.change.Stored;
import io.syncline.record.Observed;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** A page that shows a key twice is looked through for the newest; whether it does is told by what is stored of its keys. */
class RepeatedKeysTest {
    @Test
    void keysThatAreAllDifferentAreDistinctWhateverIsStored() {
        for (List<String> stored : List.of(List.<String>of(), List.of("a"), List.of("b", "c"), List.of("a", "b", "c"))) {
            assertThat(areDistinct(stored, "a", "b", "c")).as("stored %s", stored).isTrue();
        }
        assertThat(areDistinct(List.of())).isTrue();
    }

    @Test
    void aKeyThatIsThereTwiceIsFoundWhetherItIsStoredOrNot() {
        for (List<String> stored : List.of(List.<String>of(), List.of("a"), List.of("b"), List.of("a", "b"), List.of("a", "b", "c"), List.of("c"))) {
            for (String[] keys : new String[][] {{"a", "b", "c", "a"}, {"a", "a", "b", "c"}, {"b", "c", "a", "c"}, {"a", "b", "c", "b", "b"}}) {
                assertThat(areDistinct(stored, keys)).as("stored %s, shown %s", stored, Arrays.toString(keys)).isFalse();
            }
        }
    }

    @Test
    void recordsWithoutAKeyAreNoRepetition() {
        assertThat(areDistinct(List.of("a"), null, "a", null)).isTrue();
        assertThat(areDistinct(List.of(), null, null)).isTrue();
        assertThat(areDistinct(List.of("a"), null, "a", null, "a")).isFalse();
    }

    private static boolean areDistinct(List<String> stored, String... keys) {
        List<Observed> records = Stream.of(keys).map(key -> new Observed(key, null, null, null, true, List.of(), null)).toList();
        Map<String, Stored> rows = stored.stream().collect(Collectors.toMap(Function.identity(), key -> new Stored(1, 1, null, false, null, false, null)));
        return Judge.areDistinct(records, rows);
    }
}
