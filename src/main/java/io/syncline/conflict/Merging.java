package io.syncline.conflict;

import io.syncline.config.EntityConfig;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.Shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes the document of a merge: what people said of fields, and of the others both changes together. */
final class Merging {
    private final Shape shape;
    private final Sides sides;
    private final Wanted wanted;

    Merging(EntityConfig entity, Sides sides, Wanted wanted) {
        this.shape = entity.shape();
        this.sides = sides;
        this.wanted = wanted;
    }

    /**
     * Of one conflict nothing is passed over: who looks at it can say of any field what it is to say.
     *
     * @throws UndisputedFields when it takes something else of fields that not both sides changed
     */
    void refuseUndisputed() {
        List<String> undisputed = wanted.take().entrySet().stream().filter(each -> !sides.reach().isOnlyRead(field(each.getKey()))
                && !sides.isDisputed(each.getKey()) && !Objects.equals(sides.says(each.getValue(), each.getKey()), sides.merged(each.getKey())))
                .map(Map.Entry::getKey).toList();
        if (!undisputed.isEmpty()) {
            throw new UndisputedFields(undisputed);
        }
    }

    private Field field(String name) {
        return shape.fields().get(shape.position(name));
    }

    /**
     * What one side alone changed says what that says, whatever is taken.
     *
     * @throws UndecidedFields when it says nothing about a field that both sides changed
     */
    Document document(String base, String theirs, String ours) {
        List<String> undecided = new ArrayList<>(sides.disputed());
        undecided.removeIf(name -> wanted.take().containsKey(name) || wanted.values().keySet().stream().anyMatch(field -> field.name().equals(name)));
        if (!undecided.isEmpty()) {
            throw new UndecidedFields(undecided);
        }
        Object[] agreed = values(base);
        Object[] there = theirs == null ? null : values(theirs);
        Object[] here = values(ours);
        Object[] merged = here.clone();
        for (int i = 0; i < merged.length; i++) {
            Field field = shape.fields().get(i);
            String side = sides.isDisputed(field.name()) ? wanted.take().get(field.name()) : null;
            if (sides.reach().isOnlyRead(field)) {
                continue;
            }
            if (wanted.values().containsKey(field)) {
                merged[i] = wanted.values().get(field);
            } else if ("base".equals(side)) {
                merged[i] = agreed[i];
            } else if (there != null && ("theirs".equals(side) || side == null && sides.movedThere(field.name()) && !sides.movedHere(field.name()))) {
                merged[i] = there[i];
            }
        }
        if (there != null) {
            takeOnlyRead(merged, there);
        }
        return shape.document(merged);
    }

    /** What is a part of something else goes with that. */
    private void takeOnlyRead(Object[] merged, Object[] there) {
        for (int i = 0; i < merged.length; i++) {
            Field field = shape.fields().get(i);
            if (sides.reach().isOnlyRead(field)) {
                String whole = sides.reach().wholeOf(field.name());
                int at = whole == null ? i : shape.position(whole);
                if (whole == null || Objects.equals(merged[at], there[at])) {
                    merged[i] = there[i];
                }
            }
        }
    }

    private Object[] values(String document) {
        return shape.values(Document.stored(document));
    }
}
