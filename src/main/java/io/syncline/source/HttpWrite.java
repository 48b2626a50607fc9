package io.syncline.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.config.SourceConfig;
import io.syncline.config.WritesConfig;
import io.syncline.record.Document;
import io.syncline.record.Missing;
import io.syncline.record.Observed;
import io.syncline.record.Outgoing;
import io.syncline.record.Shape;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One order to a system that is called over HTTP: what is asked and sent for it, and what the answers mean. Sends nothing itself. */
final class HttpWrite {
    /** How far the clocks of two machines may be apart, when records are looked for that were made since a moment. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(2);
    private static final Document NOTHING = Document.stored("{}");

    private final Read read;
    private final WriteOrder order;
    private final WritesConfig writes;
    private final WritesConfig.Request declared;
    private final Outgoing outgoing;
    private final HttpReads reads;

    HttpWrite(Read read, WriteOrder order) {
        this.read = read;
        this.order = order;
        this.writes = read.resource().writes();
        this.declared = declared();
        this.reads = new HttpReads(read);
        Shape shape = order.entity().shape();
        Document agreed = order.agreed() == null ? NOTHING : order.agreed();
        this.outgoing = switch (order.action()) {
            case CREATE -> Outgoing.whole(shape, order.document(), declared::takesNull);
            case UPDATE, RESTORE -> Outgoing.change(shape, agreed, order.document(), declared.all(), declared::takesNull);
            case DELETE -> Outgoing.change(shape, order.document(), order.document(), false, declared::takesNull);
        };
    }

    private WritesConfig.Request declared() {
        WritesConfig.Request request = writes == null ? null : switch (order.action()) {
            case CREATE -> writes.create();
            case UPDATE -> writes.update();
            case DELETE -> writes.delete();
            case RESTORE -> writes.restore();
        };
        if (request == null) {
            throw new Asked(read.system().name(), order.action().name().toLowerCase(Locale.ROOT) + " a record of " + read.resource().name())
                    .failure(SourceFailure.Kind.REFUSED, "is not declared",
                            "Declare it under writes: of the resource, in config/systems/" + read.system().name() + ".yaml");
        }
        return request;
    }

    Outgoing outgoing() {
        return outgoing;
    }

    WritesConfig writes() {
        return writes;
    }

    /** Whether the same may be sent twice and is done once. */
    boolean isHarmless() {
        return writes.idempotencyKey() != null && writes.idempotencyKey().honoured();
    }

    /** Whether there is nothing to say to the system. */
    boolean isEmpty() {
        return order.action() == WriteOrder.Action.UPDATE && outgoing.sent().isEmpty();
    }

    /** The request for the record that is written over. */
    HttpRequest look(String key) {
        return reads.byId(key);
    }

    /** @return empty when there is none, which is a proof */
    Optional<Observed> seen(String key, HttpAnswer answer) {
        return HttpPages.understandRecord(read, key, answer);
    }

    /** The write itself. @param seen the answer to {@link #look}, or null where nothing is written over */
    HttpRequest request(HttpAnswer seen) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (writes.idempotencyKey() != null) {
            // Promise 12: the same over all attempts.
            headers.put(writes.idempotencyKey().header(), order.id().toString());
        }
        if (writes.ifMatch() != null && seen != null) {
            String version = writes.ifMatch().fromHeader() != null ? seen.header(writes.ifMatch().fromHeader()) : text(seen, writes.ifMatch().from());
            if (version != null) {
                headers.put(writes.ifMatch().header(), version);
            }
        }
        boolean bare = declared.method().equals("DELETE");
        return reads.write(declared.method(), declared.path(), order.key(), headers, bare ? null : outgoing.body(filled(declared.body()), order.key()));
    }

    private String filled(String body) {
        return body == null ? null : HttpReads.filledBody(read.connection(), body, reads.asked("")).toString();
    }

    /** Promise 13: whether the record is as it was last agreed. */
    boolean isAsAgreed(Observed seen) {
        boolean gone = order.action() == WriteOrder.Action.RESTORE || order.agreedHash() == null;
        if (seen.deleted() != gone) {
            return false;
        }
        // A deletion is often shown with little more than the key; there is nothing in it to compare.
        return order.agreedHash() == null || (seen.document() == null ? gone : Arrays.equals(order.agreedHash(), seen.hash()));
    }

    /** Whether the record is as it would be, had the write arrived. */
    boolean isDone(Observed seen) {
        return order.action() == WriteOrder.Action.DELETE ? seen.deleted() : !seen.deleted() && outgoing.isSaidBy(seen);
    }

    /** The record in the answer to a write, or null where there is none that could be used. */
    Observed answered(HttpAnswer answer) {
        if (!writes.answersRecord() || answer.body().length == 0) {
            return null;
        }
        try {
            Observed record = JsonAnswer.record(answer, writes.record(), read.mapping(), reads.form(), reads.asked(""));
            boolean ours = record.isFit() && record.document() != null && (order.key() == null || order.key().equals(record.key()));
            return ours && !record.deleted() ? record : null;
        } catch (SourceFailure e) {
            // What it answered is of no use; the record is read back.
            return null;
        }
    }

    /** The key that the answer to a create tells, or null. */
    String newKey(HttpAnswer answer) {
        if (declared.key() != null) {
            String key = text(answer, declared.key());
            return key == null || key.isEmpty() ? null : key;
        }
        Observed record = answered(answer);
        return record == null ? null : record.key();
    }

    /** The pages among which a created record is looked for. */
    HttpPages created() {
        Instant since = order.firstSentAt().minus(CLOCKS_APART);
        SourceConfig.Since asked = read.resource().since();
        if (writes.find() == null) {
            Read changed = new Read(read.connection(), read.system(), read.resource(), read.mapping(), asked == null ? null : since);
            return new HttpPages(changed, Position.of(null, reads.asked("")));
        }
        Map<String, String> find = new LinkedHashMap<>();
        writes.find().forEach((name, value) -> find.put(name, found(value, asked == null ? since.toString() : asked.format().write(since))));
        return new HttpPages(read, new HttpReads(read, find), Position.of(null, reads.asked("")));
    }

    /** What is in a record is never filled: a setting's name in it stays a name. */
    private String found(String value, String sentAt) {
        if (value.equals("{sentAt}")) {
            return sentAt;
        }
        return value.matches("\\{[a-z][a-z0-9_]*}") ? outgoing.text(value.substring(1, value.length() - 1)) : read.connection().fill(value);
    }

    /** Whether the record is known by the same as ours, more or less; {@link #isDone} says whether it is ours. */
    boolean matches(Observed record) {
        Shape shape = order.entity().shape();
        if (!record.isFit() || record.document() == null || record.deleted()) {
            return false;
        }
        Object[] ours = shape.values(order.document());
        Object[] theirs = shape.values(record.document());
        return order.entity().match().stream().allMatch(field -> same(ours[shape.position(field)], theirs[shape.position(field)]));
    }

    /** Whether it may be ours all the same, known by something else: it says all the rest, and may have been made since ours was sent. */
    boolean isAlike(Observed record) {
        return record.isFit() && !record.deleted() && outgoing.isSaidApartFrom(order.entity().match(), record)
                && (record.modifiedAt() == null || !record.modifiedAt().isBefore(order.firstSentAt().minus(CLOCKS_APART)));
    }

    /** Systems trim and change case: what was made twice for that would be worse than asking a person. */
    private static boolean same(Object one, Object other) {
        if (one instanceof String text && other instanceof String shown) {
            return text.strip().equalsIgnoreCase(shown.strip());
        }
        return Objects.equals(one == Missing.MISSING ? null : one, other == Missing.MISSING ? null : other);
    }

    private static String text(HttpAnswer answer, List<String> path) {
        try {
            JsonNode at = HttpReads.JSON.readTree(JsonAnswer.JSON.createParser(answer.body()));
            for (String segment : path) {
                at = at == null ? null : at.get(segment);
            }
            return at == null || at.isNull() || at.isContainerNode() ? null : at.asText();
        } catch (IOException e) {
            return null;
        }
    }
}
