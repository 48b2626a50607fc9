package io.syncline.api;

import io.syncline.logs.Recurring;
import io.syncline.run.LiveRun;
import io.syncline.run.LiveRuns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Looks once a second how the watched runs stand, in one query however many watch, and hands what it saw to all who do. */
final class RunFeed implements ApplicationListener<ContextClosedEvent>, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(RunFeed.class);
    static final long EVERY_MILLIS = 1000;

    private final LiveRuns runs;
    private final Semaphore seats;
    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Recurring.named("syncline-watch");
    private volatile boolean stopping;

    RunFeed(LiveRuns runs, int watchers) {
        this.runs = runs;
        this.seats = new Semaphore(watchers);
        clock.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What was seen of a run: how it stands, and how fast it comes on, in records a second. */
    record Seen(LiveRun run, double rate) {
    }

    /** @throws Refused when as many watch as may, or this process is being stopped */
    Watcher watch(long run) {
        if (stopping || !seats.tryAcquire()) {
            throw new Refused(HttpStatus.SERVICE_UNAVAILABLE, "too-many-watchers",
                    "As many watch runs just now as this process allows. Watch again in a moment, or ask for the run every few seconds.");
        }
        Watcher watcher = new Watcher(run);
        watched.compute(run, (number, there) -> {
            Watched now = there == null ? new Watched() : there;
            now.watchers.add(watcher);
            return now;
        });
        if (stopping) {
            watcher.end();
        }
        return watcher;
    }

    /** How many watch. */
    int watchers() {
        return watched.values().stream().mapToInt(each -> each.watchers.size()).sum();
    }

    private void look() {
        try {
            List<Long> numbers = List.copyOf(watched.keySet());
            if (!numbers.isEmpty()) {
                runs.look(numbers).forEach((number, run) -> watched.computeIfPresent(number, (same, each) -> each.tell(run)));
            }
        } catch (DataAccessException e) {
            LOG.warn("The database did not say how the watched runs stand; it is asked again in a second: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("The watched runs could not be told of; that is tried again in a second", e);
        }
    }

    /** Whoever watches is let go at once, so that a stop waits for nobody. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        stopping = true;
        watched.values().forEach(each -> each.watchers.forEach(Watcher::end));
    }

    @Override
    public void destroy() {
        clock.shutdownNow();
    }

    /** A run that is watched. */
    private static final class Watched {
        private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
        private final Pace pace = new Pace();

        Watched tell(LiveRun run) {
            Seen seen = new Seen(run, pace.at(System.nanoTime(), run.delivered()));
            watchers.forEach(watcher -> watcher.tell(seen));
            return this;
        }
    }

    /** One who watches a run. */
    final class Watcher implements AutoCloseable {
        private final long run;
        /** Only the last matters: who is slow misses what was overtaken. */
        private final BlockingQueue<Seen> news = new ArrayBlockingQueue<>(1);
        private volatile boolean over;

        private Watcher(long run) {
            this.run = run;
        }

        private synchronized void tell(Seen seen) {
            news.clear();
            news.add(seen);
        }

        private synchronized void end() {
            over = true;
            news.clear();
            news.add(new Seen(null, 0));
        }

        /** This process is being stopped. */
        boolean isOver() {
            return over;
        }

        /** Null when nothing was seen for so long. */
        Seen next(Duration atMost) {
            try {
                Seen seen = news.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
                return over ? null : seen;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                over = true;
                return null;
            }
        }

        @Override
        public void close() {
            watched.computeIfPresent(run, (number, each) -> {
                if (each.watchers.remove(this)) {
                    seats.release();
                }
                return each.watchers.isEmpty() ? null : each;
            });
        }
    }
}
