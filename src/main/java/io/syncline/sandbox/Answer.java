package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What goes back to the client, and how it travels.
 *
 * @param effects what the request has done, whatever becomes of the answer
 */
record Answer(int status, Map<String, String> headers, byte[] body, Delivery delivery, List<Effect> effects) {
    /** How an answer travels. */
    sealed interface Delivery {
    }

    record Whole() implements Delivery {
    }

    /** Nothing is sent, the connection is reset. */
    record Reset() implements Delivery {
    }

    /** Half of the announced bytes, then the connection is reset. */
    record Half() implements Delivery {
    }

    /** Half of the announced chunk, then the connection ends properly. */
    record HalfChunk() implements Delivery {
    }

    /** Whole, but the connection is reset when the next request comes over it. */
    record ResetAfter() implements Delivery {
    }

    /** In a hundred pieces, which take so long together. */
    record Drip(Duration overall) implements Delivery {
    }

    /** Whole, but only after so long; what was done has been done by then. */
    record Late(Duration by) implements Delivery {
    }

    static Answer json(int status, JsonNode body) {
        return json(status, JsonText.bytes(body));
    }

    static Answer json(int status, byte[] body) {
        return new Answer(status, Map.of("Content-Type", "application/json; charset=utf-8"), body, new Whole(), List.of());
    }

    static Answer text(int status, String type, String body) {
        return new Answer(status, Map.of("Content-Type", type + "; charset=utf-8"), body.getBytes(StandardCharsets.UTF_8), new Whole(), List.of());
    }

    static Answer empty(int status) {
        return new Answer(status, Map.of(), new byte[0], new Whole(), List.of());
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body, delivery, effects);
    }

    Answer with(byte[] other) {
        return new Answer(status, headers, other, delivery, effects);
    }

    Answer by(Delivery other) {
        return new Answer(status, headers, body, other, effects);
    }

    Answer having(List<Effect> done) {
        return new Answer(status, headers, body, delivery, done);
    }
}
