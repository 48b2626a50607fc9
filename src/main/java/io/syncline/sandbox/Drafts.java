package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Set;

/** What a record is shown as once a body has been written to it: what is written and what is shown differ in form. */
final class Drafts {
    /** Taken, but never shown. */
    private static final Set<String> HIDDEN = Set.of("externalData", "customId", "id");
    private static final Set<String> OBJECTS = Set.of("warranty", "primaryVendor");

    private Drafts() {
    }

    /** A new record: what the body does not say is as the system makes it. */
    static ObjectNode created(Entity entity, long id, ObjectNode body, int position) {
        ObjectNode given = body.deepCopy();
        given.properties().removeIf(entry -> entry.getValue().isNull());
        ObjectNode node = entity == Entity.CATEGORIES ? category(id, position) : sku(entity, id);
        return updated(entity, node, given);
    }

    /** The record with what the body gives, and with everything else as it was. */
    static ObjectNode updated(Entity entity, ObjectNode before, ObjectNode body) {
        ObjectNode node = before.deepCopy();
        node.remove("modifiedOn");
        body.properties().forEach(entry -> {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            boolean shown = !HIDDEN.contains(name) && !(entity == Entity.SERVICES && name.equals("commissionBonus"));
            if (shown) {
                node.set(name, shown(name, value, before));
            }
        });
        return node;
    }

    private static JsonNode shown(String name, JsonNode value, ObjectNode before) {
        return switch (name) {
            case "assets" -> assets(value);
            case "primaryVendor" -> value.isNull() ? value : vendor(value, before, 0);
            case "otherVendors" -> vendors(value, before);
            case "warranty", "manufacturerWarranty", "serviceProviderWarranty" -> value.isNull() ? value : warranty(value);
            default -> value;
        };
    }

    private static ObjectNode category(long id, int position) {
        ObjectNode node = CategoryTree.node(id, null, "", "", position);
        return node.putNull("description");
    }

    private static ObjectNode sku(Entity entity, long id) {
        ObjectNode node = JsonText.object().put("id", id);
        node.putNull("code").putNull("displayName").putNull("description");
        Shapes.create(entity).members().forEach((name, member) -> {
            if (!node.has(name) && !HIDDEN.contains(name) && !(entity == Entity.SERVICES && name.equals("commissionBonus"))) {
                node.set(name, unsaid(name, member));
            }
        });
        node.put("active", true);
        node.putNull("source").putNull("externalId").putArray("externalData");
        return node;
    }

    private static JsonNode unsaid(String name, Shape.Member member) {
        if (member.many()) {
            return JsonText.array();
        } else if (member.shape() != null) {
            return OBJECTS.contains(name) ? NullNode.instance : JsonText.object().put("duration", 0).putNull("description");
        }
        return switch (member.type()) {
            case "decimal" -> JsonText.zero();
            case "flag" -> JsonText.object().put(name, false).get(name);
            default -> NullNode.instance;
        };
    }

    private static ArrayNode assets(JsonNode given) {
        ArrayNode assets = JsonText.array();
        for (JsonNode each : given) {
            String url = each.path("url").asText();
            ObjectNode asset = assets.addObject();
            asset.set("alias", orNull(each, "alias"));
            asset.put("fileName", url.substring(url.lastIndexOf('/') + 1)).put("type", each.path("type").asText()).put("url", url);
        }
        return assets;
    }

    private static ObjectNode warranty(JsonNode given) {
        ObjectNode warranty = JsonText.object().put("duration", given.path("duration").asInt());
        return warranty.set("description", orNull(given, "description"));
    }

    private static ArrayNode vendors(JsonNode given, ObjectNode before) {
        ArrayNode vendors = JsonText.array();
        for (int at = 0; at < given.size(); at++) {
            vendors.add(vendor(given.get(at), before, at + 1));
        }
        return vendors;
    }

    /** A vendor who stood there already keeps the id of that row. */
    private static ObjectNode vendor(JsonNode given, ObjectNode before, int place) {
        long vendorId = given.path("vendorId").asLong();
        long row = row(before, vendorId, before.path("id").asLong() * 1_000 + vendorId % 100 * 10 + place);
        ObjectNode vendor = JsonText.object().put("id", row).put("vendorName", Rules.vendorName(vendorId).orElse("")).put("vendorId", vendorId);
        vendor.set("memo", orNull(given, "memo"));
        vendor.set("vendorPart", orNull(given, "vendorPart"));
        vendor.set("cost", given.path("cost"));
        vendor.set("active", given.path("active"));
        vendor.set("primarySubAccount", given.path("primarySubAccount").isObject() ? subAccount(given.path("primarySubAccount"), row * 10) : NullNode.instance);
        ArrayNode others = vendor.putArray("otherSubAccounts");
        given.path("otherSubAccounts").forEach(each -> others.add(subAccount(each, row * 10 + others.size() + 1)));
        return vendor;
    }

    private static ObjectNode subAccount(JsonNode given, long id) {
        ObjectNode account = JsonText.object().put("id", id);
        account.set("cost", given.path("cost"));
        return account.set("accountName", given.path("accountName"));
    }

    private static long row(ObjectNode before, long vendorId, long otherwise) {
        if (before.path("primaryVendor").path("vendorId").asLong() == vendorId) {
            return before.path("primaryVendor").path("id").asLong();
        }
        for (JsonNode each : before.path("otherVendors")) {
            if (each.path("vendorId").asLong() == vendorId) {
                return each.path("id").asLong();
            }
        }
        return otherwise;
    }

    private static JsonNode orNull(JsonNode given, String name) {
        return given.hasNonNull(name) ? given.get(name) : NullNode.instance;
    }
}
