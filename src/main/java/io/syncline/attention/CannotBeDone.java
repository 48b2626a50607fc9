package io.syncline.attention;

import io.syncline.config.Explained;

/** What somebody wants done with an item cannot be done as it stands; the message says why, and what to do. */
public final class CannotBeDone extends RuntimeException implements Explained {
    private final String code;

    CannotBeDone(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** What programs tell the reasons apart by. */
    public String code() {
        return code;
    }
}
