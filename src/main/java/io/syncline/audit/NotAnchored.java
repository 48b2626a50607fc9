package io.syncline.audit;

import io.syncline.config.Explained;

/** An anchor could not be written outside, or read there. The message is for people and names no path. */
public final class NotAnchored extends RuntimeException implements Explained {
    NotAnchored(String message, Throwable cause) {
        super(message, cause);
    }
}
