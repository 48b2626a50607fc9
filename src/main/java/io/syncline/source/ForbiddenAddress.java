package io.syncline.source;

import java.net.UnknownHostException;

/** The address that would have been connected to is not allowed. */
final class ForbiddenAddress extends UnknownHostException {
    ForbiddenAddress(String message) {
        super(message);
    }
}
