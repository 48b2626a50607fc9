package io.syncline.source;

import java.io.IOException;

/** A write failed before there was a connection: nothing of it can have arrived. */
final class NeverLeft extends IOException {
    NeverLeft(IOException cause) {
        super(cause.getMessage(), cause);
    }

    @Override
    public synchronized IOException getCause() {
        return (IOException) super.getCause();
    }
}
