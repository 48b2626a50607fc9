package io.syncline.sandbox;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** What the pricebook's contract documents for bodies that are written, in short. */
final class Shapes {
    private static final Shape WARRANTY = Shape.of("duration!:int32 description?:text");
    private static final Shape ASSET = Shape.of("type!:Other|Image|Video|Attachment|VideoFile alias?:text url!:text");
    private static final Shape LINK = Shape.of("skuId!:int64 quantity!:decimal");
    private static final Shape BULK_LINK = Shape.of("skuId?:int64 customId?:text quantity!:decimal");
    private static final Shape RECOMMENDATION = Shape.of("skuId!:int64 type!:Service|Material");
    private static final Shape BULK_RECOMMENDATION = Shape.of("skuId?:int64 customId?:text type!:Service|Material");
    private static final Shape BULK_REFERENCE = Shape.of("skuId?:int64 customId?:text");
    private static final Shape SUB_ACCOUNT = Shape.of("cost!:decimal accountName!:text");
    private static final Shape VENDOR = Shape.of("vendorId!:int64 memo?:text vendorPart?:text cost!:decimal active!:flag")
            .with("primarySubAccount", SUB_ACCOUNT).withMany("otherSubAccounts", SUB_ACCOUNT);
    private static final Shape EXTERNAL = Shape.of("applicationGuid!:guid")
            .and("externalData", new Shape.Member(null, Shape.of("key!:text value!:text"), true, true, false));

    private static final Shape CATEGORY = Shape.of("""
            name!:text active?:flag description?:text parentId?:int64 position?:int32 image?:text categoryType!:Services|Materials businessUnitIds?:[int64]
            skuImages?:[text] skuVideos?:[text]""");
    private static final Shape SERVICE = Shape.of("""
            code!:text displayName?:text description!:text categories?:[int64] price?:decimal memberPrice?:decimal addOnPrice?:decimal
            addOnMemberPrice?:decimal taxable?:flag account?:text hours?:decimal isLabor?:flag recommendations?:[int64] upgrades?:[int64] active?:flag
            crossSaleGroup?:text paysCommission?:flag commissionBonus?:decimal""")
            .with("warranty", WARRANTY).withMany("assets", ASSET).withMany("serviceMaterials", LINK).withMany("serviceEquipment", LINK)
            .with("externalData", EXTERNAL);
    private static final Shape GOODS = Shape.of("""
            code!:text displayName?:text description!:text active?:flag price?:decimal memberPrice?:decimal addOnPrice?:decimal addOnMemberPrice?:decimal
            categories?:[int64] account?:text costOfSaleAccount?:text assetAccount?:text paysCommission?:flag commissionBonus?:decimal hours?:decimal
            taxable?:flag cost?:decimal unitOfMeasure?:text isInventory?:flag""")
            .withMany("assets", ASSET).with("primaryVendor", VENDOR).withMany("otherVendors", VENDOR).with("externalData", EXTERNAL);
    private static final Shape MATERIAL = GOODS.and("deductAsJobCost", new Shape.Member("flag", null, false, false, true));
    private static final Shape EQUIPMENT = GOODS
            .and("manufacturer", text()).and("model", text()).and("crossSaleGroup", text())
            .and("upgrades", new Shape.Member("int64", null, true, false, true))
            .with("manufacturerWarranty", WARRANTY).with("serviceProviderWarranty", WARRANTY)
            .withMany("recommendations", RECOMMENDATION).withMany("equipmentMaterials", LINK);
    private static final Map<Entity, Shape> CREATE = new EnumMap<>(Map.of(
            Entity.CATEGORIES, CATEGORY, Entity.SERVICES, SERVICE, Entity.MATERIALS, MATERIAL, Entity.EQUIPMENT, EQUIPMENT));

    private Shapes() {
    }

    static Shape create(Entity entity) {
        return CREATE.get(entity);
    }

    /** An update gives what changes; hardly anything can be made null by it. */
    static Shape update(Entity entity) {
        return create(entity).where(false, Set.of("parentId", "externalData"));
    }

    /** In bulk, whatever is made may be referred to by an id that the caller chose. */
    static Shape bulkCreate(Entity entity) {
        Shape shape = create(entity).and("customId", text());
        return switch (entity) {
            case SERVICES -> shape.withMany("serviceMaterials", BULK_LINK).withMany("serviceEquipment", BULK_LINK)
                    .withMany("recommendations", BULK_REFERENCE).withMany("upgrades", BULK_REFERENCE);
            case EQUIPMENT -> shape.withMany("equipmentMaterials", BULK_LINK).withMany("recommendations", BULK_RECOMMENDATION)
                    .withMany("upgrades", BULK_REFERENCE);
            default -> shape;
        };
    }

    /** In bulk, an update gives everything. */
    static Shape bulkUpdate(Entity entity) {
        return create(entity).where(true, Set.of("externalData")).and("id", new Shape.Member("int64", null, false, true, false));
    }

    private static Shape.Member text() {
        return new Shape.Member("text", null, false, false, true);
    }
}
