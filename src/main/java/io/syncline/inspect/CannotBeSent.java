package io.syncline.inspect;

import org.postgresql.util.ServerErrorMessage;

/** An edit that the record's system could never be told of; the message says so, and what to do instead. */
public final class CannotBeSent extends RuntimeException {
    CannotBeSent(ServerErrorMessage refused) {
        super(refused.getMessage() + "." + (refused.getHint() == null ? "" : " " + refused.getHint()), null, false, false);
    }
}
