package io.syncline.source;

import io.syncline.record.Page;

/** Hands out the pages of one read in order, fetching the next while the last is worked on. */
public interface PageReader extends AutoCloseable {
    /** @throws SourceFailure when the next page cannot be had, whole and understood; the reader is of no use afterwards */
    Page next();

    @Override
    void close();
}
