package io.syncline.audit;

import io.syncline.config.Explained;

/** A bundle of evidence, or a part of it, does not prove what it says. */
public final class NotProven extends RuntimeException implements Explained {
    NotProven(String message) {
        super(message, null, false, false);
    }
}
