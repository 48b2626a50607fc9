package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Fills the records with a company's pricebook. The same seed and size give the same records, byte for byte; all times lie in the past.
 * Of the services, materials and equipment (5 : 12.5 : 2.5) many share a change time, more than a page holds at once: prices are raised in bulk.
 */
final class Catalogue {
    static final Entity[] SKUS = {Entity.MATERIALS, Entity.EQUIPMENT, Entity.SERVICES};
    private static final Instant OPENED = Instant.parse("2021-03-01T08:00:00Z");
    private static final Instant PRICE_RISE = Instant.parse("2024-10-01T02:00:07.1234567Z");
    private static final long SECONDS_BEFORE_RISE = 113_000_000;

    private final SplittableRandom random;
    private final int size;
    private final Records records;

    private Catalogue(long seed, int size, Records records) {
        this.random = new SplittableRandom(seed);
        this.size = size;
        this.records = records;
    }

    static void fill(Records records, long seed, int size) {
        synchronized (records) {
            records.clear();
            new Catalogue(seed, size, records).fill();
        }
    }

    /** Every kind has a range of ids of its own, with room to grow. */
    static long firstId(Entity entity) {
        return switch (entity) {
            case CATEGORIES -> 101;
            case MATERIALS -> 8_001;
            case SERVICES -> 1_000_001;
            case EQUIPMENT -> 2_000_001;
        };
    }

    private void fill() {
        int categories = Math.max(12, Math.min(1_000, size / 20));
        List<Long> forServices = new CategoryTree(records, random, OPENED).grow("Services", firstId(Entity.CATEGORIES), categories / 2);
        List<Long> forMaterials = new CategoryTree(records, random, OPENED)
                .grow("Materials", firstId(Entity.CATEGORIES) + categories / 2, categories - categories / 2);
        List<Long> materials = new ArrayList<>();
        List<Long> equipment = new ArrayList<>();
        SkuFactory factory = new SkuFactory(random, forServices, forMaterials, materials, equipment);
        fill(factory, Entity.MATERIALS, size * 5 / 8, materials);
        fill(factory, Entity.EQUIPMENT, size / 8, equipment);
        fill(factory, Entity.SERVICES, size - size * 5 / 8 - size / 8, new ArrayList<>());
    }

    private void fill(SkuFactory factory, Entity entity, int count, List<Long> ids) {
        Instant imported = OPENED;
        for (int at = 0; at < count; at++) {
            long id = firstId(entity) + at;
            if (at % 40 == 0) {
                imported = OPENED.plusSeconds(random.nextLong(SECONDS_BEFORE_RISE)).plusNanos(random.nextInt(10_000_000) * 100L);
            }
            ObjectNode node = factory.sku(entity, id);
            records.put(entity, node, imported, modified(imported));
            ids.add(id);
        }
    }

    /** Of ten, four by the price rise, three never since their import, three one by one. */
    private Instant modified(Instant imported) {
        int way = random.nextInt(10);
        if (way < 4) {
            return PRICE_RISE;
        }
        return way < 7 ? imported : PRICE_RISE.plusSeconds(random.nextLong(6_000_000)).plusNanos(random.nextInt(10_000_000) * 100L);
    }
}
