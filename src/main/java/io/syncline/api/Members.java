package io.syncline.api;

import java.util.LinkedHashMap;
import java.util.Map;

/** Members of a JSON object in the order in which they were named; those of {@code Map.of} come in another order each time the program is started. */
final class Members {
    private Members() {
    }

    static <T> Map<String, T> of(String first, T value, String second, T secondValue) {
        Map<String, T> members = new LinkedHashMap<>();
        members.put(first, value);
        members.put(second, secondValue);
        return members;
    }
}
