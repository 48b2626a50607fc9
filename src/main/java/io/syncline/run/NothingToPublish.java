package io.syncline.run;

import io.syncline.config.Explained;

/** No entity of the run could be read; the message gives each one's reason. */
final class NothingToPublish extends RuntimeException implements Explained {
    NothingToPublish(String message) {
        super(message);
    }
}
