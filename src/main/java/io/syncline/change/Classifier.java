package io.syncline.change;

import io.syncline.record.Observed;
import io.syncline.record.Shape;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Decides what an observation means for the row it is about. The order of the questions is the order of the design:
 * unfit, stale, echo, unknown, unchanged, open conflict, untouched here, changed here too.
 */
public final class Classifier {
    private final Shape shape;
    private final Rules rules;
    private final String side;

    /** @param side the observed side's short name, as in {@link Rules#authoritySide()} */
    public Classifier(Shape shape, Rules rules, String side) {
        this.shape = shape;
        this.rules = rules;
        this.side = side;
    }

    /** @param stored what is stored of the record, or null when it was never seen */
    public Change classify(Observed observed, Stored stored) {
        if (!observed.isFit()) {
            return Change.of(Outcome.REJECTED, String.join("; ", observed.problems()), observed, stored);
        }
        if (stored == null || stored.agreement() == null) {
            return unknown(observed, stored);
        }
        if (isOlder(observed, stored.agreement())) {
            // Promise 9: an older version never replaces a newer one.
            return Change.of(Outcome.STALE, "older than what was last agreed", observed, stored);
        }
        if (observed.deleted()) {
            return gone(observed, stored, "the source marks it as deleted");
        }
        if (stored.echoHash() != null && Arrays.equals(stored.echoHash(), observed.hash())) {
            // Promise 11: we never answer our own echo.
            return Change.of(Outcome.ECHO, "what we wrote ourselves", observed, stored).agreeing();
        }
        boolean asAgreed = observed.document().hasHash(stored.agreement().hash());
        if (asAgreed && !(stored.deleted() && stored.localChange() == null)) {
            Change unchanged = Change.of(Outcome.UNCHANGED, "as last agreed", observed, stored);
            return sameMarks(observed, stored.agreement()) ? unchanged : unchanged.agreeing();
        }
        if (stored.openConflict()) {
            return Change.of(Outcome.CONFLICT, "the open conflict now has the source's new version", observed, stored);
        }
        if (stored.localChange() == null) {
            return Change.of(stored.deleted() ? Outcome.RESTORE : Outcome.UPDATE,
                    stored.deleted() ? "the source has it again" : "changed at the source", observed, stored).writing(observed.document());
        }
        return bothChanged(observed, stored);
    }

    /** The record says what is stored in every respect, so that it needs no further step than being counted. */
    public boolean isPlainlyUnchanged(Observed observed, Stored stored) {
        return stored != null && stored.agreement() != null && observed.isFit() && observed.document() != null
                && observed.document().hasHash(stored.agreement().hash()) && sameMarks(observed, stored.agreement())
                && observed.deleted() == stored.deleted() && stored.localChange() == null && !stored.openConflict() && stored.echoHash() == null;
    }

    /** Judges a row that the side no longer has, when that is proven (promise 6). */
    public Change absent(Stored stored) {
        return gone(null, stored, "the source no longer has it");
    }

    /** What becomes of a record that could not be judged because of a fault of ours. */
    public static Change unjudged(Observed observed, Stored stored) {
        return Change.of(Outcome.REJECTED, "could not be judged; the log says why", observed, stored);
    }

    private Change unknown(Observed observed, Stored stored) {
        if (observed.deleted()) {
            return Change.of(Outcome.UNCHANGED, "deleted at the source and never seen here", observed, stored);
        }
        return Change.of(Outcome.CREATE, "new at the source", observed, stored).writing(observed.document());
    }

    private Change gone(Observed observed, Stored stored, String why) {
        if (stored.deleted()) {
            Change unchanged = Change.of(Outcome.UNCHANGED, "deleted already", observed, stored);
            return observed == null || sameMarks(observed, stored.agreement()) ? unchanged : unchanged.agreeing();
        }
        if (stored.openConflict()) {
            return Change.of(Outcome.CONFLICT, "the open conflict now has the source's deletion", observed, stored);
        }
        if (stored.localChange() == null) {
            Change delete = Change.of(Outcome.DELETE, why, observed, stored);
            return observed == null || observed.document() == null ? delete : delete.writing(observed.document());
        }
        return switch (rules.policy()) {
            case REVIEW -> Change.of(Outcome.CONFLICT, why + ", but it was edited here", observed, stored);
            case LOCAL_WINS -> Change.of(Outcome.UNCHANGED, why + "; ours is kept by policy", observed, stored).agreeing().settledBy(rules.policy());
            case SOURCE_WINS, LAST_WRITE_WINS -> Change.of(Outcome.DELETE, why + "; the source wins by policy", observed, stored).settledBy(rules.policy());
        };
    }

    private Change bothChanged(Observed observed, Stored stored) {
        Stored.LocalChange local = stored.localChange();
        if (!local.deletedHere() && local.ours().equals(observed.document())) {
            return Change.of(Outcome.CONVERGED, "both sides changed it to the same", observed, stored).agreeing();
        }
        ThreeWay compared = new ThreeWay(shape, local.base(), observed.document(), local.ours());
        if (!local.deletedHere() && rules.mergeDisjoint() && compared.disputed().isEmpty()) {
            return Change.of(Outcome.UPDATE, "both sides changed it, in different fields", observed, stored).writing(compared.merged());
        }
        List<String> fields = compared.disputed().isEmpty() ? shape.difference(observed.document(), local.ours()) : compared.disputed();
        if (rules.policy() == Rules.Policy.REVIEW) {
            return Change.of(Outcome.CONFLICT, local.deletedHere() ? "changed at the source, but deleted here" : "changed on both sides", observed, stored).over(fields);
        }
        return sourceWins(observed, local)
                ? Change.of(local.deletedHere() ? Outcome.RESTORE : Outcome.UPDATE, "changed on both sides; the source wins by policy", observed, stored)
                        .writing(observed.document()).over(fields).settledBy(rules.policy())
                : Change.of(Outcome.UNCHANGED, "changed on both sides; ours is kept by policy", observed, stored).agreeing().over(fields).settledBy(rules.policy());
    }

    private boolean sourceWins(Observed observed, Stored.LocalChange local) {
        return switch (rules.policy()) {
            case SOURCE_WINS -> true;
            case LOCAL_WINS -> false;
            default -> {
                // Promise 14: the sides' own times decide, and on a tie the declared authority.
                int order = observed.modifiedAt() == null ? 0 : observed.modifiedAt().compareTo(local.at());
                yield order == 0 ? side.equals(rules.authoritySide()) : order > 0;
            }
        };
    }

    private static boolean isOlder(Observed observed, Stored.Agreement agreed) {
        if (observed.version() != null && agreed.version() != null) {
            return observed.version() < agreed.version();
        }
        Instant then = agreed.modifiedAt();
        return observed.modifiedAt() != null && then != null && observed.modifiedAt().isBefore(then);
    }

    private static boolean sameMarks(Observed observed, Stored.Agreement agreed) {
        return Objects.equals(observed.version(), agreed.version()) && Objects.equals(observed.modifiedAt(), agreed.modifiedAt());
    }
}
