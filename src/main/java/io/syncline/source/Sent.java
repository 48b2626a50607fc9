package io.syncline.source;

import io.syncline.record.Observed;

import java.time.Duration;
import java.util.List;

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

    /**
     * It was sent and no answer came; it is looked up before anything is sent again.
     *
     * @param made the key of the record that was made, where the system told that much; else null
     */
    record Unclear(String why, String made) implements Sent {
        public Unclear(String why) {
            this(why, null);
        }
    }

    /**
     * A look-up found nothing that tells whether it arrived; a person must look.
     *
     * @param made  as in {@link Unclear}
     * @param alike records that could be the one that was made, unless they are known to be others; nothing else speaks for them
     */
    record CannotTell(String why, String made, List<Observed> alike) implements Sent {
        public CannotTell(String why, String made) {
            this(why, made, List.of());
        }

        public CannotTell(String why) {
            this(why, null);
        }
    }
}
