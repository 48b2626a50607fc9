package io.syncline.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What two canonical documents say differently, field by field, whatever is declared now. */
final class Difference {
    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true)).build();

    private Difference() {
    }

    /** Null on either side where there was no document, or is none any more. */
    static List<FieldChange> between(String before, String after) {
        JsonNode from = read(before);
        JsonNode to = read(after);
        Set<String> names = new TreeSet<>();
        from.fieldNames().forEachRemaining(names::add);
        to.fieldNames().forEachRemaining(names::add);
        List<FieldChange> changes = new ArrayList<>();
        for (String name : names) {
            if (!Objects.equals(from.get(name), to.get(name))) {
                changes.add(new FieldChange(name, text(from.get(name)), text(to.get(name))));
            }
        }
        return changes;
    }

    private static String text(JsonNode value) {
        return value == null ? null : value.toString();
    }

    private static JsonNode read(String document) {
        try {
            return document == null ? JSON.createObjectNode() : JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored document is JSON", e);
        }
    }
}
