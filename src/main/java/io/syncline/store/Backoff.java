package io.syncline.store;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.stream.LongStream;

/** How long what was set aside waits until it is tried again: longer each time, and after the last attempt for a person. Pure. */
@Component
public final class Backoff {
    private static final int MOST_ATTEMPTS = 100;

    private final long[] waits;

    /**
     * @param first    {@code syncline.retry.first}: before the first attempt, 1 minute unless set
     * @param factor   {@code syncline.retry.factor}: how many times longer each wait is than the one before, 4 unless set
     * @param attempts {@code syncline.retry.attempts}: 5 unless set
     */
    public Backoff(@Value("${syncline.retry.first:1m}") Duration first, @Value("${syncline.retry.factor:4}") int factor,
                   @Value("${syncline.retry.attempts:5}") int attempts) {
        if (first.isNegative() || first.isZero() || factor < 1 || attempts < 0 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("syncline.retry: first is longer than nothing, factor at least 1, attempts 0 to " + MOST_ATTEMPTS + "; not "
                    + first + ", " + factor + ", " + attempts);
        }
        long longest = Duration.ofDays(366).toMillis();
        waits = LongStream.iterate(Math.min(first.toMillis(), longest), wait -> Math.min(wait * factor, longest)).limit(attempts).toArray();
    }

    /** In milliseconds, by attempt: the first stands before the first attempt. */
    long[] waits() {
        return waits.clone();
    }
}
