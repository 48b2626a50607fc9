package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** What a body may say, beyond its form: references lead somewhere, codes are unique, amounts are not negative, a category is not below itself. */
final class Rules {
    private static final long FIRST_VENDOR = 500;
    private static final Set<String> NAMES = Set.of("name", "code", "description");
    private static final Set<String> LINKS = Set.of("serviceMaterials", "serviceEquipment", "equipmentMaterials");

    private final Records records;
    private final Set<Long> toCome;

    /** @param toCome ids of items that are being made by the same request */
    Rules(Records records, Set<Long> toCome) {
        this.records = records;
        this.toCome = toCome;
    }

    static Optional<String> vendorName(long id) {
        long at = id - FIRST_VENDOR;
        return at >= 0 && at < Vocabulary.VENDORS.size() ? Optional.of(Vocabulary.VENDORS.get((int) at)) : Optional.empty();
    }

    /**
     * @param id    of the record that is written
     * @param body  in its form
     * @param wrong takes what is wrong, per member
     */
    void check(Entity entity, long id, ObjectNode body, Map<String, String> wrong) {
        body.properties().forEach(entry -> member(entity, id, entry.getKey(), entry.getValue(), wrong::put));
        if (entity == Entity.CATEGORIES) {
            parent(id, body, wrong);
        }
    }

    private void member(Entity entity, long id, String name, JsonNode value, BiConsumer<String, String> wrong) {
        boolean required = NAMES.contains(name) && Shapes.create(entity).members().get(name).required();
        if (required && value.isTextual() && value.asText().isBlank()) {
            wrong.accept(name, "The " + name + " field is required.");
        } else if (name.equals("code") && taken(value.asText(), id)) {
            wrong.accept(name, "Code '" + value.asText() + "' is already used by another item of the pricebook.");
        } else if (value.isNumber() && value.decimalValue().signum() < 0) {
            wrong.accept(name, "The " + name + " field must not be negative.");
        } else if (name.equals("categories")) {
            value.forEach(each -> category(each.asLong(), entity == Entity.SERVICES ? "Services" : "Materials", name, wrong));
        } else if (LINKS.contains(name) || name.equals("recommendations") || name.equals("upgrades")) {
            value.forEach(each -> sku(each, name, wrong));
        } else if (name.equals("primaryVendor")) {
            vendor(value, name, wrong);
        } else if (name.equals("otherVendors")) {
            value.forEach(each -> vendor(each, name, wrong));
        }
    }

    private void parent(long id, ObjectNode body, Map<String, String> wrong) {
        if (!body.hasNonNull("parentId")) {
            return;
        }
        long parent = body.path("parentId").asLong();
        String type = body.hasNonNull("categoryType") ? body.path("categoryType").asText()
                : records.find(Entity.CATEGORIES, id).map(item -> item.node().path("categoryType").asText()).orElse("");
        category(parent, type, "parentId", wrong::put);
        Set<Long> above = new HashSet<>();
        for (long at = parent; above.add(at); at = parentOf(at)) {
            if (at == id) {
                wrong.put("parentId", "Category " + id + " cannot be placed below itself.");
            }
        }
    }

    private long parentOf(long category) {
        return records.find(Entity.CATEGORIES, category).map(item -> item.node().path("parentId").asLong()).orElse(0L);
    }

    private void category(long id, String type, String name, BiConsumer<String, String> wrong) {
        Optional<Item> found = records.find(Entity.CATEGORIES, id);
        if (found.isEmpty()) {
            wrong.accept(name, "Category " + id + " was not found.");
        } else if (!found.get().node().path("categoryType").asText().equals(type)) {
            wrong.accept(name, "Category " + id + " is not a category of " + type.toLowerCase(Locale.ROOT) + ".");
        }
    }

    private void sku(JsonNode given, String name, BiConsumer<String, String> wrong) {
        long id = given.isObject() ? given.path("skuId").asLong() : given.asLong();
        boolean there = toCome.contains(id) || List.of(Catalogue.SKUS).stream().anyMatch(entity -> records.find(entity, id).isPresent());
        if (!there) {
            wrong.accept(name, "Item " + id + " was not found.");
        } else if (given.has("quantity") && given.path("quantity").decimalValue().signum() <= 0) {
            wrong.accept(name, "The quantity of item " + id + " must be greater than 0.");
        }
    }

    private static void vendor(JsonNode given, String name, BiConsumer<String, String> wrong) {
        long id = given.path("vendorId").asLong();
        if (given.isObject() && vendorName(id).isEmpty()) {
            wrong.accept(name, "Vendor " + id + " was not found.");
        }
    }

    private boolean taken(String code, long id) {
        return List.of(Catalogue.SKUS).stream().flatMap(entity -> records.list(entity).stream())
                .anyMatch(item -> item.id() != id && item.code().equalsIgnoreCase(code.strip()));
    }
}
