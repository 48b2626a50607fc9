package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Changes of the category tree, and what they drag along. */
final class CategoryMutator {
    private final Mutator mutator;
    private final Records records;
    private final SplittableRandom random;

    CategoryMutator(Mutator mutator) {
        this.mutator = mutator;
        this.records = mutator.records();
        this.random = mutator.random();
    }

    /** @return false when the dice fell on something that is not possible */
    boolean change() {
        int way = random.nextInt(10);
        Optional<Item> picked = way < 2 ? Optional.empty() : mutator.pick(Entity.CATEGORIES);
        if (way < 2) {
            return create();
        } else if (picked.isEmpty()) {
            return false;
        }
        Item item = picked.get();
        if (way < 5) {
            String name = item.node().path("name").asText().replaceFirst(" \\(\\d+\\)$", "") + " (" + random.nextInt(1_000, 10_000) + ")";
            return mutator.save(Mutation.Kind.UPDATED, Entity.CATEGORIES, item, item.node().put("name", name), List.of("name"));
        } else if (way < 7) {
            return move(item);
        } else if (way < 9) {
            Mutation.Kind kind = item.active() ? Mutation.Kind.DEACTIVATED : Mutation.Kind.REACTIVATED;
            return mutator.save(kind, Entity.CATEGORIES, item, item.node().put("active", !item.active()), List.of("active"));
        }
        return deleteLeaf(item);
    }

    private boolean create() {
        Optional<Item> parent = mutator.pick(Entity.CATEGORIES, true);
        if (parent.isEmpty()) {
            return false;
        }
        String type = parent.get().node().path("categoryType").asText();
        String name = "New " + type.toLowerCase(Locale.ROOT) + " " + random.nextInt(1_000, 10_000);
        mutator.create(Entity.CATEGORIES, CategoryTree.node(mutator.freshId(Entity.CATEGORIES), parent.get().id(), name, type, random.nextInt(1, 20)));
        return true;
    }

    private boolean move(Item item) {
        Set<Long> notBelow = below(item.id());
        List<Long> choice = new ArrayList<>(mutator.categories(item.node().path("categoryType").asText()));
        choice.removeAll(notBelow);
        choice.remove(item.node().path("parentId").asLong());
        if (choice.isEmpty()) {
            return false;
        }
        ObjectNode node = item.node().put("parentId", choice.get(random.nextInt(choice.size())));
        return mutator.save(Mutation.Kind.MOVED, Entity.CATEGORIES, item, node, List.of("parentId"));
    }

    /** What stands in the category moves up to its parent first. */
    private boolean deleteLeaf(Item item) {
        ObjectNode node = item.node();
        if (below(item.id()).size() > 1 || !node.hasNonNull("parentId")) {
            return false;
        }
        long parent = node.path("parentId").asLong();
        for (Entity entity : Catalogue.SKUS) {
            if (records.list(entity).stream().anyMatch(sku -> sku.isIn(item.id()) && mutator.isTaken(sku))) {
                return false;
            }
        }
        for (Entity entity : Catalogue.SKUS) {
            for (Item sku : records.list(entity)) {
                if (sku.isIn(item.id())) {
                    mutator.save(Mutation.Kind.MOVED, entity, sku, moved(sku, item.id(), parent), List.of("categories"));
                }
            }
        }
        return mutator.delete(Entity.CATEGORIES, item);
    }

    private static ObjectNode moved(Item sku, long from, long to) {
        ObjectNode node = sku.node();
        ArrayNode categories = node.putArray("categories");
        Set<Long> ids = new LinkedHashSet<>();
        for (long id : sku.categories()) {
            ids.add(id == from ? to : id);
        }
        ids.forEach(categories::add);
        return node;
    }

    /** The category and everything below it. */
    private Set<Long> below(long id) {
        Set<Long> below = new HashSet<>(Set.of(id));
        List<Item> categories = records.list(Entity.CATEGORIES);
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Item each : categories) {
                ObjectNode node = each.node();
                grown |= node.hasNonNull("parentId") && below.contains(node.path("parentId").asLong()) && below.add(each.id());
            }
        }
        return below;
    }
}
