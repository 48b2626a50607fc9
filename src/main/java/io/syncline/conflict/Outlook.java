package io.syncline.conflict;

import java.util.List;

/**
 * What a decision would write where, exactly.
 *
 * @param decision {@code use_source}, {@code use_local} or {@code merged}
 * @param why      it cannot be made, and what can be done instead; null where it can
 * @param needs    the fields that a merge has to say something about, because both sides changed them
 */
public record Outlook(String decision, String why, Write here, Write there, List<String> needs) {
    /** @param action {@code nothing}, {@code update}, {@code delete}, {@code restore} or {@code create} */
    public record Write(String action, List<FieldWrite> fields) {
        static final Write NOTHING = new Write("nothing", List.of());

        static Write update(List<FieldWrite> fields) {
            return fields.isEmpty() ? NOTHING : new Write("update", fields);
        }
    }

    /**
     * @param to   what it is called where it is written
     * @param from as JSON; null where it is missing
     * @param says likewise
     */
    public record FieldWrite(String field, String to, String from, String says) {
    }

    public boolean isPossible() {
        return why == null;
    }
}
