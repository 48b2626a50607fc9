package io.syncline.store;

import io.syncline.config.Explained;

/** The database cannot be used as it is; the message is for the operator, says what to do and never holds a password. */
public final class UnusableDatabase extends RuntimeException implements Explained {
    UnusableDatabase(String message) {
        super(message);
    }

    UnusableDatabase(String message, Throwable cause) {
        super(message, cause);
    }
}
