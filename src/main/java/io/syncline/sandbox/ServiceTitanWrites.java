package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The pricebook as its official contract describes it, for writing. One request is done at a time, and wholly or not at all. */
final class ServiceTitanWrites {
    private static final String INVALID = "One or more validation errors occurred.";

    private final Records records;
    private final SandboxClock clock;
    private final Memory memory = new Memory();
    private final Bookkeeping books;
    private volatile Habits habits = Habits.USUAL;

    ServiceTitanWrites(Records records, SandboxClock clock) {
        this.records = records;
        this.clock = clock;
        this.books = new Bookkeeping(records);
    }

    Habits habits() {
        return habits;
    }

    void habits(Habits other) {
        habits = other;
    }

    void reset() {
        synchronized (records) {
            habits = Habits.USUAL;
            memory.clear();
        }
    }

    /** @param id null where the request is for all records of a kind */
    Answer answer(Request request, Entity entity, String id) {
        String allowed = id == null ? "GET, POST" : "GET, PATCH, DELETE";
        if (!allowed.contains(request.method())) {
            return Problems.of(405, "The method is not allowed here.").with("Allow", allowed);
        }
        return once(request, () -> switch (request.method()) {
            case "POST" -> create(request, entity);
            case "PATCH" -> ServiceTitanApi.number(id).map(number -> update(request, entity, number)).orElseGet(() -> ServiceTitanApi.noNumber(id));
            default -> ServiceTitanApi.number(id).map(number -> delete(request, entity, number)).orElseGet(() -> ServiceTitanApi.noNumber(id));
        });
    }

    /** Several items of all kinds at once. */
    Answer bulk(Request request) {
        if (!List.of("POST", "PATCH").contains(request.method())) {
            return Problems.of(405, "The method is not allowed here.").with("Allow", "POST, PATCH");
        }
        return once(request, () -> parsed(request, body -> {
            BulkWrites bulk = new BulkWrites(records, books, habits, clock.now());
            return request.method().equals("POST") ? bulk.create(body) : bulk.update(body);
        }));
    }

    private Answer once(Request request, Supplier<Answer> write) {
        synchronized (records) {
            String header = habits.idempotencyHeader();
            String key = header == null ? "" : request.header(header);
            Optional<Answer> before = key.isEmpty() ? Optional.empty() : memory.recall(key, request, clock.now());
            Answer answer = before.orElseGet(write);
            if (!key.isEmpty() && before.isEmpty()) {
                memory.keep(key, request, answer, clock.now());
            }
            return answer;
        }
    }

    private Answer create(Request request, Entity entity) {
        return parsed(request, body -> {
            Map<String, String> wrong = new TreeMap<>();
            Shape shape = Shapes.create(entity);
            shape.check(body, "", habits.refusesUnknownMembers(), wrong);
            if (!wrong.isEmpty()) {
                return Problems.of(400, INVALID, wrong);
            }
            long id = books.freshId(entity);
            ObjectNode tidy = habits.normalises() ? Tidy.body(body, shape) : body;
            return ruled(entity, id, tidy).orElseGet(() -> {
                Effect effect = books.make(entity, id, tidy, clock.now());
                return shown(201, entity, id).having(List.of(keyed(effect, request)));
            });
        });
    }

    private Answer update(Request request, Entity entity, long id) {
        return parsed(request, body -> found(request, entity, id, item -> {
            Map<String, String> wrong = new TreeMap<>();
            Shape shape = Shapes.update(entity);
            shape.check(body, "", habits.refusesUnknownMembers(), wrong);
            if (!wrong.isEmpty()) {
                return Problems.of(400, INVALID, wrong);
            }
            ObjectNode tidy = habits.normalises() ? Tidy.body(body, Shapes.create(entity)) : body;
            return ruled(entity, id, tidy).orElseGet(() -> {
                Effect effect = books.change(entity, item, Drafts.updated(entity, item.node(), tidy), clock.now());
                return shown(200, entity, id).having(List.of(keyed(effect, request)));
            });
        }));
    }

    /** Nothing is ever gone: what is deleted is inactive from then on. */
    private Answer delete(Request request, Entity entity, long id) {
        return found(request, entity, id, item -> {
            if (!item.active()) {
                return Answer.empty(204);
            }
            Effect effect = books.change(entity, item, item.node().put("active", false), clock.now());
            return Answer.empty(204).having(List.of(keyed(effect, request)));
        });
    }

    private Optional<Answer> ruled(Entity entity, long id, ObjectNode body) {
        Map<String, String> wrong = new TreeMap<>();
        new Rules(records, Set.of()).check(entity, id, body, wrong);
        return wrong.isEmpty() ? Optional.empty() : Optional.of(Problems.of(400, String.join(" ", wrong.values()), wrong));
    }

    private Answer shown(int status, Entity entity, long id) {
        Item item = records.find(entity, id).orElseThrow();
        Answer answer = Answer.json(status, item.json());
        return habits.versions() == Habits.Versions.NONE ? answer : answer.with("ETag", item.version());
    }

    /** Reads the body first: whatever it asks for, it must be understood. */
    private static Answer parsed(Request request, Write write) {
        if (!request.header("content-type").startsWith("application/json")) {
            return Problems.of(415, "The body must be application/json.");
        }
        ObjectNode body;
        try {
            body = JsonText.object(request.text());
        } catch (IllegalArgumentException e) {
            return Problems.of(400, INVALID, Map.of("$", "The body is " + e.getMessage() + "."));
        }
        return write.of(body);
    }

    private Answer found(Request request, Entity entity, long id, Change change) {
        Optional<Item> item = records.find(entity, id);
        if (item.isEmpty()) {
            return ServiceTitanApi.noRecord(entity, Long.toString(id));
        }
        String seen = request.header("if-match");
        if (habits.versions() == Habits.Versions.REQUIRED && seen.isEmpty()) {
            return Problems.of(428, "If-Match is required here: say which version you have seen.");
        } else if (habits.versions() != Habits.Versions.NONE && !seen.isEmpty() && !seen.equals("*") && !seen.equals(item.get().version())) {
            return Problems.of(412, "The record has been modified since version " + seen + ".").with("ETag", item.get().version());
        }
        return change.of(item.get());
    }

    private Effect keyed(Effect effect, Request request) {
        String header = habits.idempotencyHeader() == null ? "Idempotency-Key" : habits.idempotencyHeader();
        String key = request.header(header);
        return new Effect(effect.call(), effect.at(), effect.kind(), effect.entity(), effect.id(), effect.changes(), key.isEmpty() ? null : key);
    }

    private interface Write {
        Answer of(ObjectNode body);
    }

    private interface Change {
        Answer of(Item item);
    }
}
