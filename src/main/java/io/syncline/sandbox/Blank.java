package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.SplittableRandom;

/** A record with every field the contract asks for, to begin from. */
final class Blank {
    private Blank() {
    }

    static ObjectNode record(Entity entity, long id) {
        if (entity == Entity.CATEGORIES) {
            return CategoryTree.node(id, null, "Category " + id, "Services", 1);
        }
        ObjectNode node = new SkuFactory(new SplittableRandom(id), List.of(0L), List.of(0L), List.of(), List.of()).sku(entity, id);
        node.putArray("categories");
        return node.put("active", true).put("displayName", "Item " + id);
    }
}
