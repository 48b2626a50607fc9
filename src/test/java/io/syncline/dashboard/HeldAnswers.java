package io.syncline.dashboard;

import io.syncline.sandbox.Fault;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What a source answers only when a test lets it: what is to be seen meanwhile is seen however quick or slow everything is. */
public final class HeldAnswers {
    private final Semaphore let = new Semaphore(0);

    public Fault fault() {
        return new Fault.Act(this::hold);
    }

    public void let(int answers) {
        let.release(answers);
    }

    public void letAll() {
        let(Integer.MAX_VALUE / 2);
    }

    private void hold() {
        try {
            if (!let.tryAcquire(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException("nobody let the answer go");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
