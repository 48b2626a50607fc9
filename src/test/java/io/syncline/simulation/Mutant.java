package io.syncline.simulation;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** A mistake that somebody could make. Each has to be found by the promises; one that survives is a hole in them. */
enum Mutant {
    NONE,
    THE_CURSOR_IS_STRICT,
    THE_OVERLAP_IS_FORGOTTEN,
    A_FAILED_PAGE_IS_THE_END,
    A_CUT_LIST_IS_WHOLE,
    THE_MARK_IS_MOVED_BEFORE_IT_IS_APPLIED,
    THE_MARK_IS_NOT_FIXED_AT_THE_START,
    A_RECORD_WITHOUT_KEY_IS_PASSED_BY_THE_MARK,
    WHAT_IS_SET_ASIDE_IS_FORGOTTEN,
    WHAT_IS_UNDECIDED_IS_PASSED_BY_THE_MARK,
    ABSENCE_WITHOUT_PROOF,
    THE_BRAKE_IS_OFF,
    AN_EMPTY_ANSWER_DELETES,
    EQUAL_IS_STALE,
    OLDER_REPLACES_NEWER,
    THE_SOURCE_ALWAYS_WINS,
    MOVED_ROWS_ARE_NOT_JUDGED_AGAIN,
    WHAT_CAME_BESIDE_THE_RUN_IS_OLDER,
    AN_OPEN_CONFLICT_IS_TOLD_WHATEVER_COMES,
    A_POLICY_DECIDES_IN_SILENCE,
    A_CONFLICT_IS_FORGOTTEN,
    HISTORY_IS_NOT_KEPT,
    AN_EDIT_IS_NOT_KEPT_IN_HISTORY,
    A_ROW_POINTS_TO_NO_SNAPSHOT,
    AN_UNCHANGED_RECORD_IS_A_VERSION,
    OTHER_COLUMNS_ARE_EMPTIED,
    AN_OLDER_SHOWING_SETTLES_WHAT_WAITS,
    A_CHILD_WITHOUT_ITS_PARENT_GOES_ON,
    A_CHILD_GOES_ON_WITHOUT_ITS_FAILED_PARENTS,
    A_PUBLISH_DEAD_HALFWAY_IS_HALF_DONE,
    A_CHECKPOINT_STANDS_WITHOUT_ITS_PAGE,
    A_ZOMBIE_STAGES,
    A_ZOMBIE_PUBLISHES,
    TWO_RUNS_AT_ONCE,
    A_DEAD_RUN_IS_FORGOTTEN,
    A_RECORD_IS_NOT_COUNTED,
    THE_FIRST_SHOWING_STANDS,
    WHAT_CAME_BESIDE_THE_RUN_IS_ABSENT,
    A_LONG_RUN_BESIDE_IS_NOT_MINDED,
    WHAT_IS_UNDER_WAY_IS_JUDGED,
    WHAT_WAS_SENT_IS_AGREED,
    AN_ANSWER_TAKES_WHAT_WAS_EDITED_SINCE,
    AN_ANSWER_IS_FORGOTTEN,
    A_LOST_ANSWER_IS_SENT_AGAIN,
    WHAT_COULD_NOT_BE_LOOKED_UP_IS_SENT_AGAIN,
    NOTHING_IS_READ_BEFORE_IT_IS_WRITTEN_OVER,
    WHAT_A_DEAD_WORKER_SENT_IS_SENT_AGAIN,
    EACH_ATTEMPT_HAS_A_KEY_OF_ITS_OWN,
    A_CLAIM_HAS_NO_FENCE,
    WHAT_WAS_SENT_IS_OVERTAKEN,
    AN_EDIT_IS_SENT_BEFORE_IT_IS_SEALED,
    A_CREATE_UNDER_WAY_IS_NEW,
    A_DECISION_IS_NOT_LOOKED_AT_AGAIN,
    A_DECISION_AGREES_TO_NOTHING,
    WHAT_IS_ON_ITS_WAY_NEVER_ARRIVED;

    /** It shows only in stories about two writers. */
    boolean isOfTwoWriters() {
        return compareTo(WHAT_IS_UNDER_WAY_IS_JUDGED) >= 0;
    }

    /**
     * The next read, or the look before a write, mends what it does before anybody is lied to, in all but one of many thousand stories; so only the real store
     * beside it shows it.
     */
    boolean heals() {
        return this == THE_FIRST_SHOWING_STANDS || this == WHAT_CAME_BESIDE_THE_RUN_IS_ABSENT || this == A_LONG_RUN_BESIDE_IS_NOT_MINDED
                || this == WHAT_IS_UNDER_WAY_IS_JUDGED || this == EACH_ATTEMPT_HAS_A_KEY_OF_ITS_OWN || this == A_CLAIM_HAS_NO_FENCE;
    }

    /** From when on changes are asked for. */
    Instant asksSince(Instant mark, int overlap) {
        return switch (this) {
            case THE_CURSOR_IS_STRICT -> mark.minusSeconds(overlap).plusMillis(1);
            case THE_OVERLAP_IS_FORGOTTEN -> mark;
            default -> mark.minusSeconds(overlap);
        };
    }

    /** What becomes of a decision. */
    Change decide(Change change) {
        Stored stored = change.stored();
        return switch (this) {
            case EQUAL_IS_STALE -> change.observed() != null && stored != null && change.outcome() == Outcome.UPDATE && hasSameMarks(change)
                    ? as(change, Outcome.STALE, false) : change;
            case OLDER_REPLACES_NEWER -> change.outcome() == Outcome.STALE && change.observed().document() != null && !stored.openConflict()
                    ? as(change, stored.deleted() ? Outcome.RESTORE : Outcome.UPDATE, true) : change;
            case THE_SOURCE_ALWAYS_WINS -> change.outcome() == Outcome.CONFLICT && change.observed() != null && change.observed().document() != null
                    && !stored.openConflict() ? as(change, stored.deleted() ? Outcome.RESTORE : Outcome.UPDATE, true) : change;
            default -> change;
        };
    }

    private static boolean hasSameMarks(Change change) {
        return Objects.equals(change.observed().version(), change.stored().agreement().version())
                && Objects.equals(change.observed().modifiedAt(), change.stored().agreement().modifiedAt());
    }

    private static Change as(Change change, Outcome outcome, boolean writes) {
        return new Change(outcome, change.reason(), change.observed(), change.stored(), writes ? change.observed().document() : null, writes, List.of(), null);
    }
}
