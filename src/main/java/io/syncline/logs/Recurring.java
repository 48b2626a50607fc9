package io.syncline.logs;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** What is done from time to time beside the product's work: one thread for each kind of it, with a name that logs tell, that keeps no process alive. */
public final class Recurring {
    private Recurring() {
    }

    public static ScheduledExecutorService named(String name) {
        return Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
