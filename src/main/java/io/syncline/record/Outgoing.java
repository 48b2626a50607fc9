package io.syncline.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What of a document is written to a side, in the side's own form: the way back of {@link SideMapping} (promise 15). What is missing in the document is never
 * sent; numbers keep every digit.
 */
public final class Outgoing {
    private static final ObjectMapper TREES = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true)).build();

    private final Shape shape;
    private final Object[] values;
    private final List<Field> sent;
    private final List<String> problems;

    private Outgoing(Shape shape, Object[] values, List<Field> sent, List<String> problems) {
        this.shape = shape;
        this.values = values;
        this.sent = List.copyOf(sent);
        this.problems = List.copyOf(problems);
    }

    /**
     * Of a record that is not there yet.
     *
     * @param takesNull whether the member at a dotted path may be null; what is null and may not is left out
     */
    public static Outgoing whole(Shape shape, Document document, Predicate<String> takesNull) {
        Object[] values = written(shape, document);
        List<Field> sent = shape.fields().stream().filter(field -> field.to() != null)
                .filter(field -> value(shape, values, field) != Missing.MISSING)
                .filter(field -> value(shape, values, field) != null || takesNull.test(field.to().toString())).toList();
        return new Outgoing(shape, values, sent, List.of());
    }

    /**
     * Of a record that is there.
     *
     * @param all       everything, not only what is another than agreed
     * @param takesNull as for {@link #whole}; a field that was emptied and may not be null is a problem
     */
    public static Outgoing change(Shape shape, Document agreed, Document document, boolean all, Predicate<String> takesNull) {
        Object[] before = written(shape, agreed);
        Object[] values = written(shape, document);
        List<Field> sent = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Field field : shape.fields()) {
            Object was = value(shape, before, field);
            Object is = value(shape, values, field);
            boolean same = Objects.equals(absent(was), absent(is));
            if (field.to() == null || same && (!all || is == Missing.MISSING)) {
                continue;
            }
            if (absent(is) != null || takesNull.test(field.to().toString())) {
                sent.add(field);
            } else if (!same) {
                problems.add(field.name() + " is empty, and " + field.to() + " cannot be null there");
            }
        }
        // A side may take an object in it as a whole, so what stands beside a changed member is said again.
        shape.fields().stream().filter(field -> field.to() != null && !sent.contains(field) && value(shape, values, field) != Missing.MISSING)
                .filter(field -> absent(value(shape, values, field)) != null || takesNull.test(field.to().toString()))
                .filter(field -> sent.stream().anyMatch(other -> isBeside(field.to(), other.to()))).toList().forEach(sent::add);
        return new Outgoing(shape, values, sent, problems);
    }

    private static boolean isBeside(Path one, Path other) {
        return one.segments().size() > 1 && other.segments().size() > 1 && one.segments().get(0).equals(other.segments().get(0));
    }

    /** The fields that are sent, in the order of their names. */
    public List<Field> sent() {
        return sent;
    }

    /** What cannot be said to the side, one sentence each. */
    public List<String> problems() {
        return problems;
    }

    /** Whether the record as the side shows it says everything that is sent. */
    public boolean isSaidBy(Observed observed) {
        if (observed.document() == null) {
            return false;
        }
        Object[] shown = shape.values(observed.document());
        return sent.stream().allMatch(field -> Objects.equals(absent(value(shape, values, field)), absent(value(shape, shown, field))));
    }

    /** Whether it says all of it but in these fields, and there is anything else that it says. */
    public boolean isSaidApartFrom(List<String> fields, Observed observed) {
        List<Field> others = sent.stream().filter(field -> !fields.contains(field.name()) && absent(value(shape, values, field)) != null).toList();
        return !others.isEmpty() && new Outgoing(shape, values, others, problems).isSaidBy(observed);
    }

    /**
     * As JSON.
     *
     * @param fixed members that are always sent, or null; a text {@code {id}} in them stands for the key, {@code {name}} for a field
     * @param key   the side's key, or null
     */
    public String body(String fixed, String key) {
        try {
            ObjectNode body = fixed == null ? TREES.createObjectNode() : (ObjectNode) filled(TREES.readTree(fixed), key);
            for (Field field : sent) {
                ObjectNode at = body;
                List<String> way = field.to().segments();
                for (String segment : way.subList(0, way.size() - 1)) {
                    at = at.get(segment) instanceof ObjectNode below ? below : at.putObject(segment);
                }
                at.set(way.get(way.size() - 1), raw(json(field, value(shape, values, field))));
            }
            return TREES.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a declared body is JSON", e);
        }
    }

    private JsonNode filled(JsonNode node, String key) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(member -> member.setValue(filled(member.getValue(), key)));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, filled(array.get(i), key));
            }
        } else if (node.isTextual() && node.textValue().matches("\\{[a-z][a-z0-9_]*}")) {
            return named(node.textValue().substring(1, node.textValue().length() - 1), key);
        }
        return node;
    }

    private JsonNode named(String name, String key) {
        if (name.equals("id")) {
            return key == null ? TREES.nullNode() : TREES.getNodeFactory().textNode(key);
        }
        int at = shape.position(name);
        return at < 0 || values[at] == Missing.MISSING ? TREES.nullNode() : raw(json(shape.fields().get(at), values[at]));
    }

    /** One field as text, as it stands in an address; empty for what is null or missing. */
    public String text(String field) {
        int at = shape.position(field);
        if (at < 0 || absent(values[at]) == null) {
            return "";
        }
        Object value = values[at];
        Field declared = shape.fields().get(at);
        String json = json(declared, value);
        return value instanceof String text ? text : json.startsWith("\"") && !(value instanceof Json) ? json.substring(1, json.length() - 1) : json;
    }

    private JsonNode raw(String json) {
        return TREES.getNodeFactory().rawValueNode(new RawValue(json));
    }

    /** What the side would show of the document had it taken every word of it: what a field's form there cannot hold is gone. */
    private static Object[] written(Shape shape, Document document) {
        Object[] values = shape.values(document);
        for (int i = 0; i < values.length; i++) {
            if (absent(values[i]) != null) {
                values[i] = there(shape.fields().get(i), values[i]);
            }
        }
        return values;
    }

    private static Object there(Field field, Object value) {
        if (field.type() == FieldType.TEXT || field.type() == FieldType.JSON && field.excerpt().isAll() && !field.set()) {
            return value;
        }
        try (JsonParser parser = Canonical.JSON.createParser(json(field, value))) {
            parser.nextToken();
            return ValueReader.read(parser, field, time(field));
        } catch (UnfitValue unfit) {
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String json(Field field, Object value) {
        StringBuilder json = new StringBuilder();
        if (value instanceof Instant instant) {
            timed(json, time(field), time(field).write(instant));
        } else if (value instanceof LocalDate date) {
            timed(json, time(field), time(field).write(date));
        } else {
            Canonical.value(json, absent(value));
        }
        return json.toString();
    }

    private static void timed(StringBuilder json, TimeFormat format, String written) {
        if (format.isNumber()) {
            json.append(written);
        } else {
            Canonical.text(json, written);
        }
    }

    private static TimeFormat time(Field field) {
        return field.time() == null ? TimeFormat.ISO : field.time();
    }

    private static Object value(Shape shape, Object[] values, Field field) {
        return values[shape.position(field.name())];
    }

    /** Both null and missing say that there is nothing. */
    private static Object absent(Object value) {
        return value == Missing.MISSING ? null : value;
    }
}
