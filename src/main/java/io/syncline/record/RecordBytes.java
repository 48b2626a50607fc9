package io.syncline.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records where they stand in the bytes of an answer. First it is noted where in a record each wanted value is, then those that have the {@link UsualForm} are
 * copied to its canonical document; nothing is made for what is in between. All else is read as {@link SideMapping} reads it, so that both always come to the
 * same.
 */
public final class RecordBytes {
    /** A table of all names seen would be copied for each value in which a new one stands. */
    private static final JsonFactory JSON = new JsonFactoryBuilder().configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false).build();
    /** In bytes; whether a longer one is too long is said where all that is wrong with a record is said. */
    private static final int SHORT_KEY = 400;

    private final SideMapping mapping;
    private final List<Field> fields;
    private final JsonCursor json;
    private final byte[] bytes;
    private final int[] from;
    private final int[] to;
    private final boolean[] escaped;
    private final MemberOrder order;
    private boolean usual;

    /** @param json stands before the first record */
    public RecordBytes(SideMapping mapping, JsonCursor json) {
        this.mapping = mapping;
        this.fields = mapping.shape().fields();
        this.json = json;
        this.bytes = json.bytes();
        from = new int[mapping.slots()];
        to = new int[from.length];
        escaped = new boolean[from.length];
        order = new MemberOrder(json);
    }

    /**
     * Reads the record that stands next.
     *
     * @param depth in how many lists and objects it stands
     * @throws JsonCursor.Unusual where it is no proper JSON, or may be none
     */
    public Observed read(int depth) {
        Arrays.fill(from, -1);
        order.begin();
        usual = json.next() == '{';
        int begin = json.at();
        if (usual) {
            object(mapping.root(), depth + 1);
        } else {
            json.value(depth);
        }
        Observed observed = usual ? observed() : null;
        return observed == null ? readByParser(begin, json.at()) : observed;
    }

    private Observed readByParser(int begin, int end) {
        try (JsonParser parser = parser(begin, end)) {
            parser.nextToken();
            return mapping.read(parser);
        } catch (IOException e) {
            throw JsonCursor.Unusual.JSON;
        }
    }

    private void object(Member member, int depth) {
        JsonCursor.requireShallow(depth);
        json.expect('{');
        for (boolean more = !json.takes('}'); more; more = json.hasMore('}')) {
            Member below = order.next(member);
            usual &= !json.isEscaped();
            member(below, depth);
        }
    }

    private void list(Member member, int depth) {
        JsonCursor.requireShallow(depth);
        json.expect('[');
        int index = 0;
        for (boolean more = !json.takes(']'); more; more = json.hasMore(']')) {
            member(member.item(index++), depth);
        }
    }

    private void member(Member member, int depth) {
        char first = json.next();
        boolean nested = first == '{' || first == '[';
        if (member != null && nested && member.hasMembers()) {
            usual &= member.wanted().isEmpty();
            if (first == '{') {
                object(member, depth + 1);
            } else {
                list(member, depth + 1);
            }
            return;
        }
        json.value(depth);
        if (member != null) {
            note(member, first == 'n');
        }
    }

    /** Null says that everything below it is null too. */
    private void note(Member member, boolean isNull) {
        for (int slot : member.slots()) {
            usual &= from[slot] < 0;
            from[slot] = json.from();
            to[slot] = json.to();
            escaped[slot] = json.isEscaped();
        }
        if (isNull && member.hasMembers()) {
            member.members().forEach(below -> note(below, true));
        }
    }

    /** Null where it has to be said what is wrong with it, or where it is a deletion that says no more than that. */
    private Observed observed() {
        try {
            String key = key();
            boolean deleted = isDeleted();
            if (key == null || deleted && !isWhole()) {
                return null;
            }
            Long version = isThere(mapping.versionSlot()) ? version() : null;
            Instant modifiedAt = isThere(mapping.modifiedSlot()) ? modifiedAt() : null;
            CanonicalBytes document = CanonicalBytes.begin();
            return write(document) ? new Observed(key, Document.ofCanonical(document.end()), version, modifiedAt, deleted, List.of(), null) : null;
        } catch (UnfitValue unfit) {
            return null;
        }
    }

    private boolean isThere(int slot) {
        return from[slot] >= 0 && bytes[from[slot]] != 'n';
    }

    private boolean isText(int slot) {
        return bytes[from[slot]] == '"';
    }

    private boolean isWhole() {
        for (int slot = 0; slot < fields.size(); slot++) {
            if (from[slot] < 0) {
                return false;
            }
        }
        return true;
    }

    private String key() {
        int first = fields.size();
        int parts = mapping.key().size();
        if (parts == 1) {
            return keyPart(first);
        }
        List<String> texts = new ArrayList<>(parts);
        for (int slot = first; slot < first + parts; slot++) {
            String part = keyPart(slot);
            if (part == null) {
                return null;
            }
            texts.add(part);
        }
        String text = KeyText.join(texts);
        return text.length() > SideMapping.LONGEST_KEY ? null : text;
    }

    private String keyPart(int slot) {
        int length = to[slot] - from[slot];
        if (!isThere(slot) || length > SHORT_KEY / mapping.key().size()) {
            return null;
        }
        if (isText(slot) && !escaped[slot]) {
            return length == 2 ? null : new String(bytes, from[slot] + 1, length - 2, StandardCharsets.UTF_8);
        }
        if (UsualForm.isInteger(bytes, from[slot], to[slot])) {
            return new String(bytes, from[slot], length, StandardCharsets.ISO_8859_1);
        }
        String part = (String) byParser(slot);
        return part.isEmpty() ? null : part;
    }

    private boolean isDeleted() {
        int slot = mapping.deletionSlot();
        if (mapping.deletion() == null || from[slot] < 0) {
            return false;
        }
        return switch (bytes[from[slot]]) {
            case 'n' -> mapping.marksDeleted("null");
            case 't' -> mapping.marksDeleted("true");
            case 'f' -> mapping.marksDeleted("false");
            default -> mapping.marksDeleted(((Json) byParser(slot)).canonical());
        };
    }

    private Long version() {
        int slot = mapping.versionSlot();
        int begin = begin(slot);
        return UsualForm.isInteger(bytes, begin, end(slot)) ? (Long) UsualForm.integer(bytes, begin, end(slot)) : (Long) byParser(slot);
    }

    private Instant modifiedAt() {
        int slot = mapping.modifiedSlot();
        long micros = mapping.modifiedFormat().isIso() && isText(slot) ? UsualForm.micros(bytes, begin(slot), end(slot)) : UsualForm.NONE;
        return micros == UsualForm.NONE ? (Instant) byParser(slot) : UsualForm.instant(micros);
    }

    /** Where it begins, of a text without its quotes. */
    private int begin(int slot) {
        return isText(slot) ? from[slot] + 1 : from[slot];
    }

    private int end(int slot) {
        return isText(slot) ? to[slot] - 1 : to[slot];
    }

    /** As {@link Shape#document} has it; false where a required field has no value. */
    private boolean write(CanonicalBytes document) {
        document.raw('{');
        for (int slot = 0; slot < fields.size(); slot++) {
            Field field = fields.get(slot);
            if (field.required() && !isThere(slot)) {
                return false;
            }
            if (from[slot] >= 0 || field.nullWhenMissing()) {
                mapping.shape().open(document, slot);
                if (!isThere(slot)) {
                    document.value(null);
                } else if (!isWritten(document, slot, field)) {
                    document.value(byParser(slot));
                }
            }
        }
        document.raw('}');
        return true;
    }

    /** False where its form is not the usual one; nothing is written then. */
    private boolean isWritten(CanonicalBytes document, int slot, Field field) {
        int begin = begin(slot);
        int end = end(slot);
        return switch (field.type()) {
            case TEXT -> isText(slot) ? UsualForm.text(document, bytes, begin, end, escaped[slot]) : UsualForm.digits(document, bytes, begin, end);
            case JSON -> isText(slot) && field.excerpt().isAll() && !field.set() && UsualForm.text(document, bytes, begin, end, escaped[slot]);
            case INTEGER -> UsualForm.integer(document, bytes, begin, end);
            case DECIMAL -> UsualForm.decimal(document, bytes, begin, end);
            case BOOLEAN -> !isText(slot) && UsualForm.truth(document, bytes, begin, end);
            case TIMESTAMP -> isText(slot) && field.time().isIso() && UsualForm.instant(document, bytes, begin, end);
            case DATE -> isText(slot) && field.time().isIso() && UsualForm.date(document, bytes, begin, end);
        };
    }

    private Object byParser(int slot) {
        try (JsonParser parser = parser(from[slot], to[slot])) {
            parser.nextToken();
            return mapping.wanted(slot).read(parser);
        } catch (IOException e) {
            throw JsonCursor.Unusual.JSON;
        }
    }

    private JsonParser parser(int begin, int end) throws IOException {
        return JSON.createParser(new String(bytes, begin, end - begin, StandardCharsets.UTF_8));
    }
}
