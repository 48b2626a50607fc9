package io.syncline.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Times in which the server is not there: one thread asks for them, the one that takes connections sits them out. */
final class Outages {
    private Outage current;

    private record Outage(Duration length, CountDownLatch begun, CountDownLatch enough, CountDownLatch over) {
    }

    /** Begins an outage unless one is under way; comes back when it has begun. */
    void begin(Duration length, Runnable shut) {
        Outage outage;
        synchronized (this) {
            if (current != null) {
                return;
            }
            outage = new Outage(length, new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
            current = outage;
        }
        shut.run();
        await(outage.begun());
    }

    /** Ends the outage that is under way, if there is one; comes back when it is over. */
    void end() {
        Outage outage = current();
        if (outage != null) {
            outage.enough().countDown();
            await(outage.over());
        }
    }

    /** @throws IOException the interruption, where no outage is its reason */
    void sitOut(IOException interruption) throws IOException {
        Outage outage = current();
        if (outage == null) {
            throw interruption;
        }
        outage.begun().countDown();
        try {
            outage.enough().await(outage.length().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void over() {
        if (current != null) {
            current.begun().countDown();
            current.over().countDown();
            current = null;
        }
    }

    private synchronized Outage current() {
        return current;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
