package io.syncline.conflict;

import java.util.List;

/** A merge takes a side's value of fields that not both sides changed, and so would undo what one of them did; nothing was changed. */
public final class UndisputedFields extends RuntimeException {
    private final transient List<String> fields;

    UndisputedFields(List<String> fields) {
        super("Not both sides changed " + String.join(", ", fields) + ", so " + (fields.size() == 1 ? "it stays" : "each stays")
                + " as the side has it that did. Write into fields what is to be said instead, or leave it out of take.");
        this.fields = List.copyOf(fields);
    }

    public List<String> fields() {
        return fields;
    }
}
