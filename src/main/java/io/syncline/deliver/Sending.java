package io.syncline.deliver;

import io.syncline.source.Sent;
import io.syncline.source.WriteOrder;
import io.syncline.source.Writing;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Sends what was claimed, or looks it up, and says in one word what came of it. */
@Component("sending")
public class Sending {
    private static final Logger LOG = LoggerFactory.getLogger(Sending.class);

    private final Pushes pushes;
    private final Bars bars;
    private final SideBySide sideBySide;
    private final Writing writing;

    Sending(Pushes pushes, Bars bars, SideBySide sideBySide, Writing writing) {
        this.pushes = pushes;
        this.bars = bars;
        this.sideBySide = sideBySide;
        this.writing = writing;
    }

    /** Null where there is nothing to do any more: the claim has ended, the row has moved, or the system lets nobody in. */
    public Sent send(Claim claim) {
        return asked(claim, () -> writing.send(claim.order()));
    }

    /** The same of what was sent before. */
    public Sent lookUp(Claim claim) {
        return asked(claim, () -> writing.lookUp(claim.order()));
    }

    private boolean isHeld(Claim claim) {
        if (bars.stands(claim.order()) || !pushes.begin(claim)) {
            pushes.release(claim);
            return true;
        }
        return false;
    }

    private interface Asking {
        Sent ask();
    }

    /** A seat is given back only when what the system asks of all is known to whoever takes it next. */
    private Sent asked(Claim claim, Asking asking) {
        return sideBySide.seated(claim.order().sync(), () -> {
            if (isHeld(claim)) {
                return null;
            }
            Sent sent = answered(claim, asking);
            bars.raise(claim.order(), sent);
            return sent;
        });
    }

    private Sent answered(Claim claim, Asking asking) {
        try {
            Sent sent = readable(claim.order(), asking.ask());
            return sent instanceof Sent.CannotTell unknown && !unknown.alike().isEmpty() && pushes.areOthers(claim, unknown.alike())
                    ? new Sent.NotSent("It never arrived: what was created since is known as other records.", Duration.ZERO) : sent;
        } catch (RuntimeException e) {
            LOG.error("Push {} of {} failed inside Syncline; whether it arrived is looked up", claim.order().id(), claim.sync(), e);
            return new Sent.Unclear("something went wrong inside Syncline; the log says what");
        }
    }

    /** An answer that does not say what it must is none: then the record is looked up, and after that a person has to look. */
    static Sent readable(WriteOrder order, Sent sent) {
        if (!(sent instanceof Sent.Taken taken)) {
            return sent;
        }
        if (order.action() == WriteOrder.Action.DELETE) {
            return taken.answered() == null || taken.answered().isFit() && taken.answered().deleted() ? sent
                    : new Sent.CannotTell("The system took the deletion, and shows the record as if it had not.");
        }
        if (taken.answered() == null) {
            return new Sent.CannotTell("The system took it, and did not say what the record is now.");
        }
        if (!taken.answered().isFit()) {
            return new Sent.CannotTell("The system took it, and what it answered cannot be read: " + String.join("; ", taken.answered().problems()),
                    order.key() == null ? taken.answered().key() : null);
        }
        return taken.answered().key() == null || taken.answered().document() == null
                ? new Sent.CannotTell("The system took it, and did not say which record it is.") : sent;
    }

    /** For the route to choose by. */
    public String word(Sent sent) {
        if (sent == null) {
            return "nothing";
        }
        if (sent instanceof Sent.Taken) {
            return "taken";
        }
        if (sent instanceof Sent.NotSent) {
            return "not-sent";
        }
        if (sent instanceof Sent.Moved) {
            return "moved";
        }
        if (sent instanceof Sent.Refused) {
            return "refused";
        }
        if (sent instanceof Sent.Barred) {
            return "barred";
        }
        return sent instanceof Sent.Unclear ? "unclear" : "cannot-tell";
    }
}
