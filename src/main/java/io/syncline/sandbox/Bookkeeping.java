package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes records and says what became otherwise by it. Who uses it holds the monitor of the records. */
final class Bookkeeping {
    private static final Set<String> PLACES = Set.of("parentId", "categories");
    private static final Set<String> FOLLOWING = Set.of("modifiedOn", "subcategories");

    private final Records records;

    Bookkeeping(Records records) {
        this.records = records;
    }

    /** An id is never given out twice. */
    long freshId(Entity entity) {
        return Math.max(records.highestId(entity) + 1, Catalogue.firstId(entity));
    }

    /** A new record stands behind its siblings unless it says otherwise. */
    Effect make(Entity entity, long id, ObjectNode body, Instant now) {
        int position = entity.isSku() ? 0 : (int) records.list(Entity.CATEGORIES).stream()
                .filter(item -> item.node().path("parentId").asLong() == body.path("parentId").asLong()).count() + 1;
        records.put(entity, Drafts.created(entity, id, body, position), now, now);
        return effect(Mutation.Kind.CREATED, entity, id, JsonText.object(), now);
    }

    /** The change time moves even where nothing else does. */
    Effect change(Entity entity, Item before, ObjectNode after, Instant now) {
        after.remove("modifiedOn");
        records.put(entity, after, before.createdOn(), now);
        return effect(null, entity, before.id(), before.node(), now);
    }

    private Effect effect(Mutation.Kind kind, Entity entity, long id, ObjectNode before, Instant now) {
        ObjectNode after = records.find(entity, id).orElseThrow().node();
        Map<String, Effect.Change> changes = new TreeMap<>();
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        names.removeAll(FOLLOWING);
        for (String name : names) {
            JsonNode was = before.get(name);
            JsonNode is = after.get(name);
            if (was == null || !was.equals(is)) {
                changes.put(name, new Effect.Change(was, is));
            }
        }
        return new Effect(0, now, kind == null ? kind(changes) : kind, entity, id, changes, null);
    }

    private static Mutation.Kind kind(Map<String, Effect.Change> changes) {
        Effect.Change active = changes.get("active");
        if (active != null) {
            return active.after().asBoolean() ? Mutation.Kind.REACTIVATED : Mutation.Kind.DEACTIVATED;
        } else if (changes.isEmpty()) {
            return Mutation.Kind.TOUCHED;
        }
        return PLACES.containsAll(changes.keySet()) ? Mutation.Kind.MOVED : Mutation.Kind.UPDATED;
    }
}
