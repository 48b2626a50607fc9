package io.syncline.api;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count has grown over the last seconds. */
final class Pace {
    private static final long WINDOW = 5_000_000_000L;

    private final Deque<long[]> seen = new ArrayDeque<>();

    /** Notes the count at a moment (of {@code System.nanoTime}); answers how much it grew a second, in tenths. */
    double at(long nanos, long count) {
        seen.addLast(new long[] {nanos, count});
        while (seen.size() > 2 && nanos - seen.getFirst()[0] > WINDOW) {
            seen.removeFirst();
        }
        long[] first = seen.getFirst();
        return nanos == first[0] ? 0 : Math.max(0, Math.round((count - first[1]) * 1e10 / (nanos - first[0])) / 10.0);
    }
}
