package io.syncline.change;

/**
 * What a repair makes of a record whose row does not say what it should. The row takes what the source shows, as if it had changed there; where a person
 * edited it, it takes what that person wrote. What an open conflict or a deletion is about is not the source's to say.
 */
public final class Repair {
    private static final String REPAIRED = "repaired: it ";

    private Repair() {
    }

    /**
     * @param judged  what was decided without looking at the row's columns
     * @param problem what is wrong with the row, after "it"
     */
    public static Change of(Change judged, String problem) {
        String reason = REPAIRED + problem;
        if (judged.document() != null && judged.outcome() != Outcome.CREATE) {
            return because(judged, judged.outcome(), reason + "; " + judged.reason(), judged);
        }
        boolean asAgreed = judged.outcome() == Outcome.UNCHANGED || judged.outcome() == Outcome.CONVERGED || judged.outcome() == Outcome.ECHO;
        if (!asAgreed || judged.stored().deleted() || judged.stored().openConflict() || judged.observed() == null || judged.observed().deleted()) {
            return judged;
        }
        Stored.LocalChange local = judged.stored().localChange();
        return because(judged, Outcome.UPDATE, reason, judged.writing(local == null ? judged.observed().document() : local.ours()));
    }

    private static Change because(Change judged, Outcome outcome, String reason, Change written) {
        return new Change(outcome, reason, judged.observed(), judged.stored(), written.document(), true, judged.fields(), judged.settledBy());
    }
}
