package io.syncline.run;

import io.syncline.change.Stored;
import io.syncline.logs.Trail;
import io.syncline.record.Page;
import io.syncline.record.WhenRead;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * What is stored of the pages of one read: asked for as soon as a page is there, answered to whoever works on it, once. What was begun for pages that nobody
 * takes is forgotten with the read.
 */
public final class LookUps implements WhenRead {
    private final Executor lanes;
    private final Function<Page, Map<String, Stored>> lookUp;
    private final Queue<Begun> begun = new ArrayDeque<>();
    private boolean over;

    /** @param lanes where there is no place in them, nothing is done there */
    LookUps(Executor lanes, Function<Page, Map<String, Stored>> lookUp) {
        this.lanes = lanes;
        this.lookUp = lookUp;
    }

    @Override
    public synchronized void read(Page page) {
        if (!over) {
            Begun next = new Begun(page, new FutureTask<>(Trail.carried(() -> lookUp.apply(page))));
            begun.add(next);
            lanes.execute(next.answer());
        }
    }

    @Override
    public synchronized void over() {
        over = true;
        begun.clear();
    }

    /**
     * What is stored of the records of the page.
     *
     * @throws RuntimeException what the look-up failed with, wherever that was
     */
    Map<String, Stored> of(Page page) {
        FutureTask<Map<String, Stored>> answer = take(page);
        if (answer == null) {
            return lookUp.apply(page);
        }
        // One that found no lane is looked up here; of one that is under way this does nothing.
        answer.run();
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Halt(Halt.Why.LEFT, "Syncline was stopped");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    /** Pages come in the order in which they were read, and are the same objects. */
    private synchronized FutureTask<Map<String, Stored>> take(Page page) {
        if (begun.isEmpty() || begun.peek().page() != page) {
            return null;
        }
        return begun.remove().answer();
    }

    private record Begun(Page page, FutureTask<Map<String, Stored>> answer) {
    }
}
