package io.syncline.check;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.record.Observed;
import io.syncline.record.SideMapping;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A case's records as trees, and read by a mapping from their bytes as those of a source are. Numbers keep every digit. */
final class Records {
    private static final ObjectMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true)).build();

    private Records() {
    }

    static ObjectNode tree(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Observed read(SideMapping mapping, ObjectNode record) {
        try (JsonParser parser = JSON.createParser(JSON.writeValueAsBytes(record))) {
            parser.nextToken();
            return mapping.read(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
