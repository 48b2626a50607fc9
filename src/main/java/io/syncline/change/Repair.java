package io.syncline.change;

/**
 * What a repair makes of a record whose row does not say what it should. The row takes what the source shows, as if it had changed there; where a person
 * edited it, it takes what that person wrote. What an open conflict or a person's deletion is about stays as it is; what was rolled back comes again.
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
        if (!asAgreed || judged.stored().openConflict() || judged.observed() == null || judged.observed().deleted()) {
            return judged;
        }
        if (judged.stored().deleted()) {
            return judged.stored().unmade() ? because(judged, Outcome.RESTORE, reason, judged.writing(judged.observed().document())) : judged;
        }
        Stored.LocalChange local = judged.stored().localChange();
        return because(judged, Outcome.UPDATE, reason, judged.writing(local == null ? judged.observed().document() : local.ours()));
    }

    /** The side has the record no more, and the row is there only because its deletion was rolled back. */
    public static Change ofAbsence(Change judged) {
        return judged.outcome() == Outcome.UNCHANGED && judged.stored().unremoved() && !judged.stored().openConflict()
                ? because(judged, Outcome.DELETE, REPAIRED + "is here although its deletion was agreed, and nobody brought it back", judged.agreeing()) : judged;
    }

    private static Change because(Change judged, Outcome outcome, String reason, Change written) {
        return new Change(outcome, reason, judged.observed(), judged.stored(), written.document(), true, judged.fields(), judged.settledBy());
    }
}
