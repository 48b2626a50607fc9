package io.syncline.api;

import io.syncline.config.EntityConfig;
import io.syncline.config.WritesConfig;
import io.syncline.conflict.Cards;
import io.syncline.inspect.Place;
import io.syncline.inspect.Places;
import io.syncline.record.Field;
import org.apache.camel.Variable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The door to what an entity declares, so that whoever shows its records knows their fields. */
final class EntityDoor {
    private final Places places;
    private final Cards cards;

    EntityDoor(Places places, Cards cards) {
        this.places = places;
        this.cards = cards;
    }

    public Answer show(@Variable(Call.NAME) Call call) {
        Place place = RecordDoor.place(places, call);
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("sync", place.sync().name());
        shown.put("entity", place.entity().name());
        shown.put("system", place.sync().system());
        shown.put("systemTitle", cards.systemTitle(place.sync()));
        shown.put("here", place.sync().title());
        shown.put("readOnly", place.entity().readOnly());
        shown.put("ways", ways(place.entity().writes()));
        shown.put("fields", place.entity().shape().declared().stream().map(field -> field(place.entity(), field)).toList());
        return Answer.of(200, Map.of(), shown);
    }

    private static List<String> ways(WritesConfig writes) {
        Map<String, Object> ways = new LinkedHashMap<>();
        if (writes != null) {
            ways.put("create", writes.create());
            ways.put("update", writes.update());
            ways.put("delete", writes.delete());
            ways.put("restore", writes.restore());
        }
        return ways.keySet().stream().filter(way -> ways.get(way) != null).toList();
    }

    private static Map<String, Object> field(EntityConfig entity, Field field) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", field.name());
        shown.put("type", field.type().word());
        shown.put("required", field.required());
        shown.put("references", field.references());
        shown.put("editable", entity.editable().contains(field));
        shown.put("needed", entity.needed().contains(field));
        WritesConfig writes = entity.writes();
        shown.put("emptied", !field.required() && (writes == null || field.to() == null || writes.update() == null
                || writes.update().takesNull(field.to().toString())));
        return shown;
    }
}
