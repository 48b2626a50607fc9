package io.syncline.sandbox;

import java.io.UncheckedIOException;
import java.net.BindException;

/** Somebody else listens where the sandbox should; the message says where, and how to choose another port. */
final class TakenPort extends UncheckedIOException {
    TakenPort(BindException cause) {
        super(cause.getMessage(), cause);
    }
}
