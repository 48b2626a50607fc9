package io.syncline.webhook;

/** Nobody who may tell something has signed the message. Why not is for the log alone. */
public final class NotSigned extends RuntimeException {
    NotSigned(String message) {
        super(message, null, false, false);
    }
}
