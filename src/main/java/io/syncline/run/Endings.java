package io.syncline.run;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.stereotype.Component;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Wakes those who wait for a run of this process to end, and knows when the process itself does. */
@Component
class Endings implements ApplicationListener<ContextClosedEvent> {
    private final Map<Long, CountDownLatch> waited = new ConcurrentHashMap<>();
    private final Map<Long, RunStandsStill> standing = new ConcurrentHashMap<>();

    private final ApplicationEventPublisher news;
    private volatile boolean stopping;

    Endings(ApplicationEventPublisher news) {
        this.news = news;
    }

    /** Comes before anything else is stopped. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        stopping = true;
    }

    /** This process is being stopped: what does not end by itself is left for the next. */
    boolean isStopping() {
        return stopping;
    }

    /** Whoever looks whether the run has ended listens first, so that no end falls between looking and waiting. */
    CountDownLatch listen(long run) {
        return waited.computeIfAbsent(run, id -> new CountDownLatch(1));
    }

    /** The run failed and that could not be written down, so it has not ended: whoever waits for it is told, and it will be taken over. */
    void standsStill(RunStandsStill why) {
        standing.put(why.run(), why);
    }

    /** It is worked on again. */
    void goesOn(long run) {
        standing.remove(run);
    }

    Optional<RunStandsStill> whyItStands(long run) {
        return Optional.ofNullable(standing.get(run));
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
        news.publishEvent(new RunEnded(run));
    }
}
