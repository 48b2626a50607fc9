package io.syncline.api;

import io.syncline.config.EntityConfig;
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

    EntityDoor(Places places) {
        this.places = places;
    }

    public Answer show(@Variable(Call.NAME) Call call) {
        Place place = RecordDoor.place(places, call);
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("sync", place.sync().name());
        shown.put("entity", place.entity().name());
        shown.put("system", place.sync().system());
        shown.put("readOnly", place.entity().readOnly());
        shown.put("can", place.entity().creatable() ? List.of("create") : List.of());
        shown.put("fields", place.entity().shape().declared().stream().map(field -> field(place.entity(), field)).toList());
        return Answer.of(200, Map.of(), shown);
    }

    private static Map<String, Object> field(EntityConfig entity, Field field) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", field.name());
        shown.put("type", field.type().word());
        shown.put("required", field.required());
        shown.put("references", field.references());
        shown.put("writable", entity.editable().contains(field));
        shown.put("needed", entity.needed().contains(field));
        return shown;
    }
}
