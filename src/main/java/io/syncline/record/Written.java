package io.syncline.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What a person writes into a field, read as strictly as what a source sends; and a number is no text, because 007 and 7 are two texts and one number.
 * Instants and dates are ISO 8601.
 *
 * @param value   as the field's type has it; null is a value, too
 * @param problem what is wrong with it, or null; it continues the sentence "price: "abc" …"
 */
public record Written(Object value, String problem) {
    private static final JsonFactory JSON = new JsonFactory();

    /** @param json one JSON value */
    public static Written read(Field field, String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken().isNumeric() && field.type() == FieldType.TEXT && field.references() == null) {
                return new Written(null, "is a number, not a text. Write it in quotes, as \"" + parser.getText() + "\"");
            }
            Object value = ValueReader.read(parser, field, TimeFormat.ISO);
            return value == null && field.required() ? new Written(null, "is required and cannot be null") : new Written(value, null);
        } catch (UnfitValue unfit) {
            return new Written(null, unfit.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
