package io.syncline.logs;

import io.syncline.config.Explained;

/** The setting names a form of log lines that there is not; the message says what to write. */
final class UnknownLogForm extends RuntimeException implements Explained {
    UnknownLogForm(String message) {
        super(message);
    }
}
