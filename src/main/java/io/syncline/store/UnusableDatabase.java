package io.syncline.store;

/** The database cannot be used as it is; the message is for the operator, says what to do and never holds a password. */
public final class UnusableDatabase extends RuntimeException {
    UnusableDatabase(String message) {
        super(message);
    }

    UnusableDatabase(String message, Throwable cause) {
        super(message, cause);
    }
}
