package io.syncline.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A file of {@code config/schema}: the same that editors complete by says here what may be written, and which value stands for what is left out.
 * Of draft-07 it knows what our files use; a keyword beyond that is refused when the schema is loaded, so that nothing in it is passed over silently.
 * An alternative of a {@code oneOf} is chosen by its {@code kind} or by the type of what is written, so that a mistake is told about that alternative only.
 */
final class Schema {
    private static final Set<String> KEYWORDS = Set.of("$schema", "$id", "$ref", "title", "description", "examples", "default", "definitions", "type",
            "enum", "const", "pattern", "patternErrorMessage", "minLength", "maxLength", "minimum", "maximum", "properties", "additionalProperties",
            "propertyNames", "required", "minProperties", "items", "minItems", "uniqueItems", "oneOf", "allOf", "writeOnly");

    private final JsonNode root;

    private Schema(JsonNode root) {
        this.root = root;
        refuseUnknownKeywords(root);
    }

    static Schema load(String name) {
        String resource = "/schema/" + name + ".schema.json";
        try (InputStream file = Schema.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException(resource + " is not on the classpath: it is config" + resource + " and belongs into the jar");
            }
            return new Schema(new ObjectMapper().readTree(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells everything that the schema does not allow. */
    void check(Yaml yaml, Mistakes mistakes) {
        check(yaml, root, mistakes);
    }

    /** The same file with every default written out. Only for one without mistakes. */
    Yaml complete(Yaml yaml) {
        return complete(yaml, root);
    }

    private void check(Yaml yaml, JsonNode declared, Mistakes mistakes) {
        JsonNode schema = chosen(yaml, resolved(declared), mistakes);
        if (schema == null) {
            return;
        }
        if (schema.has("type") && !hasType(yaml, schema)) {
            mistakes.add(yaml, said(yaml, schema), example(yaml, schema));
            return;
        }
        switch (yaml.kind()) {
            case MAP -> checkMembers(yaml, schema, mistakes);
            case LIST -> checkItems(yaml, schema, mistakes);
            default -> checkScalar(yaml, schema, mistakes);
        }
    }

    private void checkMembers(Yaml yaml, JsonNode schema, Mistakes mistakes) {
        JsonNode properties = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        yaml.members().forEach((name, value) -> {
            if (schema.has("propertyNames")) {
                checkScalar(Yaml.scalar(Yaml.Kind.TEXT, value.where(), value.line(), name), resolved(schema.get("propertyNames")), mistakes);
            }
            if (properties.has(name)) {
                check(value, properties.get(name), mistakes);
            } else if (others.isObject()) {
                check(value, others, mistakes);
            } else if (others.isBoolean() && !others.booleanValue()) {
                mistakes.add(value, "is not a key that is known here.", Mistakes.instead(name, new TreeSet<>(names(properties))));
            }
        });
        for (JsonNode name : schema.path("required")) {
            if (!yaml.has(name.textValue())) {
                Yaml absent = yaml.get(name.textValue());
                mistakes.add(absent, "is missing.", example(absent, resolved(properties.path(name.textValue()))));
            }
        }
        if (yaml.members().size() < schema.path("minProperties").asInt(0)) {
            mistakes.add(yaml, "is empty.", example(yaml, schema));
        }
    }

    private void checkItems(Yaml yaml, JsonNode schema, Mistakes mistakes) {
        if (yaml.items().size() < schema.path("minItems").asInt(0)) {
            mistakes.add(yaml, "is empty.", example(yaml, schema));
        }
        if (schema.path("uniqueItems").asBoolean() && yaml.texts().stream().distinct().count() < yaml.items().size()) {
            mistakes.add(yaml, "names something twice.", "Write each once.");
        }
        for (Yaml item : yaml.items()) {
            check(item, schema.path("items"), mistakes);
        }
    }

    private void checkScalar(Yaml yaml, JsonNode schema, Mistakes mistakes) {
        String text = yaml.text();
        if (schema.has("const") && !schema.get("const").asText().equals(text) || schema.has("enum") && !texts(schema.get("enum")).contains(text)) {
            mistakes.add(yaml, said(yaml, schema),
                    Mistakes.instead(text, schema.has("const") ? List.of(schema.get("const").asText()) : texts(schema.get("enum"))));
        } else if (schema.has("pattern") && !Pattern.compile(schema.get("pattern").textValue()).matcher(text).find()) {
            mistakes.add(yaml, said(yaml, schema), schema.get("patternErrorMessage").textValue());
        } else if (text.length() < schema.path("minLength").asInt(0)) {
            mistakes.add(yaml, "is empty.", example(yaml, schema));
        } else if (text.length() > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
            mistakes.add(yaml, said(yaml, schema).replaceFirst("\\.$", ": it has " + text.length() + " letters."),
                    "Write at most " + schema.get("maxLength").asInt() + ".");
        } else if (schema.has("minimum") || schema.has("maximum")) {
            checkRange(yaml, schema, mistakes);
        }
    }

    private static void checkRange(Yaml yaml, JsonNode schema, Mistakes mistakes) {
        long least = schema.path("minimum").asLong(Long.MIN_VALUE);
        long most = schema.path("maximum").asLong(Long.MAX_VALUE);
        BigInteger written = new BigInteger(yaml.text().length() > 25 ? yaml.text().substring(0, 25) : yaml.text());
        boolean tooSmall = written.compareTo(BigInteger.valueOf(least)) < 0;
        if (tooSmall || written.compareTo(BigInteger.valueOf(most)) > 0) {
            mistakes.add(yaml, Mistakes.quoted(yaml.text()) + " is too " + (tooSmall ? "small" : "large") + ".",
                    "Write a whole number from " + least + " to " + most + ".");
        }
    }

    /** The schema itself, or the alternative of it that is meant; null when none is, which is then told. */
    private JsonNode chosen(Yaml yaml, JsonNode schema, Mistakes mistakes) {
        if (!schema.has("oneOf")) {
            return schema;
        }
        List<JsonNode> alternatives = new ArrayList<>();
        schema.get("oneOf").forEach(alternative -> alternatives.add(resolved(alternative)));
        List<JsonNode> typed = alternatives.stream().filter(alternative -> hasType(yaml, alternative)).toList();
        if (typed.isEmpty()) {
            mistakes.add(yaml, said(yaml, schema), example(yaml, schema));
            return null;
        }
        if (typed.size() == 1) {
            return typed.get(0);
        }
        Yaml kind = yaml.get("kind");
        for (JsonNode alternative : typed) {
            if (alternative.path("properties").path("kind").path("const").asText().equals(kind.text())) {
                return alternative;
            }
        }
        List<String> kinds = typed.stream().map(alternative -> alternative.path("properties").path("kind").path("const").asText()).toList();
        if (kind.is(Yaml.Kind.ABSENT)) {
            mistakes.add(kind, "is missing.", Mistakes.instead("", kinds));
        } else {
            mistakes.unknown(kind, article(schema.get("title").textValue() + " kind"), kinds);
        }
        return null;
    }

    private Yaml complete(Yaml yaml, JsonNode declared) {
        JsonNode schema = chosen(yaml, resolved(declared), null);
        if (yaml.is(Yaml.Kind.LIST)) {
            return Yaml.list(yaml.where(), yaml.line(), yaml.items().stream().map(item -> complete(item, schema.path("items"))).toList());
        }
        if (!yaml.is(Yaml.Kind.MAP)) {
            return yaml;
        }
        Yaml completed = yaml;
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode value = resolved(property.getValue()).path("default");
            if (!yaml.has(property.getKey()) && !value.isMissingNode()) {
                completed = completed.with(property.getKey(), written(value, yaml.below(property.getKey()), yaml.line()));
            }
        }
        for (Map.Entry<String, Yaml> member : completed.members().entrySet()) {
            JsonNode below = schema.path("properties").path(member.getKey());
            JsonNode found = below.isMissingNode() ? schema.path("additionalProperties") : below;
            if (found.isObject()) {
                completed = completed.with(member.getKey(), complete(member.getValue(), found));
            }
        }
        return completed;
    }

    private static Yaml written(JsonNode value, String where, int line) {
        Mistakes none = new Mistakes("");
        Yaml yaml = YamlReader.read(value.toString(), none);
        return relocated(yaml, where, line);
    }

    private static Yaml relocated(Yaml yaml, String where, int line) {
        return switch (yaml.kind()) {
            case MAP -> {
                Yaml map = Yaml.map(where, line, Map.of());
                for (Map.Entry<String, Yaml> member : yaml.members().entrySet()) {
                    map = map.with(member.getKey(), relocated(member.getValue(), map.below(member.getKey()), line));
                }
                yield map;
            }
            case LIST -> Yaml.list(where, line, yaml.items().stream().map(item -> relocated(item, where, line)).toList());
            default -> Yaml.scalar(yaml.kind(), where, line, yaml.text());
        };
    }

    /** What is written, and what it should have been; a secret is not repeated. */
    private static String said(Yaml yaml, JsonNode schema) {
        boolean secret = schema.path("writeOnly").asBoolean();
        String written = switch (yaml.kind()) {
            case MAP -> "a map";
            case LIST -> "a list";
            case NULL -> "nothing";
            default -> secret ? "what is written" : Mistakes.quoted(yaml.text());
        };
        return written + " is not " + article(schema.path("title").asText("what belongs here")) + ".";
    }

    private static String article(String noun) {
        return noun.startsWith("what ") || noun.startsWith("true ") || noun.startsWith("text") ? noun
                : ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
    }

    private static String example(Yaml yaml, JsonNode schema) {
        JsonNode example = schema.path("examples").path(0);
        String shown = example.isTextual() ? example.textValue() : flow(example);
        return "Write for example " + (yaml.is(Yaml.Kind.ABSENT) ? yaml.where().substring(yaml.where().lastIndexOf('.') + 1) + ": " + shown : shown) + ".";
    }

    /** As YAML on one line. */
    private static String flow(JsonNode value) {
        List<String> parts = new ArrayList<>();
        if (value.isObject()) {
            value.properties().forEach(member -> parts.add(member.getKey() + ": " + flow(member.getValue())));
            return "{" + String.join(", ", parts) + "}";
        }
        if (value.isArray()) {
            value.forEach(item -> parts.add(flow(item)));
            return "[" + String.join(", ", parts) + "]";
        }
        return value.isTextual() && !value.textValue().matches("[A-Za-z0-9_./-][A-Za-z0-9_./: -]*") ? value.toString() : value.asText();
    }

    private static boolean hasType(Yaml yaml, JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isMissingNode() || (type.isArray() ? texts(type) : List.of(type.textValue())).stream().anyMatch(word -> switch (word) {
            case "object" -> yaml.is(Yaml.Kind.MAP);
            case "array" -> yaml.is(Yaml.Kind.LIST);
            case "string" -> yaml.is(Yaml.Kind.TEXT);
            case "integer" -> yaml.is(Yaml.Kind.INTEGER);
            case "number" -> yaml.is(Yaml.Kind.INTEGER) || yaml.is(Yaml.Kind.NUMBER);
            case "boolean" -> yaml.is(Yaml.Kind.BOOLEAN);
            default -> yaml.is(Yaml.Kind.NULL);
        });
    }

    /** Follows references; what stands beside one, by way of {@code allOf}, holds in front of what it leads to. */
    private JsonNode resolved(JsonNode schema) {
        if (schema.has("$ref")) {
            return resolved(root.at(schema.get("$ref").textValue().substring(1)));
        }
        if (!schema.has("allOf")) {
            return schema;
        }
        ObjectNode merged = schema.deepCopy();
        merged.remove("allOf");
        schema.get("allOf").forEach(part -> resolved(part).properties().forEach(keyword -> {
            if (!merged.has(keyword.getKey())) {
                merged.set(keyword.getKey(), keyword.getValue());
            }
        }));
        return merged;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void refuseUnknownKeywords(JsonNode schema) {
        schema.properties().forEach(keyword -> {
            if (!KEYWORDS.contains(keyword.getKey())) {
                throw new IllegalStateException("the keyword " + keyword.getKey() + " is not known here");
            }
            switch (keyword.getKey()) {
                case "properties", "definitions" -> keyword.getValue().forEach(Schema::refuseUnknownKeywords);
                case "oneOf", "allOf" -> keyword.getValue().forEach(Schema::refuseUnknownKeywords);
                case "items", "additionalProperties", "propertyNames" -> refuseUnknownKeywords(keyword.getValue());
                default -> { }
            }
        });
    }
}
