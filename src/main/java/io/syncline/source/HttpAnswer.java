package io.syncline.source;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A whole answer.
 *
 * @param headers by lower-case name
 * @param askedAt see {@link io.syncline.record.Page#askedAt()}
 */
record HttpAnswer(int status, Map<String, List<String>> headers, byte[] body, Instant askedAt) {
    /** The first value of the header, or null. */
    String header(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.get(0);
    }

    List<String> all(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }
}
