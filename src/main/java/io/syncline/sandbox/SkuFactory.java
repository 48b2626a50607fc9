package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Invents services, materials and equipment: the same random numbers, the same records. Every field of the official contract is there. */
final class SkuFactory {
    private final SplittableRandom random;
    private final List<Long> serviceCategories;
    private final List<Long> materialCategories;
    private final List<Long> materials;
    private final List<Long> equipment;

    /** @param materials and {@code equipment}: what services may use; either may be empty */
    SkuFactory(SplittableRandom random, List<Long> serviceCategories, List<Long> materialCategories, List<Long> materials, List<Long> equipment) {
        this.random = random;
        this.serviceCategories = serviceCategories;
        this.materialCategories = materialCategories;
        this.materials = materials;
        this.equipment = equipment;
    }

    ObjectNode sku(Entity entity, long id) {
        return switch (entity) {
            case SERVICES -> service(id);
            case MATERIALS -> material(id);
            case EQUIPMENT -> equipment(id);
            case CATEGORIES -> throw new IllegalArgumentException("a category is no SKU");
        };
    }

    private ObjectNode service(long id) {
        Vocabulary.Trade trade = any(Vocabulary.TRADES);
        String part = any(trade.parts());
        String action = any(Vocabulary.ACTIONS);
        ObjectNode node = named(id, trade.code() + "-" + action.substring(0, 3).toUpperCase(Locale.ROOT) + "-" + id, action + " " + part);
        if (random.nextInt(4) == 0) {
            node.putNull("warranty");
        } else {
            warranty(node, "warranty");
        }
        categories(node, serviceCategories);
        prices(node, cents(4_900, 480_000));
        node.put("taxable", random.nextInt(3) == 0).put("account", "4" + random.nextInt(100, 999));
        node.put("hours", BigDecimal.valueOf(random.nextInt(1, 33) * 25L, 2)).put("isLabor", random.nextInt(5) > 0);
        node.set("recommendations", some(materials, 2));
        node.set("upgrades", JsonText.array());
        assets(node, id);
        node.set("serviceMaterials", links(materials, 4));
        node.set("serviceEquipment", links(equipment, 1));
        crossSale(node);
        node.put("paysCommission", random.nextBoolean());
        return origin(node, id);
    }

    private ObjectNode material(long id) {
        Vocabulary.Trade trade = any(Vocabulary.TRADES);
        String part = any(trade.parts());
        ObjectNode node = named(id, trade.code().substring(0, 2) + "M-" + id, any(Vocabulary.MAKERS) + " " + part + ", " + any(Vocabulary.GRADES));
        BigDecimal cost = cents(45, 60_000);
        node.put("cost", cost);
        prices(node, markup(cost));
        node.put("hours", BigDecimal.valueOf(random.nextInt(5) * 25L, 2)).put("commissionBonus", money(0)).put("paysCommission", random.nextInt(4) == 0);
        node.put("deductAsJobCost", random.nextBoolean()).put("unitOfMeasure", any(Vocabulary.UNITS)).put("isInventory", random.nextInt(3) > 0);
        accounts(node);
        node.put("taxable", random.nextInt(5) > 0);
        vendors(node, id, cost);
        categories(node, materialCategories);
        assets(node, id);
        return origin(node, id);
    }

    private ObjectNode equipment(long id) {
        Vocabulary.Trade trade = any(Vocabulary.TRADES);
        String maker = any(Vocabulary.MAKERS);
        String part = any(trade.parts());
        ObjectNode node = named(id, trade.code() + "-EQ-" + id, maker + " " + part);
        BigDecimal cost = cents(8_000, 900_000);
        prices(node, markup(cost));
        node.put("manufacturer", maker).put("model", maker.substring(0, 2).toUpperCase(Locale.ROOT) + "-" + random.nextInt(100, 9_999));
        warranty(node, "manufacturerWarranty");
        warranty(node, "serviceProviderWarranty");
        categories(node, materialCategories);
        assets(node, id);
        node.set("recommendations", JsonText.array());
        node.set("upgrades", JsonText.array());
        node.set("equipmentMaterials", links(materials, 3));
        vendors(node, id, cost);
        accounts(node);
        crossSale(node);
        node.put("paysCommission", true).put("commissionBonus", money(random.nextInt(0, 5) * 500L));
        node.put("hours", BigDecimal.valueOf(random.nextInt(2, 17) * 50L, 2)).put("taxable", true).put("cost", cost);
        node.put("unitOfMeasure", "Each").put("isInventory", random.nextBoolean());
        return origin(node, id);
    }

    /** Between two amounts of cents; the smaller the likelier. */
    BigDecimal cents(int least, int most) {
        double part = random.nextDouble();
        return money(least + (long) ((most - least) * part * part));
    }

    /** The four prices that belong together. */
    static void prices(ObjectNode node, BigDecimal price) {
        node.put("price", price).put("memberPrice", share(price, "0.90")).put("addOnPrice", share(price, "0.85")).put("addOnMemberPrice", share(price, "0.80"));
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private ObjectNode named(long id, String code, String name) {
        ObjectNode node = JsonText.object().put("id", id).put("code", code);
        if (random.nextInt(25) == 0) {
            node.putNull("displayName");
        } else {
            node.put("displayName", name);
        }
        return node.put("description", name + ". " + any(Vocabulary.NOTES)).put("active", random.nextInt(16) > 0);
    }

    private void categories(ObjectNode node, List<Long> from) {
        ArrayNode categories = node.putArray("categories");
        long first = any(from);
        categories.add(first);
        long second = any(from);
        if (second != first && random.nextInt(5) == 0) {
            categories.add(second);
        }
    }

    private void warranty(ObjectNode node, String field) {
        int years = random.nextInt(1, 11);
        node.putObject(field).put("duration", years * 12).put("description", years + (years == 1 ? " year" : " years") + " parts and labor");
    }

    private void vendors(ObjectNode node, long id, BigDecimal cost) {
        if (random.nextInt(12) == 0) {
            node.putNull("primaryVendor");
        } else {
            node.set("primaryVendor", vendor(id * 10, cost));
        }
        ArrayNode others = node.putArray("otherVendors");
        if (random.nextInt(4) == 0) {
            others.add(vendor(id * 10 + 1, cost.add(money(random.nextInt(1, 400)))));
        }
    }

    private ObjectNode vendor(long id, BigDecimal cost) {
        int vendor = random.nextInt(Vocabulary.VENDORS.size());
        ObjectNode node = JsonText.object().put("id", id).put("vendorName", Vocabulary.VENDORS.get(vendor)).put("vendorId", 500 + vendor).putNull("memo");
        node.put("vendorPart", Integer.toString(random.nextInt(100_000, 999_999))).put("cost", cost).put("active", true);
        node.putNull("primarySubAccount").putArray("otherSubAccounts");
        return node;
    }

    private void accounts(ObjectNode node) {
        node.put("account", "4" + random.nextInt(100, 999)).put("costOfSaleAccount", "5" + random.nextInt(100, 999));
        if (random.nextBoolean()) {
            node.put("assetAccount", "1" + random.nextInt(100, 999));
        } else {
            node.putNull("assetAccount");
        }
    }

    private void crossSale(ObjectNode node) {
        if (random.nextInt(6) == 0) {
            node.put("crossSaleGroup", any(Vocabulary.CROSS_SALES));
        } else {
            node.putNull("crossSaleGroup");
        }
    }

    private void assets(ObjectNode node, long id) {
        ArrayNode assets = node.putArray("assets");
        if (random.nextInt(3) == 0) {
            assets.addObject().put("alias", "photo").put("fileName", id + ".jpg").put("type", "Image").put("url", "https://assets.example/" + id + ".jpg");
        }
    }

    private ArrayNode some(List<Long> from, int most) {
        ArrayNode ids = JsonText.array();
        for (int left = from.isEmpty() ? 0 : random.nextInt(most + 1); left > 0; left--) {
            ids.add(any(from));
        }
        return ids;
    }

    private ArrayNode links(List<Long> from, int most) {
        ArrayNode links = JsonText.array();
        for (int left = from.isEmpty() ? 0 : random.nextInt(most + 1); left > 0; left--) {
            links.addObject().put("skuId", any(from)).put("quantity", BigDecimal.valueOf(random.nextInt(1, 25) * 50L, 2));
        }
        return links;
    }

    private ObjectNode origin(ObjectNode node, long id) {
        if (random.nextInt(3) == 0) {
            node.put("source", "Regional Catalog").put("externalId", "RC-" + id);
        } else {
            node.putNull("source").putNull("externalId");
        }
        node.putArray("externalData");
        return node;
    }

    private BigDecimal markup(BigDecimal cost) {
        return cost.multiply(BigDecimal.valueOf(random.nextInt(140, 320), 2)).setScale(2, RoundingMode.HALF_UP);
    }

    private static BigDecimal share(BigDecimal price, String part) {
        return price.multiply(new BigDecimal(part)).setScale(2, RoundingMode.HALF_UP);
    }

    private static BigDecimal money(long cents) {
        return BigDecimal.valueOf(cents, 2);
    }
}
