package io.syncline.conflict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.syncline.config.EntityConfig;
import io.syncline.record.Field;
import io.syncline.record.Shape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What was agreed and what each side says, field by field, each value as JSON with every digit; a member that is missing is not in its map.
 *
 * @param theirs null where the side has deleted the record
 * @param reach  what can be written to the side; what is only read from it says what the side says
 */
record Sides(Shape shape, Reach reach, Map<String, String> base, Map<String, String> theirs, Map<String, String> ours) {
    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true)).build();

    static Sides of(EntityConfig entity, String base, String theirs, String ours) {
        return new Sides(entity.shape(), new Reach(entity), members(base), theirs == null ? null : members(theirs), members(ours));
    }

    /** Of a document that was removed: none. */
    static Map<String, String> members(String document) {
        Map<String, String> members = new LinkedHashMap<>();
        if (document == null || document.isEmpty()) {
            return members;
        }
        try {
            JSON.readTree(document).fields().forEachRemaining(member -> members.put(member.getKey(), member.getValue().toString()));
            return members;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored document is JSON", e);
        }
    }

    boolean movedThere(String field) {
        return theirs != null && !Objects.equals(base.get(field), theirs.get(field));
    }

    boolean movedHere(String field) {
        return !Objects.equals(base.get(field), ours.get(field));
    }

    /** Both changed it, and not to the same: only a person can say which it is. */
    boolean isDisputed(String field) {
        return !isOnlyRead(field) && movedThere(field) && movedHere(field) && !Objects.equals(theirs.get(field), ours.get(field));
    }

    private boolean isOnlyRead(String field) {
        return theirs != null && reach.isOnlyRead(shape.fields().get(shape.position(field)));
    }

    /** @param side {@code base}, {@code theirs} or {@code ours} */
    String says(String side, String field) {
        return switch (side) {
            case "base" -> base.get(field);
            case "theirs" -> theirs == null ? null : theirs.get(field);
            default -> ours.get(field);
        };
    }

    /** What a field says when both changes are put together; a disputed one says what it says here. */
    String merged(String field) {
        if (isOnlyRead(field)) {
            String whole = reach.wholeOf(field);
            return whole == null || Objects.equals(merged(whole), theirs.get(whole)) ? theirs.get(field) : ours.get(field);
        }
        return movedThere(field) && !movedHere(field) ? theirs.get(field) : ours.get(field);
    }

    List<String> disputed() {
        return shape.declared().stream().map(Field::name).filter(this::isDisputed).toList();
    }

    /** Both changes together. */
    Map<String, String> merged() {
        Map<String, String> merged = new LinkedHashMap<>();
        shape.declared().forEach(field -> {
            if (merged(field.name()) != null) {
                merged.put(field.name(), merged(field.name()));
            }
        });
        return merged;
    }

    /** Ours, with what is only read from the side; what is a part of something else goes with that. */
    Map<String, String> kept() {
        Map<String, String> kept = new LinkedHashMap<>(ours);
        shape.declared().stream().map(Field::name).filter(this::isOnlyRead).filter(field -> reach.wholeOf(field) == null
                || Objects.equals(ours.get(reach.wholeOf(field)), theirs.get(reach.wholeOf(field)))).forEach(field -> {
            kept.remove(field);
            if (theirs.get(field) != null) {
                kept.put(field, theirs.get(field));
            }
        });
        return kept;
    }

    /** What has to be written over the one for it to say what the other says, in the order of the sync's file. */
    List<Outlook.FieldWrite> difference(Map<String, String> from, Map<String, String> to, boolean there) {
        List<Outlook.FieldWrite> writes = new ArrayList<>();
        shape.declared().forEach(field -> {
            String before = from.get(field.name());
            String after = to.get(field.name());
            if (!Objects.equals(before, after) && !(there && field.to() == null)) {
                writes.add(new Outlook.FieldWrite(field.name(), there ? field.to().toString() : field.name(), before, after));
            }
        });
        return writes;
    }
}
