package io.syncline.parquet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** A group's values by name, in the order of the file. A value is null, truth, number, text, list, map, struct, or JSON that came as a text. */
record Struct(String[] names, Object[] values) {
    private static final JsonFactory JSON = new JsonFactory();

    /** A text that the file declares to be JSON. */
    record JsonText(String text) {
    }

    void write(JsonGenerator to) throws IOException {
        to.writeStartObject();
        for (int at = 0; at < names.length; at++) {
            to.writeFieldName(names[at]);
            write(to, values[at]);
        }
        to.writeEndObject();
    }

    private static void write(JsonGenerator to, Object value) throws IOException {
        if (value == null) {
            to.writeNull();
        } else if (value instanceof String text) {
            to.writeString(text);
        } else if (value instanceof Integer number) {
            to.writeNumber(number);
        } else if (value instanceof Long number) {
            to.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            to.writeNumber(number);
        } else if (value instanceof BigInteger number) {
            to.writeNumber(number);
        } else if (value instanceof Boolean truth) {
            to.writeBoolean(truth);
        } else if (value instanceof Struct struct) {
            struct.write(to);
        } else if (value instanceof List<?> list) {
            to.writeStartArray();
            for (Object item : list) {
                write(to, item);
            }
            to.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            to.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                to.writeFieldName(entry.getKey().toString());
                write(to, entry.getValue());
            }
            to.writeEndObject();
        } else {
            try (JsonParser parser = JSON.createParser(((JsonText) value).text())) {
                parser.nextToken();
                to.copyCurrentStructureExact(parser);
            }
        }
    }

    /** Whether a text is one JSON value, and nothing else. */
    static boolean isJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
