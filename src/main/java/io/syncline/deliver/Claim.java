package io.syncline.deliver;

import io.syncline.source.WriteOrder;

/**
 * An entry that a worker has to itself for a while.
 *
 * @param fence   the claim's number: whoever knows an older one notes nothing any more
 * @param unclear it was sent before and nobody knows what came of it, so it is looked up and not sent
 */
public record Claim(WriteOrder order, int fence, int attempts, boolean unclear) {
    String sync() {
        return order.sync().name();
    }
}
