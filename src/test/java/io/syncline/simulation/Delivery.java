package io.syncline.simulation;

import io.syncline.deliver.Claim;
import io.syncline.deliver.SimulatedSending;
import io.syncline.source.Sent;
import io.syncline.source.WriteOrder;

import java.util.List;

/** A worker that carries a batch of the outbox to the source, step by step as the route does; at any of them it can die, or be slow. */
final class Delivery {
    private final Story story;
    private final String worker;
    private List<Claim> batch;
    private int at;
    private Sent sent;
    private boolean heard;

    Delivery(Story story, String worker) {
        this.story = story;
        this.worker = worker;
    }

    boolean isOver() {
        return batch != null && at == batch.size();
    }

    /** It has heard something that it has not noted yet. */
    boolean isHolding() {
        return sent != null;
    }

    /** Slow as it was, others may have its entry by now; it notes what it has heard, and is gone. */
    void wake() {
        story.trace.line(() -> worker + " wakes late");
        note(batch.get(at));
    }

    void step() {
        if (batch == null) {
            batch = story.hub.claim(worker);
            story.trace.line(() -> worker + " claims " + batch.stream().map(claim -> shown(claim) + (claim.unclear() ? ", unclear" : "")).toList());
            return;
        }
        Claim claim = batch.get(at);
        if (sent == null) {
            if (!story.hub.begin(claim, worker)) {
                story.trace.line(() -> worker + " has nothing to send for " + shown(claim));
                at++;
            } else {
                story.maybeDie("sending");
                sent = ask(claim);
                heard = story.door.isHeard();
                story.trace.line(() -> worker + (claim.unclear() ? " looks up " : " sends ") + shown(claim) + ": " + sent);
            }
            return;
        }
        note(claim);
        at++;
        if (isOver()) {
            story.pushRun();
        }
    }

    private void note(Claim claim) {
        Sent came = sent;
        sent = null;
        if (story.hub.note(claim, came) && heard) {
            story.oracle.heard(claim.order());
        }
        if (came instanceof Sent.Moved) {
            story.judge(claim.order().entity(), claim.order().key());
        }
    }

    private Sent ask(Claim claim) {
        WriteOrder order = claim.order();
        Mutant mutant = story.mutant;
        story.door.expect(order);
        Sent came = SimulatedSending.readable(order, !claim.unclear() ? story.writing.send(order)
                : story.writing.lookUp(mutant == Mutant.WHAT_IS_ON_ITS_WAY_NEVER_ARRIVED ? longAgo(order) : order));
        if (mutant == Mutant.NOTHING_IS_READ_BEFORE_IT_IS_WRITTEN_OVER && came instanceof Sent.Moved && order.action() == WriteOrder.Action.UPDATE) {
            Version there = story.world.visible(order.entity().name(), order.key());
            return there == null || !there.isThere() || !there.shown().isFit() ? came : story.writing.send(new WriteOrder(order.id(), order.sync(),
                    order.entity(), order.organisation(), order.action(), order.key(), order.agreed(), order.document(), there.shown().hash(), null));
        }
        boolean again = mutant == Mutant.A_LOST_ANSWER_IS_SENT_AGAIN && came instanceof Sent.Unclear && !claim.unclear()
                || mutant == Mutant.WHAT_COULD_NOT_BE_LOOKED_UP_IS_SENT_AGAIN && claim.unclear() && (came instanceof Sent.Unclear
                || came instanceof Sent.CannotTell);
        return again ? new Sent.NotSent("mutant", null) : came;
    }

    private static WriteOrder longAgo(WriteOrder order) {
        return new WriteOrder(order.id(), order.sync(), order.entity(), order.organisation(), order.action(), order.key(), order.agreed(), order.document(),
                order.agreedHash(), order.firstSentAt().minusSeconds(Setting.Writes.ARRIVES_WITHIN), order.made());
    }

    private static String shown(Claim claim) {
        WriteOrder order = claim.order();
        return order.id().getLeastSignificantBits() + " " + order.action() + " " + order.entity().name() + " " + order.key() + " " + order.document();
    }

    @Override
    public String toString() {
        return worker;
    }
}
