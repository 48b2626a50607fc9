package io.syncline.run;

import org.springframework.stereotype.Component;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Wakes those who wait for a run of this process to end. */
@Component
class Endings {
    private final Map<Long, CountDownLatch> waited = new ConcurrentHashMap<>();

    /** Waits for a moment; who asked looks again, because the run may be another process's. */
    void awaitNews(long run, long millis) throws InterruptedException {
        waited.computeIfAbsent(run, id -> new CountDownLatch(1)).await(millis, TimeUnit.MILLISECONDS);
    }

    /** Nobody waits any more, or who still does looks again by itself. */
    void forget(long run) {
        waited.remove(run);
    }

    void ended(long run) {
        CountDownLatch latch = waited.remove(run);
        if (latch != null) {
            latch.countDown();
        }
    }
}
