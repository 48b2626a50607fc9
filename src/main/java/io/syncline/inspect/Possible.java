package io.syncline.inspect;

import io.syncline.config.EntityConfig;
import io.syncline.config.WritesConfig;
import io.syncline.record.Field;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a person may do with a record. The table's trigger decides; this says beforehand what it would take, so that nobody is offered what is refused.
 *
 * @param actions  of {@code edit}, {@code delete} and {@code restore}
 * @param writable the names of the fields that an edit may hold
 */
public record Possible(List<String> actions, List<String> writable) {
    public static Possible with(Place place, FoundRecord record) {
        EntityConfig entity = place.entity();
        if (entity.readOnly() || record.document() == null) {
            return new Possible(List.of(), List.of());
        }
        WritesConfig writes = entity.writes();
        boolean unknownThere = writes == null || record.key() == null;
        List<String> actions = new ArrayList<>();
        if (record.deletedAt() != null) {
            // A deletion that the system has not been told of is simply taken back.
            if (unknownThere || writes.takesBack() || !record.goneThere()) {
                actions.add("restore");
            }
            return new Possible(actions, List.of());
        }
        List<String> writable = unknownThere || writes.update() != null ? names(place, entity.editable()) : List.of();
        if (!writable.isEmpty()) {
            actions.add("edit");
        }
        if (unknownThere || writes.delete() != null) {
            actions.add("delete");
        }
        return new Possible(actions, writable);
    }

    /** In the order of the sync's file. */
    private static List<String> names(Place place, List<Field> fields) {
        return place.entity().shape().declared().stream().filter(field -> fields.stream().anyMatch(each -> Objects.equals(each.name(), field.name())))
                .map(Field::name).toList();
    }
}
