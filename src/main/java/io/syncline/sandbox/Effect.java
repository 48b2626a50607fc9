package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.Map;

/**
 * What a request that writes has done to one record. A request that was answered from memory, refused or lost before it was read has none.
 *
 * @param call    the number of the request in the journal
 * @param changes per member that is shown otherwise now, besides the change time; everything of a record that was made
 * @param key     the idempotency key that the request carried, whether or not it is honoured; null for none
 */
public record Effect(long call, Instant at, Mutation.Kind kind, Entity entity, long id, Map<String, Change> changes, String key) {
    /** How a member was shown and how it is; null where it was not there. */
    public record Change(JsonNode before, JsonNode after) {
    }

    Effect by(long number) {
        return new Effect(number, at, kind, entity, id, changes, key);
    }
}
