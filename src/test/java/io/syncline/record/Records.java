package io.syncline.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

/** Short words for the tests of this package. */
final class Records {
    static final JsonFactory JSON = new JsonFactory();

    private Records() {
    }

    static Field field(String name, FieldType type) {
        return from(name, type, name);
    }

    static Field from(String name, FieldType type, String path) {
        return new Field(name, type, Path.of(path), false, false, false, TimeFormat.ISO, null);
    }

    static Field required(String name, FieldType type) {
        return new Field(name, type, Path.of(name), true, false, false, TimeFormat.ISO, null);
    }

    static Field nullWhenMissing(String name, FieldType type) {
        return new Field(name, type, Path.of(name), false, false, true, TimeFormat.ISO, null);
    }

    static Field set(String name) {
        return new Field(name, FieldType.JSON, Path.of(name), false, true, false, TimeFormat.ISO, null);
    }

    static Field dated(String name, FieldType type, String format) {
        return new Field(name, type, Path.of(name), false, false, false, TimeFormat.of(format, ZoneOffset.UTC), null);
    }

    /** The key is {@code id}, the marks are {@code version} and {@code modified}, and {@code active: false} or {@code status: trash} is not read at all. */
    static SideMapping mapping(Field... fields) {
        return mapping(null, fields);
    }

    static SideMapping mapping(SideMapping.Deletion deletion, Field... fields) {
        return new SideMapping(new Shape(List.of(fields)), List.of(Path.of("id")), Path.of("version"), Path.of("modified"), TimeFormat.ISO, deletion);
    }

    static SideMapping.Deletion deletedWhen(String path, String... values) {
        return new SideMapping.Deletion(Path.of(path), Set.of(values));
    }

    static Observed read(SideMapping mapping, String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            Observed observed = mapping.read(parser);
            if (parser.nextToken() != null) {
                throw new AssertionError("the parser was not left on the record's last token, but before " + parser.currentToken());
            }
            return observed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One field {@code v} of the type, in canonical form; or its problem. */
    static String one(Field field, String json) {
        Observed observed = read(mapping(field), "{\"id\":1,\"" + field.from() + "\":" + json + "}");
        return observed.isFit() ? observed.document().text().replaceFirst("^\\{\"" + field.name() + "\":(.*)}$", "$1") : observed.problems().get(0);
    }
}
