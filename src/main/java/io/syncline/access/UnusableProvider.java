package io.syncline.access;

import io.syncline.config.Explained;

/** The settings of the identity provider do not fit together. */
final class UnusableProvider extends RuntimeException implements Explained {
    UnusableProvider(String message) {
        super(message);
    }
}
