package io.syncline.record;

import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The values of a canonical document where they stand in its bytes, for whoever passes them on without making anything of them. */
public final class DocumentFields {
    public static final long NO_INSTANT = UsualForm.NONE;

    private final List<Field> fields;
    private final byte[] bytes;
    private final int[] from;
    private final int[] to;
    private final boolean[] escaped;

    private DocumentFields(Shape shape, byte[] bytes) {
        this.bytes = bytes;
        fields = shape.fields();
        from = new int[fields.size()];
        to = new int[from.length];
        escaped = new boolean[from.length];
        Arrays.fill(from, -1);
    }

    /** Null where the document was not written with the fields as they are declared now; {@link Shape#values(Document)} reads it all the same. */
    public static DocumentFields of(Shape shape, Document document) {
        DocumentFields found = new DocumentFields(shape, document.utf8());
        try {
            return found.find(shape) ? found : null;
        } catch (JsonCursor.Unusual unusual) {
            return null;
        }
    }

    /** Whatever is not where it is looked for makes that the end is not where it should be. */
    private boolean find(Shape shape) {
        JsonCursor json = new JsonCursor(bytes, 0, bytes.length);
        json.expect('{');
        for (int place = 0; place < from.length; place++) {
            if (shape.opens(json, place)) {
                json.value(1);
                from[place] = json.from();
                to[place] = json.to();
                escaped[place] = json.isEscaped();
            }
        }
        return json.takes('}') && json.at() == bytes.length;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the field's value begins, a text's behind its quote. */
    public int from(int field) {
        return isQuoted(field) ? from[field] + 1 : from[field];
    }

    /** Where it ends, a text's before its quote. */
    public int to(int field) {
        return isQuoted(field) ? to[field] - 1 : to[field];
    }

    /** Whether there is no value: it is null or missing. */
    public boolean isAbsent(int field) {
        return from[field] < 0 || bytes[from[field]] == 'n';
    }

    /** Whether it is a text that says what it means, without escapes. */
    public boolean isPlainText(int field) {
        return isQuoted(field) && !escaped[field];
    }

    /** Whether it is no text. */
    public boolean isUnquoted(int field) {
        return !isQuoted(field);
    }

    /** Whether it is a whole number of few digits. */
    public boolean isInteger(int field) {
        return !isQuoted(field) && UsualForm.isInteger(bytes, from[field], to[field]);
    }

    public long integer(int field) {
        return UsualForm.integer(bytes, from[field], to[field]);
    }

    /** An instant in microseconds since 1970; {@link #NO_INSTANT} where it is none of the usual form. */
    public long micros(int field) {
        return isQuoted(field) ? UsualForm.micros(bytes, from(field), to(field)) : NO_INSTANT;
    }

    /** As {@link Shape#values(Document)} has it. */
    public Object value(int field) {
        try (JsonParser parser = Canonical.JSON.createParser(new String(bytes, from[field], to[field] - from[field], StandardCharsets.UTF_8))) {
            parser.nextToken();
            return ValueReader.stored(parser, fields.get(field).type());
        } catch (UnfitValue unfit) {
            throw new IllegalArgumentException("no value of " + fields.get(field).name(), unfit);
        } catch (IOException e) {
            throw new UncheckedIOException("it was found to be JSON", e);
        }
    }

    private boolean isQuoted(int field) {
        return from[field] >= 0 && bytes[from[field]] == '"';
    }
}
