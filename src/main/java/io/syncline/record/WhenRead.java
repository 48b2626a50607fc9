package io.syncline.record;

/** Is told of each page of one read before whoever works on the pages takes it, so that what its work will need can be begun. */
@FunctionalInterface
public interface WhenRead {
    /** A page is there, whole and understood. Called on the thread that reads, in the order of the pages; what takes long is done elsewhere. */
    void read(Page page);

    /** No page is taken any more; one that was being read at that moment may still come. */
    default void over() {
        // Not all have begun something that is to be forgotten.
    }
}
