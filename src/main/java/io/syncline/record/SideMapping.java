package io.syncline.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.syncline.record.Member.Wanted;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How one side's records become an entity's fields. Reads a record from the parser in a single pass: no tree, no second parse.
 */
public final class SideMapping {
    /** Parts of the {@link #fingerprint()} that are no fields, and that no field can be called like. */
    public static final String KEY = "(key)";
    public static final String VERSION = "(version)";
    public static final String MODIFIED_AT = "(modifiedAt)";
    public static final String DELETED_WHEN = "(deletedWhen)";

    /** Longer keys would not fit into an index of PostgreSQL, and would fail a whole publish there. */
    static final int LONGEST_KEY = 500;
    /** In the place of a value that was told but cannot be used; its problem is noted. */
    private static final Object UNFIT = new Object();

    private final Shape shape;
    private final List<Path> key;
    private final Path version;
    private final Path modifiedAt;
    private final Deletion deletion;
    private final Member root = new Member();
    private final Map<Integer, Wanted> wanted = new HashMap<>();
    private final int slots;
    private final int versionSlot;
    private final int modifiedSlot;
    private final int deletionSlot;
    private final TimeFormat modifiedFormat;

    /** The record is deleted when the member at {@code path} holds one of {@code values}, in canonical form: {@code false}, {@code trash}. */
    public record Deletion(Path path, Set<String> values) {
    }

    /**
     * @param key        where the key's parts stand; at least one
     * @param version    where the side's version number stands, or null
     * @param modifiedAt where the side's change time stands, or null
     * @param deletion   how the side marks a record as deleted, or null
     */
    public SideMapping(Shape shape, List<Path> key, Path version, Path modifiedAt, TimeFormat modifiedFormat, Deletion deletion) {
        this.shape = shape;
        this.key = List.copyOf(key);
        this.version = version;
        this.modifiedAt = modifiedAt;
        this.deletion = deletion;
        this.modifiedFormat = modifiedFormat;
        int slot = 0;
        for (Field field : shape.fields()) {
            want(field.from(), new Wanted(slot++, field.type(), field.time(), field));
        }
        for (Path part : this.key) {
            want(part, new Wanted(slot++, FieldType.TEXT, null, null));
        }
        versionSlot = slot;
        slot = wantIf(version, FieldType.INTEGER, null, slot);
        modifiedSlot = slot;
        slot = wantIf(modifiedAt, FieldType.TIMESTAMP, modifiedFormat, slot);
        deletionSlot = slot;
        slot = wantIf(deletion == null ? null : deletion.path(), FieldType.JSON, null, slot);
        slots = slot;
        root.settle();
    }

    private int wantIf(Path path, FieldType type, TimeFormat time, int slot) {
        if (path != null) {
            want(path, new Wanted(slot, type, time, null));
        }
        return slot + 1;
    }

    private void want(Path path, Wanted value) {
        root.reach(path).want(value);
        wanted.put(value.slot(), value);
    }

    public Shape shape() {
        return shape;
    }

    public List<Path> key() {
        return key;
    }

    /** Where the side's version number stands, or null. */
    public Path version() {
        return version;
    }

    /** Where the side's change time stands, or null. */
    public Path modifiedAt() {
        return modifiedAt;
    }

    /** How the side marks a record as deleted, or null. */
    public Deletion deletion() {
        return deletion;
    }

    public TimeFormat modifiedFormat() {
        return modifiedFormat;
    }

    Member root() {
        return root;
    }

    /** How many values there are: the fields in their order, the parts of the key, and the marks. */
    int slots() {
        return slots;
    }

    Wanted wanted(int slot) {
        return wanted.get(slot);
    }

    int versionSlot() {
        return versionSlot;
    }

    int modifiedSlot() {
        return modifiedSlot;
    }

    int deletionSlot() {
        return deletionSlot;
    }

    /** @param canonical what the deletion's member holds */
    boolean marksDeleted(String canonical) {
        return deletion.values().contains(canonical.startsWith("\"") ? canonical.substring(1, canonical.length() - 1) : canonical);
    }

    /**
     * What decides each field's value, by its name; and what decides the side's marks, by {@link #KEY} and the like. Of two mappings, those with another
     * fingerprint are the fields in which a record may say something else though nothing was changed at the side.
     */
    public Map<String, String> fingerprint() {
        Map<String, String> fingerprint = new TreeMap<>();
        shape.fields().forEach(field -> fingerprint.put(field.name(), field.fingerprint()));
        fingerprint.put(KEY, key.stream().map(Path::fingerprint).collect(Collectors.joining(" | ")));
        if (version != null) {
            fingerprint.put(VERSION, version.fingerprint());
        }
        if (modifiedAt != null) {
            fingerprint.put(MODIFIED_AT, modifiedAt.fingerprint() + ", " + modifiedFormat.fingerprint());
        }
        if (deletion != null) {
            fingerprint.put(DELETED_WHEN, deletion.path().fingerprint() + " is " + String.join(" | ", new TreeSet<>(deletion.values())));
        }
        return fingerprint;
    }

    /**
     * Reads the record whose first token the parser stands on, and leaves the parser on its last.
     * A record that does not fit is an answer too, with its problems; only broken JSON is an exception.
     */
    public Observed read(JsonParser parser) throws IOException {
        Reading reading = new Reading();
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            reading.object(parser, root);
        } else {
            parser.skipChildren();
            reading.problems.add("the record is not an object");
        }
        return reading.observed();
    }

    private final class Reading {
        private final Object[] found = new Object[slots];
        private final List<String> problems = new ArrayList<>(0);

        Reading() {
            Arrays.fill(found, Missing.MISSING);
        }

        void object(JsonParser parser, Member node) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                Member member = node.named(parser.currentName());
                parser.nextToken();
                value(parser, member);
            }
        }

        private void array(JsonParser parser, Member node) throws IOException {
            for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                value(parser, node.item(index));
            }
        }

        private void value(JsonParser parser, Member node) throws IOException {
            if (node == null) {
                parser.skipChildren();
                return;
            }
            boolean below = node.hasMembers();
            if (parser.currentToken().isScalarValue()) {
                scalar(parser, node);
                return;
            }
            if (node.wanted().isEmpty()) {
                descend(parser, node);
                return;
            }
            if (node.wanted().size() == 1 && !below) {
                take(parser, node.wanted().get(0));
                return;
            }
            TokenBuffer copy = new TokenBuffer(parser);
            copy.copyCurrentStructure(parser);
            for (Wanted wanted : node.wanted()) {
                take(copy.asParserOnFirstToken(), wanted);
            }
            if (below) {
                descend(copy.asParserOnFirstToken(), node);
            }
        }

        /** Null says that everything below it is null too; any other scalar has nothing below it, so that is missing. */
        private void scalar(JsonParser parser, Member node) throws IOException {
            for (Wanted wanted : node.wanted()) {
                take(parser, wanted);
            }
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                for (Member member : node.members()) {
                    scalar(parser, member);
                }
            }
        }

        private void descend(JsonParser parser, Member node) throws IOException {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                object(parser, node);
            } else {
                array(parser, node);
            }
        }

        private void take(JsonParser parser, Wanted wanted) throws IOException {
            if (found[wanted.slot()] != Missing.MISSING) {
                parser.skipChildren();
                problems.add(nameOf(wanted.slot()) + ": stands twice in the record");
                found[wanted.slot()] = UNFIT;
                return;
            }
            boolean scalar = parser.currentToken().isScalarValue();
            try {
                found[wanted.slot()] = wanted.read(parser);
            } catch (UnfitValue unfit) {
                problems.add(nameOf(wanted.slot()) + ": " + (scalar ? UnfitValue.quoted(parser.getText()) + " " : "") + unfit.getMessage());
                found[wanted.slot()] = UNFIT;
            }
        }

        Observed observed() {
            String keyText = keyText();
            Object[] values = Arrays.copyOf(found, shape.fields().size());
            for (int i = 0; i < values.length; i++) {
                Field field = shape.fields().get(i);
                if (values[i] == Missing.MISSING && field.nullWhenMissing()) {
                    values[i] = null;
                }
                if (field.required() && (values[i] == null || values[i] == Missing.MISSING)) {
                    problems.add(field.name() + ": is required, but " + field.from() + (found[i] == null ? " is null" : " is missing"));
                }
            }
            Long version = present(found[versionSlot]) ? (Long) found[versionSlot] : null;
            Instant modifiedAt = present(found[modifiedSlot]) ? (Instant) found[modifiedSlot] : null;
            boolean deleted = isDeleted();
            if (deleted && keyText != null && marksFit() && !(isWhole() && problems.isEmpty())) {
                // A deletion is often told with little more than the key; there is nothing in it that would have to fit.
                return new Observed(keyText, null, version, modifiedAt, true, List.of(), null);
            }
            if (!problems.isEmpty()) {
                return new Observed(keyText, null, version, modifiedAt, false, List.copyOf(problems), null);
            }
            return new Observed(keyText, shape.document(values), version, modifiedAt, deleted, List.of(), null);
        }

        private boolean isWhole() {
            return Arrays.stream(found, 0, shape.fields().size()).noneMatch(Missing.MISSING::equals);
        }

        /** Without them an old deletion could not be told from a new one. */
        private boolean marksFit() {
            return found[versionSlot] != UNFIT && found[modifiedSlot] != UNFIT;
        }

        private String keyText() {
            List<String> parts = new ArrayList<>(key.size());
            int first = shape.fields().size();
            for (int i = 0; i < key.size(); i++) {
                Object part = found[first + i];
                if (part == UNFIT) {
                    return null;
                }
                if (!present(part) || ((String) part).isEmpty()) {
                    problems.add("key: " + key.get(i) + " is " + (part == null ? "null" : part == Missing.MISSING ? "missing" : "empty"));
                    return null;
                }
                parts.add((String) part);
            }
            String text = KeyText.join(parts);
            if (text.length() > LONGEST_KEY) {
                problems.add("key: is longer than " + LONGEST_KEY + " characters");
                return null;
            }
            return text;
        }

        private boolean isDeleted() {
            Object marker = found[deletionSlot];
            if (deletion == null || marker == Missing.MISSING || marker == UNFIT) {
                return false;
            }
            return marksDeleted(marker == null ? "null" : ((Json) marker).canonical());
        }

        private String nameOf(int slot) {
            int fields = shape.fields().size();
            if (slot < fields) {
                return shape.fields().get(slot).name();
            }
            return slot < fields + key.size() ? "key" : slot == versionSlot ? "version" : slot == modifiedSlot ? "modified time" : "deletion marker";
        }
    }

    private static boolean present(Object value) {
        return value != null && value != Missing.MISSING && value != UNFIT;
    }
}
