package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Many items in one request: all of them, or none where one is wrong. Who uses it holds the monitor of the records. */
final class BulkWrites {
    private static final List<Entity> KINDS = List.of(Entity.MATERIALS, Entity.EQUIPMENT, Entity.SERVICES);

    private final Records records;
    private final Bookkeeping books;
    private final Habits habits;
    private final Instant now;
    private final Map<String, String> wrong = new TreeMap<>();
    private final Map<String, Long> customIds = new HashMap<>();

    private record Line(Entity entity, long id, ObjectNode body, String at) {
    }

    BulkWrites(Records records, Bookkeeping books, Habits habits, Instant now) {
        this.records = records;
        this.books = books;
        this.habits = habits;
        this.now = now;
    }

    /** Items may refer to each other by the ids that the caller chose for them; the answer tells which became which. */
    Answer create(ObjectNode body) {
        List<Line> lines = new ArrayList<>();
        Map<Entity, Long> next = new EnumMap<>(Entity.class);
        each(body, (entity, item, at) -> {
            Shapes.bulkCreate(entity).check(item, at + ".", habits.refusesUnknownMembers(), wrong);
            long id = next.merge(entity, books.freshId(entity), (before, first) -> before + 1);
            lines.add(new Line(entity, id, item.deepCopy(), at));
            if (item.path("customId").isTextual() && customIds.put(item.path("customId").asText(), id) != null) {
                wrong.put(at + ".customId", "The customId '" + item.path("customId").asText() + "' is given twice.");
            }
        });
        if (wrong.isEmpty()) {
            lines.forEach(line -> resolve(line.body(), line.at()));
            check(lines);
        }
        if (!wrong.isEmpty()) {
            return Problems.of(400, "One or more validation errors occurred.", wrong);
        }
        List<Effect> effects = new ArrayList<>();
        ObjectNode answer = JsonText.object();
        for (Line line : lines) {
            effects.add(books.make(line.entity(), line.id(), tidy(line), now));
            if (line.body().hasNonNull("customId")) {
                answer.withArray("/" + line.entity().path()).addObject().put("customId", line.body().path("customId").asText()).put("id", line.id());
            }
        }
        return Answer.json(201, answer).having(effects);
    }

    Answer update(ObjectNode body) {
        List<Line> lines = new ArrayList<>();
        each(body, (entity, item, at) -> {
            Shapes.bulkUpdate(entity).check(item, at + ".", habits.refusesUnknownMembers(), wrong);
            long id = item.path("id").asLong();
            if (records.find(entity, id).isEmpty()) {
                wrong.put(at + ".id", "There is no such record: " + entity.path() + " " + id + ".");
            }
            lines.add(new Line(entity, id, item, at));
        });
        if (wrong.isEmpty()) {
            check(lines);
        }
        if (!wrong.isEmpty()) {
            return Problems.of(400, "One or more validation errors occurred.", wrong);
        }
        List<Effect> effects = new ArrayList<>();
        for (Line line : lines) {
            Item before = records.find(line.entity(), line.id()).orElseThrow();
            effects.add(books.change(line.entity(), before, Drafts.updated(line.entity(), before.node(), tidy(line)), now));
        }
        return Answer.empty(200).having(effects);
    }

    private void each(ObjectNode body, Visit visit) {
        body.fieldNames().forEachRemaining(name -> {
            if (KINDS.stream().noneMatch(entity -> entity.path().equals(name))) {
                wrong.put(name, "Could not find member '" + name + "' on this object.");
            }
        });
        for (Entity entity : KINDS) {
            JsonNode items = body.path(entity.path());
            for (int at = 0; at < items.size(); at++) {
                String place = entity.path() + "[" + at + "]";
                if (items.get(at) instanceof ObjectNode item) {
                    visit.item(entity, item, place);
                } else {
                    wrong.put(place, "The value of " + place + " is not valid: an object is expected.");
                }
            }
        }
    }

    private void check(List<Line> lines) {
        Set<Long> toCome = new HashSet<>();
        Set<String> codes = new HashSet<>();
        lines.forEach(line -> toCome.add(line.id()));
        for (Line line : lines) {
            Map<String, String> found = new TreeMap<>();
            new Rules(records, toCome).check(line.entity(), line.id(), line.body(), found);
            if (!codes.add(line.body().path("code").asText().strip().toLowerCase(Locale.ROOT))) {
                found.put("code", "Code '" + line.body().path("code").asText() + "' is given twice.");
            }
            found.forEach((name, words) -> wrong.put(line.at() + "." + name, words));
        }
    }

    /** References by chosen ids become references by ids. */
    private void resolve(ObjectNode body, String at) {
        for (String name : List.of("serviceMaterials", "serviceEquipment", "equipmentMaterials", "recommendations", "upgrades")) {
            if (body.path(name) instanceof ArrayNode references) {
                ArrayNode resolved = JsonText.array();
                for (JsonNode each : references) {
                    resolved.add(resolved(each, at + "." + name));
                }
                body.set(name, name.equals("upgrades") ? numbers(resolved) : resolved);
            }
        }
        if (body.path("recommendations") instanceof ArrayNode recommendations && !recommendations.isEmpty() && !recommendations.get(0).has("type")) {
            body.set("recommendations", numbers(recommendations));
        }
    }

    private JsonNode resolved(JsonNode reference, String at) {
        ObjectNode resolved = reference.deepCopy();
        JsonNode customId = resolved.remove("customId");
        if (customId != null && customId.isTextual()) {
            Long id = customIds.get(customId.asText());
            if (id == null) {
                wrong.put(at, "No item of this request has the customId '" + customId.asText() + "'.");
            } else {
                resolved.put("skuId", id);
            }
        }
        return resolved;
    }

    private static ArrayNode numbers(ArrayNode references) {
        ArrayNode numbers = JsonText.array();
        references.forEach(each -> numbers.add(each.path("skuId").asLong()));
        return numbers;
    }

    private ObjectNode tidy(Line line) {
        return habits.normalises() ? Tidy.body(line.body(), Shapes.create(line.entity())) : line.body();
    }

    private interface Visit {
        void item(Entity entity, ObjectNode item, String at);
    }
}
