package io.syncline.api;

import io.syncline.conflict.Resolving;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.run.Runs;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** Has a publish make a decision true, and waits a little for that. A run that was under way already may have looked before the decision came: then another. */
final class Settlement {
    private final Runs runs;
    private final Resolving resolving;
    private final Duration patience;
    private final Semaphore waiters;

    Settlement(Runs runs, Resolving resolving, ApiSettings settings) {
        this.runs = runs;
        this.resolving = resolving;
        this.patience = settings.patience();
        this.waiters = new Semaphore(settings.waiters());
    }

    /** @param run that was asked for last */
    record End(Long run, boolean made, boolean tooLate) {
    }

    End await(String sync, String organisation, String actor, long decision) {
        Long run = awaitAll(sync, organisation, actor, () -> resolving.fate(decision) != Resolving.Fate.WAITING);
        Resolving.Fate fate = resolving.fate(decision);
        return new End(run, fate == Resolving.Fate.MADE, fate == Resolving.Fate.TOO_LATE);
    }

    /** @return the run that was asked for last */
    Long awaitAll(String sync, String organisation, String actor, BooleanSupplier settled) {
        Long run = null;
        long until = System.nanoTime() + patience.toNanos();
        do {
            run = runs.request(new RunRequest(sync, organisation, Mode.PUSH, false, null, null, null, "conflict", actor)).run();
        } while (endsWithin(Duration.ofNanos(Math.max(0, until - System.nanoTime())), run) && !settled.getAsBoolean() && System.nanoTime() < until);
        return run;
    }

    private boolean endsWithin(Duration patience, long run) {
        if (!waiters.tryAcquire()) {
            return runs.awaitEnd(run, Duration.ZERO);
        }
        try {
            return runs.awaitEnd(run, patience);
        } finally {
            waiters.release();
        }
    }
}
