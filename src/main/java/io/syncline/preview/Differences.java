package io.syncline.preview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.syncline.record.Shape;
import io.syncline.store.PlanRows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a plan's row changes, field by field, in the order in which they are declared. */
final class Differences {
    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true)).build();

    private final Shape shape;

    Differences(Shape shape) {
        this.shape = shape;
    }

    List<Map<String, JsonNode>> of(PlanRows.Row row) {
        return switch (row.outcome()) {
            case "conflict" -> conflict(row);
            case "delete", "held" -> compared(row.before(), null);
            case "create", "link", "update", "remapped", "restore", "parked" -> compared(row.outcome().equals("parked") ? null : row.before(), row.after());
            default -> List.of();
        };
    }

    private List<Map<String, JsonNode>> compared(String before, String after) {
        JsonNode was = read(before);
        JsonNode is = read(after);
        List<Map<String, JsonNode>> fields = new ArrayList<>();
        shape.fields().forEach(field -> {
            if (!Objects.equals(was.get(field.name()), is.get(field.name()))) {
                fields.add(told(field.name(), "before", was, "after", is));
            }
        });
        return fields;
    }

    private List<Map<String, JsonNode>> conflict(PlanRows.Row row) {
        JsonNode base = read(row.base());
        JsonNode theirs = read(row.theirs());
        JsonNode ours = read(row.before());
        List<Map<String, JsonNode>> fields = new ArrayList<>();
        shape.fields().forEach(field -> {
            boolean disputed = row.fields().isEmpty() ? !Objects.equals(theirs.get(field.name()), ours.get(field.name())) : row.fields().contains(field.name());
            if (disputed) {
                Map<String, JsonNode> told = told(field.name(), "base", base, "theirs", theirs);
                put(told, "ours", ours, field.name());
                fields.add(told);
            }
        });
        return fields;
    }

    private static Map<String, JsonNode> told(String field, String one, JsonNode first, String other, JsonNode second) {
        Map<String, JsonNode> told = new LinkedHashMap<>();
        told.put("field", TextNode.valueOf(field));
        put(told, one, first, field);
        put(told, other, second, field);
        return told;
    }

    private static void put(Map<String, JsonNode> told, String member, JsonNode document, String field) {
        if (document.has(field)) {
            told.put(member, document.get(field));
        }
    }

    private static JsonNode read(String document) {
        try {
            return document == null || document.isEmpty() ? JSON.createObjectNode() : JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("documents are always JSON", e);
        }
    }
}
