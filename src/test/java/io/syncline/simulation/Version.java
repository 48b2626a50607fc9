package io.syncline.simulation;

import io.syncline.record.Observed;

import java.time.Instant;

/**
 * What the source holds, or held, of one record, from one change to the next.
 *
 * @param number    of the change, counted over the whole world
 * @param shown     what the source answers for it; null where it answers nothing
 * @param modified  when the change was begun, by the source's clock: what a search for changes goes by
 * @param visible   from which second on others see it
 */
record Version(String key, int number, Observed shown, Instant modified, long visible) {
    /** The record is there, and not only as a mark that it was deleted. */
    boolean isThere() {
        return shown != null && !shown.deleted();
    }

    boolean isReadable() {
        return shown != null && shown.key() != null;
    }
}
