package io.syncline.record;

/** Is told of each page of one read before whoever works on the pages takes it, so that what its work will need can be begun. */
public interface WhenRead {
    /** Nothing is begun. */
    WhenRead NOTHING = new WhenRead() {
        @Override
        public void read(Page page) {
            // Nobody has anything to begin with.
        }

        @Override
        public void over() {
            // Nothing was begun.
        }
    };

    /** A page is there, whole and understood. Called on the thread that reads, in the order of the pages; what takes long is done elsewhere. */
    void read(Page page);

    /** No page is taken any more; one that was being read at that moment may still come. */
    void over();
}
