package io.syncline.store;

import io.syncline.config.Explained;

/** What somebody looked for could not be found in the time that a search may take; nothing is wrong with the database. */
public final class TookTooLong extends RuntimeException implements Explained {
    TookTooLong(long millis) {
        super("There is too much to look through: the search was ended after " + millis / 1000.0 + " seconds. Look for less at a time: name the sync, the"
                + " entity or the beginning of the key.", null, false, false);
    }
}
