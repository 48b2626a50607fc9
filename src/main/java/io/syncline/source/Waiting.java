package io.syncline.source;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** The clock, and waiting by it: one seam, so that tests need not wait. */
interface Waiting {
    Waiting REAL = new Waiting() {
        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void pause(Duration length) throws InterruptedException {
            Thread.sleep(length.toMillis());
        }

        @Override
        public double chance() {
            return ThreadLocalRandom.current().nextDouble();
        }
    };

    Instant now();

    void pause(Duration length) throws InterruptedException;

    /** From 0 to 1, for jitter. */
    double chance();
}
