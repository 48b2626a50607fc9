package io.syncline.export;

import io.syncline.record.Document;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Writes records to a stream, one after the other; what was written before is kept by nobody. */
public interface RecordWriter extends Closeable {
    /**
     * @param lead     one value for each of {@link Columns#lead()}: null, String, Long, BigDecimal, Boolean, Instant or LocalDate, as its type says
     * @param document of the fields; null where there is no content
     */
    void write(List<?> lead, Document document) throws IOException;

    /** Ends the file, which is not whole without; the stream stays open. */
    @Override
    void close() throws IOException;
}
