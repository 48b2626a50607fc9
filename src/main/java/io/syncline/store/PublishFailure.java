package io.syncline.store;

import io.syncline.config.Explained;

/** A plan could not be published; nothing of it is visible, and the message says what to do. */
public class PublishFailure extends RuntimeException implements Explained {
    PublishFailure(String message) {
        super(message);
    }

    PublishFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
