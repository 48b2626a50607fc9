package io.syncline.access;

import io.syncline.config.Explained;

/** A setting that should hold a key holds something else. The message does not repeat it. */
public final class NotAKey extends RuntimeException implements Explained {
    NotAKey(String message) {
        super(message);
    }
}
