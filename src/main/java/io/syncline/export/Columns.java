package io.syncline.export;

import io.syncline.record.FieldType;
import io.syncline.record.Shape;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a file of records holds: columns in front (keys, since when, deleted or not), then the entity's fields by name.
 *
 * @param lead   named otherwise than any field
 * @param digits how many digits a decimal field takes, for files that must say so before the first record; a field that is not named here becomes a text there
 * @param about  what the file says of itself where its format has a place for it, e.g. the snapshot's number and digest
 */
public record Columns(List<Lead> lead, Shape shape, Map<String, Digits> digits, Map<String, String> about) {
    public Columns {
        lead = List.copyOf(lead);
        digits = Map.copyOf(digits);
        about = Collections.unmodifiableMap(new LinkedHashMap<>(about));
        for (Lead column : lead) {
            if (shape.position(column.name()) >= 0 || lead.stream().filter(other -> other.name().equals(column.name())).count() > 1) {
                throw new IllegalArgumentException("column " + column.name() + " is there twice");
            }
        }
    }

    /** A column in front of the fields. */
    public record Lead(String name, FieldType type) {
    }
}
