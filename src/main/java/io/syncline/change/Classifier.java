package io.syncline.change;

import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.record.Shape;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Decides what an observation means for the row it is about. The order of the questions is the order of the design:
 * unfit, unknown, stale, deleted, open conflict, echo, unchanged, untouched here, changed here too.
 */
public final class Classifier {
    /** The reason of what nothing tells the order of; whoever keeps a mark must not move it over such a record (promise 2). */
    public static final String UNDECIDED = "may have been read before what was last agreed";
    /** The same of what may be the doing of something that was sent there from here. */
    public static final String UNSETTLED = UNDECIDED + ": what was sent there from here is not settled yet";
    /** Clocks that go right differ by less. */
    private static final Duration SLACK = Duration.ofMinutes(1);
    private static final String MOOT = "; what was edited here was taken back, so the conflict is moot";

    private final Shape shape;
    private final Rules rules;
    private final String side;
    private final Instant now;

    /** @param side the observed side's short name, as in {@link Rules#authoritySide()} */
    public Classifier(Shape shape, Rules rules, String side) {
        this(shape, rules, side, null);
    }

    private Classifier(Shape shape, Rules rules, String side, Instant now) {
        this.shape = shape;
        this.rules = rules;
        this.side = side;
        this.now = now;
    }

    /** The same at a moment by the side's clock: a time of its that is still to come by more than a minute says nothing about what is older. */
    public Classifier at(Instant now) {
        return new Classifier(shape, rules, side, now);
    }

    /** @param stored what is stored of the record, or null when it was never seen */
    public Change classify(Observed observed, Stored stored) {
        if (!observed.isFit()) {
            return Change.of(Outcome.REJECTED, String.join("; ", observed.problems()), observed, stored);
        }
        if (stored == null || stored.agreement() == null) {
            // Promise 11: what may be the record that we make there ourselves waits until that is settled, and is read again.
            return stored != null && stored.underWay() ? Change.of(Outcome.STALE, UNSETTLED, observed, stored) : unknown(observed, stored);
        }
        if (stored.remapped() == null || observed.deleted()) {
            return judge(observed, stored.withComparableMarks());
        }
        Remap remap = new Remap(shape, observed, stored);
        return remap.of(judge(observed, remap.stored()));
    }

    private Change judge(Observed observed, Stored stored) {
        if (isOlder(observed, stored)) {
            // Promise 9: an older version never replaces a newer one.
            return Change.of(Outcome.STALE, "older than what was last seen", observed, stored);
        }
        if (observed.deleted()) {
            return stored.underWay() ? Change.of(Outcome.STALE, UNSETTLED, observed, stored) : gone(observed, stored, "the source marks it as deleted");
        }
        boolean asAgreed = observed.document().hasHash(stored.agreement().hash());
        if (stored.underWay() && !asAgreed && !Arrays.equals(stored.echoHash(), observed.hash())) {
            return Change.of(Outcome.STALE, UNSETTLED, observed, stored);
        }
        if (stored.openConflict() && asAgreed) {
            return Change.of(Outcome.UNCHANGED, "the source took its change back, so the conflict is moot", observed, stored).agreeing();
        }
        if (stored.openConflict() && !stored.deleted() && stored.localChange() != null && stored.localChange().ours().equals(observed.document())) {
            return Change.of(Outcome.CONVERGED, "both sides say the same now, so the conflict is moot", observed, stored).agreeing();
        }
        if (stored.openConflict() && stored.localChange() != null) {
            boolean shown = stored.disputed() != null && isShown(observed, stored.disputed());
            return openConflict(shown, "the open conflict now has the source's new version", observed, stored)
                    .over(disputed(observed.document(), stored.localChange()));
        }
        if (!asAgreed && !stored.deletedThere() && !stored.unmade() && stored.echoHash() != null && Arrays.equals(stored.echoHash(), observed.hash())) {
            // Promise 11: we never answer our own echo.
            return Change.of(Outcome.ECHO, "what we wrote ourselves", observed, stored).agreeing();
        }
        if (asAgreed && !stored.deletedThere()) {
            Change unchanged = Change.of(Outcome.UNCHANGED, "as last agreed", observed, stored);
            return tellsNewMarks(observed, stored.agreement()) ? unchanged.agreeing() : unchanged;
        }
        if (stored.localChange() == null) {
            String news = stored.agreement().isGone() ? "the source has it again" : "changed at the source";
            return Change.of(stored.deleted() ? Outcome.RESTORE : Outcome.UPDATE, stored.openConflict() ? news + MOOT : news, observed, stored)
                    .writing(observed.document());
        }
        if (stored.localChange().base().equals(observed.document())) {
            return stored.deletedThere()
                    ? Change.of(Outcome.RESTORE, "the source has it again; the edit made here stays", observed, stored).writing(stored.localChange().ours())
                    : Change.of(Outcome.UNCHANGED, "the source has it again as it was; what was done here stays", observed, stored).agreeing();
        }
        return bothChanged(observed, stored);
    }

    /** The record says what is stored in every respect, so that it needs no further step than being counted. */
    public boolean isPlainlyUnchanged(Observed observed, Stored stored) {
        return stored != null && stored.agreement() != null && observed.isFit() && observed.deleted() == stored.deleted()
                && (observed.deleted() ? stored.agreement().isGone() : observed.document().hasHash(stored.agreement().hash()))
                && stored.remapped() == null && !tellsNewMarks(observed, stored.agreement()) && stored.localChange() == null && !stored.openConflict()
                        && stored.echoHash() == null;
    }

    /** Judges a row that the side no longer has, when that is proven (promise 6). */
    public Change absent(Stored stored) {
        if (stored.agreement() == null) {
            return Change.of(Outcome.UNCHANGED, "the source never had it", null, stored);
        }
        // Promise 9: also where it is deleted here. What is under way may have been sent before that, and its answer would take the row back.
        return stored.underWay() ? Change.of(Outcome.STALE, UNSETTLED, null, stored) : gone(null, stored, "the source no longer has it");
    }

    /**
     * Judges what the side answered to a write of ours against the row as it is now: the base is what was sent, and agreed is what was answered, never what was
     * sent. What the side normalised is taken over where nobody edited it since; what was edited since stays, and is sent next.
     *
     * @param answered what the record says after the write; of a deletion a deleted one, or null where the side has it no more
     * @param sent     what was sent
     * @param ours     what the row says now
     */
    public Change answered(Observed answered, Document sent, Document ours, Stored stored) {
        if (answered != null && stored.agreement() == null) {
            // A record that is gone again as soon as it was made shows so by itself, once it has its row.
            Observed made = answered.deleted() ? new Observed(answered.key(), answered.document(), answered.version(), answered.modifiedAt(),
                    false, answered.problems(), answered.raw()) : answered;
            return Change.of(Outcome.LINK, "made there as it was made here", made, stored).writing(merged(made, sent, ours));
        }
        if (answered != null && isOlder(answered, stored.withComparableMarks())) {
            return Change.of(Outcome.STALE, "older than what was last seen", answered, stored);
        }
        if (stored.openConflict() && (answered == null ? !stored.disputed().isGone() : !isShown(answered, stored.disputed())
                && !isNewer(answered, stored.disputed()))) {
            // Promise 9: which of the two the side showed last is not told; the conflict stays until the side shows it again.
            return Change.of(Outcome.STALE, UNDECIDED, answered, stored);
        }
        if (answered == null || answered.deleted()) {
            return stored.deleted() ? Change.of(Outcome.CONVERGED, "deleted there as it was deleted here", answered, stored).agreeing()
                    : Change.of(Outcome.ECHO, "deleted there as it was deleted here; brought back here since", answered, stored).agreeing();
        }
        Document merged = merged(answered, sent, ours);
        if (stored.deletedThere()) {
            return Change.of(Outcome.RESTORE, "the source has it again", answered, stored).writing(merged);
        }
        if (stored.deleted() || merged.equals(ours)) {
            return Change.of(Outcome.ECHO, "the source took what was written here", answered, stored).agreeing();
        }
        return Change.of(Outcome.UPDATE, "the source took what was written here, and says it in its own way", answered, stored).writing(merged);
    }

    /**
     * A person decided to take what the side says.
     *
     * @param shown what the person has seen of the side; null where that has the record no more
     */
    public static Change decided(Observed shown, Stored stored) {
        String why = "a person decided to take what the source says";
        Stored.LocalChange local = stored.localChange();
        if (shown == null) {
            return stored.deleted() ? Change.of(Outcome.CONVERGED, "deleted on both sides", null, stored).agreeing()
                    : Change.of(Outcome.DELETE, why, null, stored).writing(local == null ? null : local.base());
        }
        if (!stored.deleted() && local != null && local.ours().equals(shown.document())) {
            return Change.of(Outcome.CONVERGED, why, shown, stored).agreeing();
        }
        return Change.of(stored.deleted() ? Outcome.RESTORE : Outcome.UPDATE, why, shown, stored).writing(shown.document());
    }

    /**
     * A person decided to keep what is here. What the side shows is agreed all the same, so what is kept is sent next, upon that.
     *
     * @param shown what the person has seen of the side; null where that has the record no more
     * @param ours  what the row says
     * @param kept  what it is to say: what is only read from the side is the side's
     */
    public static Change decided(Observed shown, Document ours, Document kept, Stored stored) {
        String why = "a person decided to keep what is here";
        if (shown == null) {
            return stored.deleted() ? Change.of(Outcome.CONVERGED, "deleted on both sides", null, stored).agreeing()
                    : Change.of(Outcome.UNCHANGED, why, null, stored).agreeing();
        }
        if (!stored.deleted() && !kept.equals(ours)) {
            return Change.of(Outcome.UPDATE, why, shown, stored).writing(kept);
        }
        return Change.of(stored.localChange() == null ? Outcome.CONVERGED : Outcome.UNCHANGED, why, shown, stored).agreeing();
    }

    private Document merged(Observed answered, Document sent, Document ours) {
        return new ThreeWay(shape, sent, answered.document(), ours).merged(false);
    }

    /**
     * Judges what a run saw of a row that has agreed with the side since that run began. Which showing is the later one is known only where marks say so;
     * where they do not, the row stays as it is and the change is {@link #UNDECIDED}, so that the record is read again.
     *
     * @param observed null for an absence
     */
    public Change overtaken(Observed observed, Stored stored) {
        if (observed == null) {
            return Change.of(Outcome.UNCHANGED, "the source showed it after the run had begun", null, stored);
        }
        Stored marked = stored.withComparableMarks();
        if (!observed.isFit() || isOlder(observed, marked)) {
            return classify(observed, stored);
        }
        Stored.Agreement last = marked.lastShown();
        // Promise 9: a record that was found missing has no mark for that; nothing tells whether this was before.
        boolean foundGone = stored.deletedThere() || last.isGone();
        boolean same = stored.openConflict() ? stored.disputed() != null && isShown(observed, last)
                : !foundGone && !observed.deleted() && observed.document().hasHash(last.hash());
        return same || !foundGone && isNewer(observed, last) ? classify(observed, stored) : Change.of(Outcome.STALE, UNDECIDED, observed, stored);
    }

    /**
     * Judges what a run for records saw of a row while a full or incremental run is under way, which may have seen it later, as it was agreed; that leaves no
     * trace, and its mark would pass the record (promises 2 and 9). Where marks say that this showing is the newer one, that run sees it as well, or the next
     * does; where they do not, the row stays as it is and the change is {@link #UNDECIDED}.
     *
     * @param observed null for an absence
     */
    public Change beside(Observed observed, Stored stored) {
        if (stored.agreement() == null) {
            return observed == null ? absent(stored) : classify(observed, stored);
        }
        Stored marked = stored.withComparableMarks();
        Stored.Agreement last = marked.lastShown();
        boolean told = observed == null ? isAbsenceTold(stored, last) : !observed.isFit() || isOlder(observed, marked) || isNewer(observed, last)
                || isShownAgain(observed, last, stored.openConflict());
        if (told) {
            return observed == null ? absent(stored) : classify(observed, stored);
        }
        return Change.of(Outcome.STALE, UNDECIDED, observed, stored);
    }

    /** Were it there again, its new marks would be seen. */
    private static boolean isAbsenceTold(Stored stored, Stored.Agreement last) {
        return stored.deletedThere() || last.isGone() || last.version() != null || last.modifiedAt() != null;
    }

    private static boolean isShownAgain(Observed observed, Stored.Agreement last, boolean inConflict) {
        return inConflict ? isShown(observed, last) : observed.deleted() ? last.isGone() : observed.document().hasHash(last.hash());
    }

    /** What a run makes of an absence after its brake: a delete would not have been counted there. */
    public Change absentAgain(Stored stored) {
        Change change = absent(stored);
        return change.outcome() != Outcome.DELETE ? change
                : Change.of(Outcome.UNCHANGED, "its row moved while the run was under way; the next full run looks again", null, stored);
    }

    /**
     * What a run makes of a change after its brake: a deletion that was something else before was not counted there, so it is read again.
     *
     * @param counted it was a delete when the brake looked, or no brake looks at it
     */
    public static Change afterBrake(Change change, boolean counted) {
        return counted || change.outcome() != Outcome.DELETE ? change : Change.of(Outcome.STALE, UNDECIDED, change.observed(), change.stored());
    }

    /** What becomes of a record that was this row's when it was read, where the row has been made anew since: the other one's marks say nothing of it. */
    public static Change ofAnother(Observed observed, Stored stored) {
        return Change.of(Outcome.STALE, UNDECIDED, observed, stored);
    }

    /** What becomes of a record that could not be judged because of a fault of ours. */
    public static Change unjudged(Observed observed, Stored stored) {
        return Change.of(Outcome.REJECTED, "could not be judged; the log says why", observed, stored);
    }

    private static Change unknown(Observed observed, Stored stored) {
        if (observed.deleted() && observed.document() == null) {
            // Planned although it writes nothing: a record that waits for its parent, or is made meanwhile, is not to outlive its deletion.
            return Change.of(Outcome.UNCHANGED, "deleted at the source and never seen here", observed, stored).agreeing();
        }
        if (observed.deleted()) {
            return Change.of(Outcome.CREATE, "new here, and deleted at the source already", observed, stored).writing(observed.document());
        }
        return Change.of(Outcome.CREATE, "new at the source", observed, stored).writing(observed.document());
    }

    /** @param observed the deletion as the side told it, or null for an absence */
    private Change gone(Observed observed, Stored stored, String why) {
        boolean newMarks = observed != null && tellsNewMarks(observed, stored.agreement());
        if (stored.openConflict() && stored.deletedHere()) {
            return Change.of(Outcome.CONVERGED, "deleted on both sides, so the conflict is moot", observed, stored).agreeing();
        }
        if (stored.openConflict() && stored.localChange() != null) {
            boolean shown = stored.disputed() != null && (observed == null ? stored.disputed().isGone() : isShown(observed, stored.disputed()));
            return openConflict(shown, "the open conflict now has the source's deletion", observed, stored);
        }
        if (stored.deletedHere() || stored.unmade()) {
            return Change.of(Outcome.CONVERGED, "deleted on both sides", observed, stored).agreeing();
        }
        if (stored.deleted() || stored.agreement().isGone()) {
            Change unchanged = Change.of(Outcome.UNCHANGED, stored.deleted() ? "deleted already" : "deleted there already; ours is kept", observed, stored);
            return newMarks || stored.openConflict() ? unchanged.agreeing() : unchanged;
        }
        Document told = observed == null ? null : observed.document();
        Stored.LocalChange local = stored.localChange();
        if (local == null) {
            return Change.of(Outcome.DELETE, stored.openConflict() ? why + MOOT : why, observed, stored).writing(told);
        }
        if (rules.policy() == Rules.Policy.REVIEW) {
            return Change.of(Outcome.CONFLICT, why + ", but it was edited here", observed, stored);
        }
        Change settled = sourceWins(observed, local)
                ? Change.of(Outcome.DELETE, why + "; the source wins by policy", observed, stored).writing(told == null ? local.base() : told)
                : Change.of(Outcome.UNCHANGED, why + "; ours is kept by policy", observed, stored).agreeing();
        return settled.settledBy(rules.policy());
    }

    private static Change openConflict(boolean shown, String news, Observed observed, Stored stored) {
        if (shown && stored.conflictIsBehind()) {
            return Change.of(Outcome.CONFLICT, "the open conflict now has what the row was edited to", observed, stored);
        }
        // Promise 10: the same input twice changes nothing the second time, not even in a conflict.
        return shown ? Change.of(Outcome.UNCHANGED, "nothing new for the open conflict", observed, stored)
                : Change.of(Outcome.CONFLICT, news, observed, stored);
    }

    private List<String> disputed(Document theirs, Stored.LocalChange local) {
        return disputed(new ThreeWay(shape, local.base(), theirs, local.ours()), theirs, local);
    }

    /** Where none is changed on both sides, those in which the sides differ. */
    private List<String> disputed(ThreeWay compared, Document theirs, Stored.LocalChange local) {
        return compared.disputed().isEmpty() ? shape.difference(theirs, local.ours()) : compared.disputed();
    }

    private Change bothChanged(Observed observed, Stored stored) {
        Stored.LocalChange local = stored.localChange();
        Outcome taken = stored.deleted() ? Outcome.RESTORE : Outcome.UPDATE;
        if (!local.deletedHere() && local.ours().equals(observed.document())) {
            return stored.deleted()
                    ? Change.of(Outcome.RESTORE, "the source has it again, as it is here", observed, stored).writing(observed.document())
                    : Change.of(Outcome.CONVERGED, "both sides changed it to the same", observed, stored).agreeing();
        }
        ThreeWay compared = new ThreeWay(shape, local.base(), observed.document(), local.ours());
        boolean merges = !local.deletedHere() && rules.mergeDisjoint();
        if (merges && compared.disputed().isEmpty()) {
            return Change.of(taken, "both sides changed it, in different fields", observed, stored).writing(compared.merged(true));
        }
        List<String> fields = disputed(compared, observed.document(), local);
        if (rules.policy() == Rules.Policy.REVIEW) {
            String both = local.deletedHere() ? "changed at the source, but deleted here" : "changed on both sides";
            return Change.of(Outcome.CONFLICT, both, observed, stored).over(fields);
        }
        boolean sourceWins = sourceWins(observed, local);
        Document winner = merges ? compared.merged(sourceWins) : sourceWins ? observed.document() : local.ours();
        String reason = "changed on both sides; " + (sourceWins ? "the source wins by policy" : "ours is kept by policy");
        boolean stays = !sourceWins && !stored.deletedThere() && winner.equals(local.ours());
        Change settled = stays ? Change.of(Outcome.UNCHANGED, reason, observed, stored).agreeing() : Change.of(taken, reason, observed, stored).writing(winner);
        return settled.over(fields).settledBy(rules.policy());
    }

    private boolean sourceWins(Observed observed, Stored.LocalChange local) {
        return switch (rules.policy()) {
            case SOURCE_WINS -> true;
            case LOCAL_WINS -> false;
            default -> {
                // Promise 14: the sides' own times decide, and on a tie the declared authority. A time that a side does not tell, as in an absence, is a tie.
                Instant there = observed == null ? null : observed.modifiedAt();
                int order = there == null || local.at() == null ? 0 : there.compareTo(local.at());
                yield order == 0 ? side.equals(rules.authoritySide()) : order > 0;
            }
        };
    }

    private boolean isOlder(Observed observed, Stored stored) {
        return isOlder(observed, stored.agreement(), stored.deletedThere() || stored.agreement().isGone())
                || stored.disputed() != null && isOlder(observed, stored.disputed(), stored.disputed().isGone());
    }

    /** @param gone the side had no such record then; one that was made again later may count its versions from the beginning */
    private boolean isOlder(Observed observed, Stored.Agreement then, boolean gone) {
        boolean timed = observed.modifiedAt() != null && then.modifiedAt() != null && !isToCome(then.modifiedAt());
        if (observed.version() != null && then.version() != null) {
            return observed.version() < then.version() && !(gone && timed && observed.modifiedAt().isAfter(then.modifiedAt()));
        }
        return timed && observed.modifiedAt().isBefore(then.modifiedAt());
    }

    private boolean isToCome(Instant time) {
        return now != null && time.isAfter(now.plus(SLACK));
    }

    private static boolean isNewer(Observed observed, Stored.Agreement then) {
        if (observed.version() != null && then.version() != null) {
            return observed.version() > then.version();
        }
        return observed.modifiedAt() != null && then.modifiedAt() != null && observed.modifiedAt().isAfter(then.modifiedAt());
    }

    private static boolean isShown(Observed observed, Stored.Agreement shown) {
        boolean same = observed.deleted() ? shown.isGone() : observed.document().hasHash(shown.hash());
        return same && !tellsNewMarks(observed, shown);
    }

    /** A mark that the side does not tell this time has not moved. */
    private static boolean tellsNewMarks(Observed observed, Stored.Agreement then) {
        return observed.version() != null && !observed.version().equals(then.version())
                || observed.modifiedAt() != null && !observed.modifiedAt().equals(then.modifiedAt());
    }
}
