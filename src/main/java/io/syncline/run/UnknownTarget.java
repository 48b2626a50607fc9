package io.syncline.run;

import io.syncline.config.Explained;

/** The request names a sync, entity or record that is not there; the message says which and what there is. */
public final class UnknownTarget extends RuntimeException implements Explained {
    public UnknownTarget(String message) {
        super(message);
    }
}
