package io.syncline.run;

import io.syncline.config.Explained;

/** The source could not be asked for any of a run's records; the message gives each one's reason. */
final class UnansweredRecords extends RuntimeException implements Explained {
    UnansweredRecords(String message) {
        super(message);
    }
}
