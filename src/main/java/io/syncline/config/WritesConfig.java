package io.syncline.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How records of a resource are written. What is not declared is never sent (promise 21).
 *
 * @param create         null where no record may be created; likewise the next three
 * @param idempotencyKey the header that carries the key of a write, or null
 * @param ifMatch        how the system is told which version is overwritten, or null
 * @param answersRecord  the answer to a create or an update is the record; otherwise it is read back
 * @param record         where the record stands in that answer; empty for the answer itself
 * @param error          where the system's own words stand in a refusal
 * @param find           what is asked for, beside what every read asks, to find a created record whose answer was lost; null where all changes are read
 * @param arrivesWithin  how long after a write was sent it may still take effect, so that not finding it there proves nothing
 */
public record WritesConfig(Request create, Request update, Request delete, Request restore, KeyHeader idempotencyKey, IfMatch ifMatch, boolean answersRecord,
                           List<String> record, List<List<String>> error, Map<String, String> find, Duration arrivesWithin) {

    /** All that are declared. */
    public List<Request> requests() {
        return java.util.stream.Stream.of(create, update, delete, restore).filter(java.util.Objects::nonNull).toList();
    }

    /** What the system deleted can be there again: brought back, or made anew. */
    public boolean takesBack() {
        return restore != null || create != null;
    }

    /** What the system deleted cannot be brought back, and is made anew under another key. */
    public boolean makesAnew() {
        return restore == null && create != null;
    }

    /**
     * One kind of write.
     *
     * @param path     with {@code {id}} where the key stands
     * @param body     members that are always sent, as JSON, or null; a text {@code {id}} or {@code {name}} stands for the key or a field
     * @param all      everything is sent that can be, not only what changed
     * @param nulls    the only members that may be null, as dotted paths; null where all may
     * @param requires members without which the system takes none, as dotted paths
     * @param key      where the answer tells the new key; null where only the record tells it
     */
    public record Request(String method, String path, String body, boolean all, List<String> nulls, List<String> requires, List<String> key) {
        /** Whether a member at the dotted path may be sent as null. */
        public boolean takesNull(String member) {
            return nulls == null || nulls.contains(member);
        }
    }

    /** @param honoured the system knows a key it has seen, so the same write may be sent twice; otherwise the key is only for those who read its logs */
    public record KeyHeader(String header, boolean honoured) {
    }

    /**
     * @param from       where the record holds what the header says, or null
     * @param fromHeader which header of the answer to {@code byId} holds it, or null
     */
    public record IfMatch(String header, List<String> from, String fromHeader) {
    }
}
