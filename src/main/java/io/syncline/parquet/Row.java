package io.syncline.parquet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.util.TokenBuffer;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/**
 * One row of a file.
 *
 * @param number   from 1
 * @param problems the values that cannot be told exactly, one sentence each; they stand as null
 */
public record Row(long number, Struct values, List<String> problems) {
    private static final JsonFactory JSON = new JsonFactory();

    /** As the JSON object it would be, its parser standing on the first token. */
    public JsonParser parser() throws IOException {
        TokenBuffer tokens = new TokenBuffer(null, false);
        values.write(tokens);
        return tokens.asParserOnFirstToken();
    }

    /** As a text, for people. */
    public String text() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator to = JSON.createGenerator(text)) {
            values.write(to);
        }
        return text.toString();
    }
}
