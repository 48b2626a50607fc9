package io.syncline.deliver;

import io.syncline.source.Sent;
import io.syncline.source.WriteOrder;

/** What the product makes of an answer before it is noted, for the stories of the simulation. */
public final class SimulatedSending {
    private SimulatedSending() {
    }

    public static Sent readable(WriteOrder order, Sent sent) {
        return Sending.readable(order, sent);
    }
}
