package io.syncline.audit;

import java.util.List;

/**
 * What stands at a place outside of the anchors that the database knows to have been written there. One that is missing there breaks no chain: a file may have
 * been moved on purpose. But then nothing outside says any more what it said.
 *
 * @param place   {@code file}
 * @param known   how many the database knows of
 * @param found   how many of them stand there, and were compared
 * @param missing those that do not, the oldest first
 * @param others  how many of the organisation's anchors stand there that the database does not know of, as after a crash, or of a database that was restored
 * @param damaged how many lines there are no anchor, whosever they were
 */
public record AnchorsThere(String place, int known, int found, List<Missing> missing, int others, int damaged) {
    /** By its number, and when it was made. */
    public record Missing(long number, String at) {
    }
}
