package io.syncline.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.syncline.source.SourceFailure.Kind;

/**
 * Where a read of files stands.
 *
 * @param records how many of the file's records have been read
 * @param size    and {@code modified}: the file as it was then
 */
record FilePosition(String file, long records, long size, String modified) {
    String text() {
        return HttpReads.JSON.valueToTree(this).toString();
    }

    static FilePosition of(String text, Asked asked) {
        try {
            return HttpReads.JSON.readValue(text, FilePosition.class);
        } catch (JsonProcessingException e) {
            throw asked.failure(Kind.POSITION_LOST, "the position to go on from cannot be read", "Start the read over");
        }
    }
}
