package io.syncline.deliver;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Promise 24: how long what could not be sent waits; twice as long each time, with a part of it at random, so that many do not come back at once. */
@Component
class Delay {
    private static final int MOST_DOUBLINGS = 30;

    private final Duration first;
    private final Duration most;

    /**
     * @param first {@code syncline.push.first}: after the first attempt, 2 s unless set
     * @param most  {@code syncline.push.most}: never longer, 15 min unless set
     */
    Delay(@Value("${syncline.push.first:2s}") Duration first, @Value("${syncline.push.most:15m}") Duration most) {
        if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("syncline.push: first is longer than nothing, and most no shorter; not " + first + " and " + most);
        }
        this.first = first;
        this.most = most;
    }

    /** @param attempts how often it was tried so far */
    Duration after(int attempts) {
        long longest = Math.min(most.toMillis(), first.toMillis() << Math.min(Math.max(attempts - 1, 0), MOST_DOUBLINGS));
        return Duration.ofMillis(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }
}
