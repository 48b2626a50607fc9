package io.syncline.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.record.Field;
import io.syncline.record.Path;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Fills a case's record up with sample values for all that it does not mention, the same in every record, so that a case shows nothing but what it is about.
 * A member that is written as {@code (missing)} is taken away afterwards. Lists that a case mentions stay as they are.
 */
final class Samples {
    private static final String MISSING = "(missing)";
    private static final Instant MOMENT = Instant.parse("2026-01-01T00:00:00Z");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private record Sample(Path path, JsonNode value) {
    }

    private final List<Sample> samples = new ArrayList<>();

    Samples(SideMapping mapping) {
        Set<String> deletedValues = mapping.deletion() == null ? Set.of() : mapping.deletion().values();
        for (Field field : mapping.shape().fields()) {
            boolean marker = mapping.deletion() != null && mapping.deletion().path().equals(field.from());
            samples.add(new Sample(field.from(), sample(field, marker ? deletedValues : Set.of())));
        }
        // The deepest first: they make the containers that shallower fields then find.
        samples.sort(Comparator.comparingInt((Sample sample) -> sample.path().segments().size()).reversed());
        mapping.key().forEach(part -> samples.add(new Sample(part, JSON.numberNode(1))));
        if (mapping.version() != null) {
            samples.add(new Sample(mapping.version(), JSON.numberNode(1)));
        }
        if (mapping.modifiedAt() != null) {
            samples.add(new Sample(mapping.modifiedAt(), JSON.textNode(mapping.modifiedFormat().write(MOMENT))));
        }
    }

    ObjectNode complete(ObjectNode record) {
        ObjectNode completed = record.deepCopy();
        for (Sample sample : samples) {
            if (!isInMentionedList(record, sample.path())) {
                put(completed, sample);
            }
        }
        takeAway(completed);
        return completed;
    }

    private static JsonNode sample(Field field, Set<String> deletedValues) {
        return switch (field.type()) {
            case TEXT -> JSON.textNode("sample");
            case INTEGER, DECIMAL -> JSON.numberNode(1);
            case BOOLEAN -> JSON.booleanNode(!deletedValues.contains("true"));
            case TIMESTAMP -> JSON.textNode((field.time() == null ? TimeFormat.ISO : field.time()).write(MOMENT));
            case DATE -> JSON.textNode("2026-01-01");
            case JSON -> JSON.arrayNode().add("sample");
        };
    }

    private static boolean isInMentionedList(JsonNode record, Path path) {
        JsonNode at = record;
        for (String segment : path.segments()) {
            if (at.isArray()) {
                return true;
            }
            at = at.path(segment);
        }
        return false;
    }

    private static void put(ObjectNode record, Sample sample) {
        List<String> segments = sample.path().segments();
        JsonNode at = record;
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            JsonNode next = at.isArray() ? at.path(place(segment)) : at.path(segment);
            if (next.isMissingNode()) {
                boolean last = i == segments.size() - 1;
                next = last ? sample.value().deepCopy() : place(segments.get(i + 1)) == 0 ? JSON.arrayNode() : JSON.objectNode();
                if (at instanceof ObjectNode object) {
                    object.set(segment, next);
                } else if (at instanceof ArrayNode array && place(segment) == array.size()) {
                    array.add(next);
                } else {
                    return;
                }
            }
            at = next;
        }
    }

    private static int place(String segment) {
        return segment.matches("[0-9]{1,4}") ? Integer.parseInt(segment) : -1;
    }

    private static void takeAway(JsonNode node) {
        for (Iterator<JsonNode> children = node.elements(); children.hasNext(); ) {
            JsonNode child = children.next();
            if (child.isTextual() && child.textValue().equals(MISSING)) {
                children.remove();
            } else {
                takeAway(child);
            }
        }
    }
}
