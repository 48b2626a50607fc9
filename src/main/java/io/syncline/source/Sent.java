package io.syncline.source;

import io.syncline.record.Observed;

import java.time.Duration;

/** What came of an order. */
public sealed interface Sent {
    /**
     * The system did it, now or before.
     *
     * @param answered what the record says afterwards; of a delete a deleted one, or null for "no such record"
     */
    record Taken(Observed answered) implements Sent {
    }

    /**
     * Nothing arrived, so it may be sent again; also what a look-up found never to have arrived.
     *
     * @param retryAfter how long the system asks to wait; null where it says nothing
     */
    record NotSent(String why, Duration retryAfter) implements Sent {
    }

    /**
     * The record is not as agreed: nothing was sent; it is to be read and judged.
     *
     * @param gone it was to be brought back, and the system has nothing left of it; it can be made anew
     */
    record Moved(String why, boolean gone) implements Sent {
        public Moved(String why) {
            this(why, false);
        }
    }

    /** The system does not want it, for the reason it gives in its own words. */
    record Refused(int status, String words) implements Sent {
    }

    /** The system lets nobody in: everything that is for it waits. */
    record Barred(String why) implements Sent {
    }

    /** It was sent and no answer came; it is looked up before anything is sent again. */
    record Unclear(String why) implements Sent {
    }

    /** A look-up found nothing that tells whether it arrived; a person must look. */
    record CannotTell(String why) implements Sent {
    }
}
