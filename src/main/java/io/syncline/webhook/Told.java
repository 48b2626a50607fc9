package io.syncline.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.syncline.config.WebhookConfig;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What a message says: which resource it is about and which record.
 *
 * @param word     what it is about, in the words of the message; null where it does not say
 * @param resource the resource behind the word; that need not be one
 * @param key      the record's key; null where it does not say
 * @param trouble  why nothing can be done about it; null where something can
 */
record Told(String word, String resource, String key, String trouble) {
    private static final int LONGEST = 200;
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(100).maxNumberLength(100).build()).build());

    static Told of(WebhookConfig config, Map<String, String> headers, byte[] body) {
        JsonNode message;
        try {
            message = JSON.readTree(body);
        } catch (IOException e) {
            return new Told(null, null, null, "It is not JSON.");
        }
        String word = config.entityHeader() == null ? text(message, config.entity()) : Signature.header(headers, config.entityHeader()).orElse(null);
        String key = text(message, config.key());
        if (word == null || !isShown(word)) {
            return new Told(null, null, key, "It does not say what it is about" + (config.entityHeader() == null ? at(config.entity()) : "") + ".");
        } else if (key == null || !isShown(key)) {
            return new Told(word, null, null, "It does not say which record it is about" + at(config.key()) + ".");
        }
        return new Told(word, config.names().getOrDefault(word, word), key, null);
    }

    private static String at(List<String> way) {
        return ", at " + String.join(".", way);
    }

    private static String text(JsonNode message, List<String> way) {
        JsonNode at = message;
        for (String step : way) {
            at = at.isArray() && step.matches("[0-9]{1,6}") ? at.path(Integer.parseInt(step)) : at.path(step);
        }
        return at.isTextual() || at.isIntegralNumber() ? at.asText() : null;
    }

    private static boolean isShown(String text) {
        return !text.isBlank() && text.length() <= LONGEST && text.codePoints().noneMatch(c -> Character.isISOControl(c)
                || Character.getType(c) == Character.SURROGATE);
    }
}
