package io.syncline.simulation;

import java.time.Instant;

/**
 * Virtual time. Seconds pass when the story says so, at the source and here alike; within a second everything that the store does has a moment of its own,
 * as it has in PostgreSQL.
 */
final class Clock {
    private static final long BEGINNING = 1_700_000_000L;

    private long second = BEGINNING;
    private long last;

    void pass(int seconds) {
        second += seconds;
    }

    /** The source's second. */
    long second() {
        return second;
    }

    /** What the source's clock says. */
    Instant there() {
        return Instant.ofEpochSecond(second);
    }

    /** A new moment of the store, later than every one before. */
    long moment() {
        last = Math.max(last + 1, second * 1_000_000);
        return last;
    }

    static Instant instant(long moment) {
        return Instant.ofEpochSecond(moment / 1_000_000, moment % 1_000_000 * 1_000);
    }
}
