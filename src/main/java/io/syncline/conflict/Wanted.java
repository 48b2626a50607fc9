package io.syncline.conflict;

import io.syncline.record.Field;

import java.util.Map;

/**
 * What somebody wants to become of a conflict.
 *
 * @param values of a merge, what fields are to say
 * @param take   of a merge, fields that are to say what {@code theirs}, {@code ours} or {@code base} says where both sides changed them
 * @param reason in the words of who decides, or null
 */
public record Wanted(How how, Map<Field, Object> values, Map<String, String> take, String reason) {
    /** Which side is kept. */
    public enum How {
        THEIRS("theirs", Outlooks.USE_SOURCE), OURS("ours", Outlooks.USE_LOCAL), MERGED("merged", Outlooks.MERGED);

        private final String word;
        private final String decision;

        How(String word, String decision) {
            this.word = word;
            this.decision = decision;
        }

        public String word() {
            return word;
        }

        /** What callers say. */
        public String decision() {
            return decision;
        }
    }
}
