package io.syncline.source;

import io.syncline.record.Observed;

import java.io.Closeable;
import java.io.IOException;

/** The records of one file, one at a time. */
interface FileRecords extends Closeable {
    /** @return null at the end */
    Observed next() throws IOException, CsvRows.Malformed;
}
