package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * A day at the office: seeded random changes. The same seed on the same data does the same. No record is changed twice in one call, no category
 * becomes its own ancestor, and no record is left in a category that is gone.
 */
final class Mutator {
    private static final int SAME_MOMENT = 5;
    private static final int TRIES = 50;

    private final Records records;
    private final SandboxClock clock;
    private final SplittableRandom random;
    private final List<Mutation> done = new ArrayList<>();
    private final Set<Long> taken = new HashSet<>();
    private Map<String, List<Long>> categories;
    private Instant now;

    private Mutator(Records records, SandboxClock clock, long seed) {
        this.records = records;
        this.clock = clock;
        this.random = new SplittableRandom(seed);
    }

    /** What was done, in its order; what followed from a change stands behind it and does not count. */
    static List<Mutation> mutate(Records records, SandboxClock clock, long seed, int count) {
        synchronized (records) {
            return new Mutator(records, clock, seed).mutate(count);
        }
    }

    private List<Mutation> mutate(int count) {
        for (int at = 0; at < count; at++) {
            if (at % SAME_MOMENT == 0) {
                now = clock.now();
            }
            one();
        }
        return List.copyOf(done);
    }

    private void one() {
        boolean changed = false;
        for (int tries = 0; !changed && tries < TRIES; tries++) {
            changed = random.nextInt(12) == 0 ? new CategoryMutator(this).change() : changeSku();
        }
    }

    private boolean changeSku() {
        Entity entity = Catalogue.SKUS[random.nextInt(Catalogue.SKUS.length)];
        int way = random.nextInt(100);
        if (way < 18) {
            return createSku(entity);
        }
        Optional<Item> picked = way < 70 ? pick(entity) : way < 82 ? pick(entity, true) : way < 90 ? pick(entity, false) : pick(entity);
        if (picked.isEmpty()) {
            return false;
        }
        Item item = picked.get();
        if (way < 62) {
            return updateSku(entity, item);
        } else if (way < 70) {
            return save(Mutation.Kind.TOUCHED, entity, item, item.node(), List.of());
        } else if (way < 90) {
            Mutation.Kind kind = item.active() ? Mutation.Kind.DEACTIVATED : Mutation.Kind.REACTIVATED;
            return save(kind, entity, item, item.node().put("active", !item.active()), List.of("active"));
        }
        return delete(entity, item);
    }

    private boolean createSku(Entity entity) {
        List<Long> services = categories("Services");
        List<Long> materials = categories("Materials");
        if (services.isEmpty() || materials.isEmpty()) {
            return false;
        }
        SkuFactory factory = new SkuFactory(random, services, materials, ids(Entity.MATERIALS), ids(Entity.EQUIPMENT));
        create(entity, factory.sku(entity, freshId(entity)));
        return true;
    }

    private boolean updateSku(Entity entity, Item item) {
        ObjectNode node = item.node();
        int way = random.nextInt(10);
        if (way < 6) {
            SkuFactory.prices(node, node.path("price").decimalValue().add(BigDecimal.valueOf(random.nextInt(1, 5_000), 2)));
            return save(Mutation.Kind.UPDATED, entity, item, node, List.of("price", "memberPrice", "addOnPrice", "addOnMemberPrice"));
        } else if (way < 8) {
            String name = random.nextInt(100, 1_000) + " " + node.path("displayName").asText("item");
            node.put("displayName", name).put("description", name + ". Revised.");
            return save(Mutation.Kind.UPDATED, entity, item, node, List.of("displayName", "description"));
        } else if (way < 9) {
            node.put("taxable", !node.path("taxable").asBoolean()).put("hours", node.path("hours").decimalValue().add(new BigDecimal("0.25")));
            return save(Mutation.Kind.UPDATED, entity, item, node, List.of("taxable", "hours"));
        }
        List<Long> choice = new ArrayList<>(categories(entity == Entity.SERVICES ? "Services" : "Materials"));
        choice.removeIf(item::isIn);
        if (choice.isEmpty()) {
            return false;
        }
        node.putArray("categories").add(choice.get(random.nextInt(choice.size())));
        return save(Mutation.Kind.MOVED, entity, item, node, List.of("categories"));
    }

    void create(Entity entity, ObjectNode node) {
        long id = node.path("id").asLong();
        noted(new Mutation(Mutation.Kind.CREATED, entity, id, List.of()));
        records.put(entity, node, now, now);
    }

    boolean save(Mutation.Kind kind, Entity entity, Item item, ObjectNode node, List<String> fields) {
        node.remove("modifiedOn");
        noted(new Mutation(kind, entity, item.id(), fields));
        for (long followed : records.put(entity, node, item.createdOn(), now)) {
            done.add(new Mutation(Mutation.Kind.FOLLOWED, Entity.SERVICES, followed, List.of("categories")));
        }
        return true;
    }

    boolean delete(Entity entity, Item item) {
        noted(new Mutation(Mutation.Kind.DELETED, entity, item.id(), List.of()));
        return records.remove(entity, item.id());
    }

    Optional<Item> pick(Entity entity) {
        return pick(records.list(entity));
    }

    Optional<Item> pick(Entity entity, boolean active) {
        return pick(records.list(entity).stream().filter(item -> item.active() == active).toList());
    }

    private Optional<Item> pick(List<Item> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size()))).filter(item -> !taken.contains(item.id()));
    }

    boolean isTaken(Item item) {
        return taken.contains(item.id());
    }

    /** The ids of a type's active categories: nothing is put into one that nobody sees. */
    List<Long> categories(String type) {
        if (categories == null) {
            categories = records.list(Entity.CATEGORIES).stream().filter(Item::active)
                    .collect(Collectors.groupingBy(item -> item.node().path("categoryType").asText(), Collectors.mapping(Item::id, Collectors.toList())));
        }
        return categories.getOrDefault(type, List.of());
    }

    private void noted(Mutation mutation) {
        taken.add(mutation.id());
        done.add(mutation);
        if (!mutation.entity().isSku()) {
            categories = null;
        }
    }

    /** An id is never given out twice. */
    long freshId(Entity entity) {
        return Math.max(records.highestId(entity) + 1, Catalogue.firstId(entity));
    }

    Records records() {
        return records;
    }

    SplittableRandom random() {
        return random;
    }

    private List<Long> ids(Entity entity) {
        return records.list(entity).stream().map(Item::id).toList();
    }
}
