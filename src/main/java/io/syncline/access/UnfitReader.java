package io.syncline.access;

import io.syncline.config.Explained;

/** A database role cannot be made a reader. */
public final class UnfitReader extends RuntimeException implements Explained {
    UnfitReader(String message) {
        super(message);
    }
}
