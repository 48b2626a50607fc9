package io.syncline.source;

import io.syncline.record.Observed;

import java.io.Closeable;
import java.io.IOException;

/** The records of one file, one at a time. */
interface FileRecords extends Closeable {
    /** @return null at the end */
    Observed next() throws IOException, CsvRows.Malformed;

    /**
     * Passes over records.
     *
     * @return false when there are not so many
     */
    default boolean skip(long records) throws IOException, CsvRows.Malformed {
        for (long passed = 0; passed < records; passed++) {
            if (next() == null) {
                return false;
            }
        }
        return true;
    }

    /** Once the end is reached: why the file could not be read, or not wholly; null where it could. */
    default String fault() {
        return null;
    }
}
