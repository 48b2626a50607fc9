package io.syncline.deliver;

import io.syncline.config.Explained;

/** What somebody wants done with an entry of the outbox cannot be done as it stands; the message says why, and what to do. */
public final class CannotBePushed extends RuntimeException implements Explained {
    private final String code;

    CannotBePushed(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** What programs tell the reasons apart by. */
    public String code() {
        return code;
    }
}
