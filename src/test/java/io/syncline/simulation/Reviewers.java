package io.syncline.simulation;

import io.syncline.record.Document;
import io.syncline.record.Shape;

import java.util.List;

/** People who look at conflicts, think, and decide: about what they have seen, which may have moved by then. */
final class Reviewers {
    private final Story story;
    private final Dice dice;
    private Hub.Dispute seen;

    Reviewers(Story story) {
        this.story = story;
        this.dice = story.dice;
    }

    String act() {
        List<Hub.Dispute> disputes = story.hub.disputes();
        if (seen == null || dice.percent(30)) {
            seen = disputes.isEmpty() ? null : dice.one(disputes);
            return seen == null ? "a reviewer has nothing to look at" : "a reviewer looks at " + seen.key();
        }
        Hub.Dispute about = seen;
        seen = null;
        return decide(about);
    }

    private String decide(Hub.Dispute about) {
        boolean gone = about.theirs() == null;
        String how = gone ? dice.one("theirs", "ours") : dice.one("theirs", "ours", "merged");
        boolean taken = story.hub.decide(about, how, how.equals("merged") ? merged(about) : null);
        if (taken) {
            story.oracle.decided(about, how);
        }
        return "a reviewer decides " + how + " about " + about.key() + (taken ? "" : ", which has moved");
    }

    private static Document merged(Hub.Dispute about) {
        Shape shape = about.entity().shape();
        Object[] values = shape.values(about.theirs());
        values[shape.position("name")] = shape.values(about.ours())[shape.position("name")];
        return shape.document(values);
    }

    /**
     * Each conflict is decided as it stands.
     *
     * @param move people go on writing while it is decided
     */
    void settleAll(boolean move) {
        for (Hub.Dispute dispute : story.hub.disputes()) {
            boolean moves = move && dispute.theirs() != null && dice.percent(50);
            boolean before = moves && dice.percent(50);
            if (before) {
                story.writeOn(dispute.entity(), dispute.key());
            }
            String what = decide(dispute);
            story.trace.line(() -> what);
            if (moves && !before) {
                story.writeOn(dispute.entity(), dispute.key());
            }
        }
    }
}
