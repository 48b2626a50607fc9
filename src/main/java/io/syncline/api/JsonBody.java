package io.syncline.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.springframework.http.HttpStatus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The JSON object that a request carries, read member by member. A door names the members it takes; every mistake is gathered, and {@link #refuseMistakes}
 * answers with all of them at once, each with its place. A body that is left out is an object without members; a member that is null is left out, too.
 */
final class JsonBody {
    private static final int DEPTH = 100;
    private static final int SHOWN = 60;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH).maxStringLength(1 << 20).maxNameLength(1 << 10).maxNumberLength(1000).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final JsonNode document;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Map<String, String>> mistakes = new ArrayList<>();

    private JsonBody(JsonNode document) {
        this.document = document;
    }

    /**
     * @param example what people who got it wrong are shown, such as {@code {"dryRun": true}}
     * @throws Refused when it is no JSON object, or one beyond all measure
     */
    static JsonBody read(byte[] body, String example) {
        if (body.length == 0) {
            return new JsonBody(JSON.createObjectNode());
        }
        try {
            JsonNode document = JSON.readTree(body);
            if (!document.isObject()) {
                throw Refused.badRequest("The body is not a JSON object. Write one such as " + example + ", or send no body.", Map.of());
            }
            return new JsonBody(document);
        } catch (StreamConstraintsException e) {
            throw new Refused(HttpStatus.BAD_REQUEST, "json-beyond-limits", "The JSON is nested deeper than " + DEPTH
                    + " levels, or has a name, number or text longer than any request needs. Write an object such as " + example + ".");
        } catch (JacksonException e) {
            String place = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
            throw new Refused(HttpStatus.BAD_REQUEST, "malformed-json",
                    "The body is not JSON" + place + ", or has a member twice. Write an object such as " + example + ".");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A member as the reading has it; null when it is left out, null, or a mistake.
     *
     * @param reading answers null for a value that does not fit
     * @param cure    what is wrong with such a value and what to write, after the value itself: {@code is neither true nor false. Write …}
     */
    <T> T member(String name, Function<JsonNode, T> reading, String cure) {
        known.add(name);
        if (!document.hasNonNull(name)) {
            return null;
        }
        T value = reading.apply(document.get(name));
        if (value == null) {
            mistake(name, name + ": " + shown(document.get(name)) + " " + cure);
        }
        return value;
    }

    /** True or false; false when it is left out. */
    boolean truth(String name) {
        Boolean value = member(name, node -> node.isBoolean() ? node.booleanValue() : null, "is neither true nor false. Write true or false, without quotes.");
        return Boolean.TRUE.equals(value);
    }

    /** A text that is not blank; null when it is left out. */
    String text(String name, String cure) {
        return member(name, node -> node.isTextual() && !node.textValue().isBlank() ? node.textValue() : null, cure);
    }

    boolean has(String name) {
        return document.hasNonNull(name);
    }

    void mistake(String member, String detail) {
        mistakeAt(step(member), detail);
    }

    /** Of a member of a member. */
    void mistakeIn(String member, String inner, String detail) {
        mistakeAt(step(member) + step(inner), detail);
    }

    /** Whether a member of a member is a mistake already. */
    boolean isWrong(String member, String inner) {
        return mistakes.stream().anyMatch(mistake -> mistake.get("pointer").equals(step(member) + step(inner)));
    }

    private static String step(String member) {
        return "/" + (member.length() > SHOWN ? member.substring(0, SHOWN) : member).replace("~", "~0").replace("/", "~1");
    }

    /** Of something further down than a member. */
    void mistakeAt(String pointer, String detail) {
        mistakes.add(Members.of("pointer", pointer, "detail", detail));
    }

    /** @throws Refused with every mistake, members that nobody asked for among them */
    void refuseMistakes() {
        refuseMistakes(name -> shown(name) + " is not known here. Known are " + String.join(", ", known) + ".");
    }

    /** @param unknown says what is wrong with a member that nobody asked for */
    void refuseMistakes(Function<String, String> unknown) {
        List<Map<String, String>> all = new ArrayList<>();
        List<Map<String, String>> found = List.copyOf(mistakes);
        mistakes.clear();
        document.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                mistake(name, unknown.apply(name));
            }
        });
        all.addAll(mistakes);
        all.addAll(found);
        if (!all.isEmpty()) {
            throw Refused.badRequest(all.stream().map(mistake -> mistake.get("detail")).collect(Collectors.joining(" ")), Map.of("errors", all));
        }
    }

    static String shown(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> shown(value.textValue());
            default -> shortened(value.asText());
        };
    }

    static String shown(String text) {
        return "\"" + shortened(text) + "\"";
    }

    private static String shortened(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
