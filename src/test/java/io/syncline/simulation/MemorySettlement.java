package io.syncline.simulation;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.source.WriteOrder;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a push run judges within its publish: answers, then decisions; as {@code Settlement} and {@code Decided} do. */
final class MemorySettlement {
    private final MemoryHub hub;
    private final MemoryHub.Plan plan;
    private final Mutant mutant;

    MemorySettlement(MemoryHub hub, MemoryHub.Plan plan) {
        this.hub = hub;
        this.plan = plan;
        this.mutant = hub.mutant;
    }

    void judge(MemoryHub.Table table, Classifier classifier) {
        Set<Long> staged = new HashSet<>();
        for (Row row : List.copyOf(table.byId.values())) {
            if (row.push != null && row.push.state == Push.State.ANSWERED) {
                settle(table, classifier, row, staged);
            }
        }
        for (Row row : List.copyOf(table.byId.values())) {
            if (row.conflict != null && row.conflict.decision != null && !staged.contains(row.id)) {
                decide(table, row);
            }
        }
    }

    private void settle(MemoryHub.Table table, Classifier classifier, Row row, Set<Long> staged) {
        Push push = row.push;
        Row keeper = push.answered == null || push.answered.key() == null ? null : table.byKey.get(push.answered.key());
        boolean made = push.action == WriteOrder.Action.CREATE;
        boolean isItsFormerRecord = made && row.agreed != null && (!row.isGoneThere() || row.conflict != null);
        if (keeper != null && keeper != row || isItsFormerRecord) {
            push.state = Push.State.UNKNOWN;
            return;
        }
        Document sent = mutant == Mutant.AN_ANSWER_TAKES_WHAT_WAS_EDITED_SINCE ? row.document : push.document;
        Observed answered = push.answered;
        if (mutant == Mutant.WHAT_WAS_SENT_IS_AGREED && answered != null && answered.document() != null) {
            answered = new Observed(answered.key(), push.document, answered.version(), answered.modifiedAt(),
                    answered.deleted(), answered.problems(), null);
        }
        if (mutant != Mutant.AN_ANSWER_IS_FORGOTTEN) {
            stage(table, mutant.decide(classifier.answered(answered, sent, row.document, made ? row.stored(mutant).unlinked() : row.stored(mutant))));
        }
        staged.add(row.id);
        push.end(Push.State.DONE, hub.clock.second());
    }

    private void stage(MemoryHub.Table table, Change change) {
        plan.of(table.entity.name()).add(new Staged(1, change));
    }

    private void decide(MemoryHub.Table table, Row row) {
        Row.Decision decision = row.conflict.decision;
        if (!decision.isAbout(row) && mutant != Mutant.A_DECISION_IS_NOT_LOOKED_AT_AGAIN) {
            row.conflict.decision = null;
            return;
        }
        if (decision.merged() != null) {
            hub.change(table.entity, row, decision.merged(), false);
        }
        row.conflict.settled = decision.how();
        row.conflict.base = decision.base();
        row.conflict.ours = decision.ours();
        Document theirs = row.conflict.theirs;
        Observed shown = theirs == null ? null : new Observed(row.key, theirs, row.conflict.version,
                row.conflict.modified, false, List.of(), null);
        Change change = decision.how().equals("theirs") ? Classifier.decided(shown, row.stored(mutant))
                : Classifier.decided(shown, row.document, row.document, row.stored(mutant));
        stage(table, mutant == Mutant.A_DECISION_AGREES_TO_NOTHING && change.document() == null ? unagreed(change) : change);
    }

    private static Change unagreed(Change change) {
        return new Change(change.outcome(), change.reason(), change.observed(), change.stored(), null, false, List.of(), null);
    }
}
