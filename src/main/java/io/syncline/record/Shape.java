package io.syncline.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The declared fields of an entity, sorted by name: the order of its canonical document and of every list of values here.
 * A list of values has one entry a field: null, {@link Missing}, String, Long, BigDecimal, Boolean, Instant, LocalDate or {@link Json}.
 */
public final class Shape {
    /** Fields that say what people call a record, the best first. */
    private static final List<String> TITLES = List.of("display_name", "title", "name", "label", "code");

    private final List<Field> declared;
    private final List<Field> fields;
    /** What a field's member begins with, with the comma that parts it from the one before, and blanks behind, which are no part of it. */
    private final byte[][] openings;
    private final Map<String, Integer> positions = new HashMap<>();

    public Shape(List<Field> declared) {
        this.declared = List.copyOf(declared);
        fields = declared.stream().sorted(Comparator.comparing(Field::name)).toList();
        openings = new byte[fields.size()][];
        for (int i = 0; i < fields.size(); i++) {
            StringBuilder opening = new StringBuilder(",");
            Canonical.text(opening, fields.get(i).name());
            openings[i] = opening.append(':').append(" ".repeat(CanonicalBytes.BRIEF)).toString().getBytes(StandardCharsets.UTF_8);
            if (positions.put(fields.get(i).name(), i) != null) {
                throw new IllegalArgumentException("field " + fields.get(i).name() + " is declared twice");
            }
        }
    }

    public List<Field> fields() {
        return fields;
    }

    /** The same in the order of the sync's file, for people to read. */
    public List<Field> declared() {
        return declared;
    }

    /** The field that says what people call a record; null where none does. */
    public String title() {
        List<String> texts = declared.stream().filter(field -> field.type() == FieldType.TEXT).map(Field::name).toList();
        return TITLES.stream().filter(texts::contains).findFirst().orElse(texts.isEmpty() ? null : texts.get(0));
    }

    /** The place of a field in every list of values, or -1. */
    public int position(String field) {
        return positions.getOrDefault(field, -1);
    }

    public Document document(Object[] values) {
        CanonicalBytes canonical = CanonicalBytes.begin();
        canonical.raw('{');
        for (int i = 0; i < values.length; i++) {
            if (values[i] == Missing.MISSING) {
                continue;
            }
            open(canonical, i);
            canonical.value(values[i]);
        }
        canonical.raw('}');
        return Document.ofCanonical(canonical.end());
    }

    /** Begins the member of the field at the place. */
    void open(CanonicalBytes canonical, int place) {
        canonical.brief(openings[place], canonical.length() > 1 ? 0 : 1, openings[place].length - CanonicalBytes.BRIEF);
    }

    /** Takes the beginning of the member of the field at the place, where it stands next in a document. */
    boolean opens(JsonCursor document, int place) {
        return document.takes(openings[place], document.at() > 1 ? 0 : 1, openings[place].length - CanonicalBytes.BRIEF);
    }

    /** Reads a canonical document back, as the fields are declared now: members that are no longer declared are passed over, widened ones are widened. */
    public Object[] values(Document document) {
        return values(document, Set.of());
    }

    /** Reads a document of any time: what a field cannot hold as it is declared now counts as missing, as time travel has it. */
    public Object[] valuesThen(Document document) {
        return values(document, positions.keySet());
    }

    /** @param otherwise fields that were declared otherwise when it was written; what they could not hold now counts as missing */
    public Object[] values(Document document, Set<String> otherwise) {
        Object[] values = new Object[fields.size()];
        Arrays.fill(values, Missing.MISSING);
        try (JsonParser parser = Canonical.JSON.createParser(document.text())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnfitValue("is no object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                int at = position(name);
                parser.nextToken();
                if (at < 0) {
                    parser.skipChildren();
                } else {
                    values[at] = otherwise.contains(name) ? storedOrMissing(parser, fields.get(at).type()) : ValueReader.stored(parser, fields.get(at).type());
                }
            }
            return values;
        } catch (IOException | UnfitValue e) {
            throw new IllegalArgumentException("not a canonical document: " + document.text(), e);
        }
    }

    private static Object storedOrMissing(JsonParser parser, FieldType type) throws IOException {
        try {
            return ValueReader.stored(parser, type);
        } catch (UnfitValue unfit) {
            return Missing.MISSING;
        }
    }

    /** The names of the fields in which two documents differ, in order. */
    public List<String> difference(Document one, Document other) {
        Object[] left = values(one);
        Object[] right = values(other);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < left.length; i++) {
            if (!Objects.equals(left[i], right[i])) {
                names.add(fields.get(i).name());
            }
        }
        return names;
    }
}
