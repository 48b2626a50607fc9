package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import java.math.RoundingMode;

/** Puts a body into the form in which the system keeps it: texts are trimmed, empty ones are none, amounts have two places. */
final class Tidy {
    private Tidy() {
    }

    static ObjectNode body(ObjectNode body, Shape shape) {
        ObjectNode tidy = JsonText.object();
        body.properties().forEach(entry -> {
            Shape.Member member = shape.members().get(entry.getKey());
            tidy.set(entry.getKey(), member == null ? entry.getValue() : value(entry.getValue(), member));
        });
        return tidy;
    }

    private static JsonNode value(JsonNode value, Shape.Member member) {
        if (value instanceof ArrayNode list) {
            ArrayNode tidy = JsonText.array();
            list.forEach(each -> tidy.add(value(each, member)));
            return tidy;
        } else if (member.shape() != null) {
            return value instanceof ObjectNode object ? body(object, member.shape()) : value;
        } else if (value.isTextual()) {
            String text = value.asText().strip();
            return text.isEmpty() && !member.required() ? NullNode.instance : TextNode.valueOf(text);
        } else if ("decimal".equals(member.type()) && value.isNumber()) {
            return DecimalNode.valueOf(value.decimalValue().setScale(2, RoundingMode.HALF_UP));
        }
        return value;
    }
}
