package io.syncline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.change.Outcome;
import io.syncline.store.Finding;
import org.springframework.stereotype.Component;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How often which outcome, in the order in which outcomes are told of. */
@Component
class OutcomeCounts {
    private static final List<String> ORDER = Stream.concat(Arrays.stream(Outcome.values()).map(Outcome::word),
            Arrays.stream(Finding.values()).map(Finding::word)).toList();

    private final ObjectMapper json;

    OutcomeCounts(ObjectMapper json) {
        this.json = json;
    }

    static Map<String, Long> none() {
        return new TreeMap<>(Comparator.comparingInt((String word) -> ORDER.indexOf(word)).thenComparing(word -> word));
    }

    /** As PostgreSQL has kept them; null for none. */
    Map<String, Long> read(String kept) {
        Map<String, Long> counts = none();
        if (kept == null) {
            return counts;
        }
        try {
            json.readTree(kept).fields().forEachRemaining(count -> counts.merge(count.getKey().toLowerCase(Locale.ROOT), count.getValue().asLong(), Long::sum));
            return counts;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("counts are always JSON", e);
        }
    }
}
