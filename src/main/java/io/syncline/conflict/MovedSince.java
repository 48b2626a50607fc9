package io.syncline.conflict;

import java.time.Instant;
import java.util.List;

/** Promise 17: what somebody decided about is not what there is any more; nothing was changed. */
public final class MovedSince extends RuntimeException {
    private final transient Card now;
    private final transient List<Step> steps;

    MovedSince(Card now, List<Step> steps) {
        super("The conflict is not what it was when it was looked at.", null, false, false);
        this.now = now;
        this.steps = List.copyOf(steps);
    }

    /**
     * Something that happened since.
     *
     * @param what   in a sentence
     * @param side   {@code theirs} or {@code ours}; null where it is the conflict itself
     * @param by     who did it; null where nobody is known
     * @param fields what is different; empty where that is not kept
     */
    public record Step(String what, String side, String by, Instant at, List<Outlook.FieldWrite> fields) {
    }

    /** As it is now. */
    public Card now() {
        return now;
    }

    public List<Step> steps() {
        return steps;
    }
}
