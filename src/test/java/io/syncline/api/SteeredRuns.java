package io.syncline.api;

import io.syncline.run.AnotherRunIsActive;
import io.syncline.run.CannotBeCancelled;
import io.syncline.run.RunRequest;
import io.syncline.run.Runs;
import io.syncline.run.Ticket;
import io.syncline.run.UnknownTarget;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs kept in memory. The sync {@code pricebook} ends at once, {@code slow} when {@link #end} is called, {@code broken} throws. There is one run of
 * {@code slow} at a time.
 */
final class SteeredRuns implements Runs {
    final List<RunRequest> requests = new CopyOnWriteArrayList<>();
    final BlockingQueue<Duration> waits = new LinkedBlockingQueue<>();

    private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile Long slow;

    @Override
    public synchronized Ticket request(RunRequest request) {
        requests.add(request);
        switch (request.sync()) {
            case "pricebook" -> {
                return new Ticket(start(request, 0), false);
            }
            case "broken" -> throw new IllegalStateException("select secret from io.syncline.table at /srv/private/file.yaml");
            case "slow" -> {
                if (slow == null) {
                    slow = start(request, 1);
                    return new Ticket(slow, false);
                }
                if (entries.get(slow).request().equals(request)) {
                    return new Ticket(slow, true);
                }
                throw new AnotherRunIsActive(slow, "Run " + slow + " of slow is active. Wait for its end.");
            }
            default -> throw new UnknownTarget("There is no sync \"" + request.sync() + "\". There are pricebook, slow.");
        }
    }

    private long start(RunRequest request, int open) {
        long number = numbers.incrementAndGet();
        entries.put(number, new Entry(request, new CountDownLatch(open)));
        return number;
    }

    synchronized boolean isSlowUnderWay() {
        return slow != null;
    }

    synchronized void end() {
        entries.get(slow).end().countDown();
        slow = null;
    }

    @Override
    public Optional<String> report(String organisation, long run) {
        return Optional.ofNullable(entries.get(run)).filter(entry -> entry.request().organisation().equals(organisation))
                .map(entry -> "{\"run\":" + run + ",\"state\":\"" + (entry.end().getCount() == 0 ? "published" : "running") + "\",\"large\":9007199254740993}");
    }

    @Override
    public boolean cancel(String organisation, long run, String by) {
        if (report(organisation, run).isEmpty()) {
            return false;
        }
        if (entries.get(run).end().getCount() == 0) {
            throw new CannotBeCancelled(run, "Run " + run + " has ended already.");
        }
        return true;
    }

    @Override
    public boolean awaitEnd(long run, Duration atMost) {
        waits.add(atMost);
        try {
            return entries.get(run).end().await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private record Entry(RunRequest request, CountDownLatch end) {
    }
}
