package io.syncline.change;

/**
 * What an entity declares about deciding.
 *
 * @param policy        what happens when both sides changed the same field
 * @param mergeDisjoint changes to different fields are merged without asking
 * @param authoritySide the side that wins a tie of times under last-write-wins; may be {@code local}
 */
public record Rules(Policy policy, boolean mergeDisjoint, String authoritySide) {

    /** {@code REVIEW}, the default, asks a person; the others decide, and what they decided is logged as a settled conflict. */
    public enum Policy {
        REVIEW, LAST_WRITE_WINS, SOURCE_WINS, LOCAL_WINS
    }
}
