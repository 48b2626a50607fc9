package io.syncline.config;

import io.syncline.record.FieldType;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of people's own beside the entities of a sync; no sync ever reads or writes it.
 *
 * @param references the entity whose records its rows belong to
 * @param key        the fields that tell rows apart, within an organisation
 * @param fields     in the order of the file
 */
public record LocalTable(String name, String references, List<String> key, Map<String, FieldType> fields) {
    public LocalTable {
        key = List.copyOf(key);
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
}
