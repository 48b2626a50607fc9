package io.syncline.sandbox;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whoever asks is answered only once a test says so: what it looks at meanwhile is under way, however quick or slow everything is. */
public final class KeptWaiting implements AutoCloseable {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayGo = new CountDownLatch(1);

    /** For a rule that says whom it strikes. */
    public Fault fault() {
        return new Fault.Act(this::hold);
    }

    /** Comes back once somebody waits. */
    public void awaitAsked() {
        await(asked, "nobody asked");
    }

    public void letGo() {
        mayGo.countDown();
    }

    private void hold() {
        asked.countDown();
        await(mayGo, "nobody let the answer go");
    }

    private static void await(CountDownLatch latch, String inVain) {
        try {
            if (!latch.await(3, TimeUnit.MINUTES)) {
                throw new IllegalStateException(inVain);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        letGo();
    }
}
