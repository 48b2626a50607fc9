package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The truth. Every method is atomic; who needs several holds the monitor. Whoever changes something asks the clock while holding it, so that
 * a change can be seen from the moment it bears.
 */
final class Records {
    private final Map<Entity, SortedMap<Long, Item>> items = new EnumMap<>(Entity.class);
    private final Map<Entity, List<Item>> lists = new EnumMap<>(Entity.class);
    private final Map<Entity, Long> highest = new EnumMap<>(Entity.class);
    private boolean nested;

    Records() {
        for (Entity entity : Entity.values()) {
            items.put(entity, new TreeMap<>());
        }
    }

    synchronized void clear() {
        items.values().forEach(Map::clear);
        lists.clear();
        highest.clear();
        nested = false;
    }

    /** All records in the order of their ids; the list does not change any more. */
    synchronized List<Item> list(Entity entity) {
        nest();
        return lists.computeIfAbsent(entity, e -> List.copyOf(items.get(e).values()));
    }

    synchronized Optional<Item> find(Entity entity, long id) {
        nest();
        return Optional.ofNullable(items.get(entity).get(id));
    }

    /** The highest id there ever was. */
    synchronized long highestId(Entity entity) {
        return highest.getOrDefault(entity, 0L);
    }

    /**
     * Stores the record as it is given, with this change time unless it brings its own.
     *
     * @return the services that show another state of the category now, in the order of their ids
     */
    synchronized List<Long> put(Entity entity, ObjectNode node, Instant createdOn, Instant modifiedOn) {
        if (!entity.isSku()) {
            node.remove("subcategories");
        } else if (!node.has("modifiedOn")) {
            node.put("modifiedOn", SandboxClock.text(modifiedOn));
        }
        if (entity == Entity.SERVICES) {
            node.set("categories", shown(node.path("categories")));
        }
        Instant modified = entity.isSku() ? moment(node.path("modifiedOn").asText(), modifiedOn) : modifiedOn;
        Item item = Item.of(node, createdOn, modified);
        items.get(entity).put(item.id(), item);
        highest.merge(entity, item.id(), Math::max);
        lists.remove(entity);
        if (entity.isSku()) {
            return List.of();
        }
        nested = false;
        return follow(item.id());
    }

    synchronized boolean remove(Entity entity, long id) {
        lists.remove(entity);
        nested &= entity.isSku();
        return items.get(entity).remove(id) != null;
    }

    /** Services carry the name and state of their categories, and their change time does not move with it. */
    private List<Long> follow(long category) {
        List<Long> followed = new ArrayList<>();
        for (Item item : List.copyOf(items.get(Entity.SERVICES).values())) {
            if (item.isIn(category)) {
                ObjectNode node = item.node();
                ArrayNode shown = shown(node.path("categories"));
                if (!shown.toString().equals(node.path("categories").toString())) {
                    node.set("categories", shown);
                    items.get(Entity.SERVICES).put(item.id(), Item.of(node, item.createdOn(), item.modifiedOn()));
                    followed.add(item.id());
                }
            }
        }
        if (!followed.isEmpty()) {
            lists.remove(Entity.SERVICES);
        }
        return followed;
    }

    /** A category that is not there is shown as it was given. */
    private ArrayNode shown(JsonNode categories) {
        ArrayNode shown = JsonText.array();
        for (JsonNode each : categories) {
            Item category = items.get(Entity.CATEGORIES).get(Item.categoryId(each));
            if (category == null) {
                shown.add(each);
            } else {
                ObjectNode node = category.node();
                shown.addObject().put("id", category.id()).put("name", node.path("name").asText()).put("active", category.active());
            }
        }
        return shown;
    }

    /** Every category is answered with the tree below it. */
    private void nest() {
        if (nested) {
            return;
        }
        nested = true;
        SortedMap<Long, Item> categories = items.get(Entity.CATEGORIES);
        Map<Long, List<ObjectNode>> children = new TreeMap<>();
        Map<Long, ObjectNode> nodes = new TreeMap<>();
        for (Item item : categories.values()) {
            ObjectNode node = item.node();
            node.remove("subcategories");
            nodes.put(item.id(), node);
            if (node.hasNonNull("parentId")) {
                children.computeIfAbsent(node.path("parentId").asLong(), id -> new ArrayList<>()).add(node);
            }
        }
        children.values().forEach(list -> list.sort(Comparator.comparing((ObjectNode node) -> node.path("position").asInt())
                .thenComparing(node -> node.path("id").asLong())));
        for (Item item : List.copyOf(categories.values())) {
            ObjectNode node = nodes.get(item.id()).deepCopy();
            node.set("subcategories", below(item.id(), children, new HashSet<>()));
            categories.put(item.id(), Item.of(node, item.createdOn(), item.modifiedOn()));
        }
        lists.remove(Entity.CATEGORIES);
    }

    private static ArrayNode below(long parent, Map<Long, List<ObjectNode>> children, Set<Long> above) {
        ArrayNode below = JsonText.array();
        if (above.add(parent)) {
            for (ObjectNode child : children.getOrDefault(parent, List.of())) {
                ObjectNode copy = child.deepCopy();
                copy.set("subcategories", below(child.path("id").asLong(), children, above));
                below.add(copy);
            }
            above.remove(parent);
        }
        return below;
    }

    /** Data may be put in wrong on purpose; then it is found by the clock's time and shown as it is. */
    private static Instant moment(String text, Instant otherwise) {
        return ListQuery.moment(text).orElse(otherwise);
    }
}
