package io.syncline.conflict;

import java.util.List;

/** A merge says nothing about fields that both sides changed; nothing was changed. */
public final class UndecidedFields extends RuntimeException {
    private final transient List<String> fields;

    UndecidedFields(List<String> fields) {
        super("Both sides changed " + String.join(", ", fields) + ", so a merge has to say what " + (fields.size() == 1 ? "it says" : "they say")
                + ". Write the value into fields, or the side whose value it is into take.");
        this.fields = List.copyOf(fields);
    }

    public List<String> fields() {
        return fields;
    }
}
