package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;

/** A record as it stands: {@code json} is, byte for byte, what is answered for it. Categories have no code. */
record Item(long id, String code, boolean active, Instant createdOn, Instant modifiedOn, long[] categories, byte[] json) {
    static Item of(ObjectNode node, Instant createdOn, Instant modifiedOn) {
        JsonNode listed = node.path("categories");
        long[] categories = new long[listed.size()];
        for (int at = 0; at < categories.length; at++) {
            categories[at] = categoryId(listed.get(at));
        }
        return new Item(node.path("id").asLong(), node.path("code").asText(), node.path("active").asBoolean(), createdOn, modifiedOn, categories,
                JsonText.bytes(node));
    }

    /** Services show their categories as objects, all others as numbers. */
    static long categoryId(JsonNode listed) {
        return listed.isObject() ? listed.path("id").asLong() : listed.asLong();
    }

    boolean isIn(long category) {
        for (long each : categories) {
            if (each == category) {
                return true;
            }
        }
        return false;
    }

    ObjectNode node() {
        return JsonText.object(json);
    }

    /** An entity tag that is another one as soon as anything of the record itself is another. */
    String version() {
        ObjectNode node = node();
        node.remove("subcategories");
        return '"' + Memory.digest(JsonText.bytes(node)).substring(0, 16) + '"';
    }
}
