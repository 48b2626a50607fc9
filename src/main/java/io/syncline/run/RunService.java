package io.syncline.run;

import io.syncline.config.Explained;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The door to runs for everything that is not a route. */
@Component
class RunService implements Runs {
    private static final long LOOK_AGAIN_MILLIS = 500;

    private final ProducerTemplate routes;
    private final RunLedger ledger;
    private final Reports reports;
    private final Endings endings;
    private final Ending ending;

    RunService(ProducerTemplate routes, RunLedger ledger, Reports reports, Endings endings, Ending ending) {
        this.ending = ending;
        this.routes = routes;
        this.ledger = ledger;
        this.reports = reports;
        this.endings = endings;
    }

    @Override
    public Ticket request(RunRequest request) {
        try {
            return routes.requestBody("direct:request-run", request, Ticket.class);
        } catch (CamelExecutionException e) {
            if (Explained.in(e).orElse(null) instanceof RuntimeException explained) {
                throw explained;
            }
            throw e;
        }
    }

    @Override
    public Optional<String> report(String organisation, long run) {
        return reports.read(organisation, run);
    }

    @Override
    public boolean cancel(String organisation, long run, String by) {
        return ending.cancel(run, organisation, by);
    }

    @Override
    public boolean awaitEnd(long run, Duration atMost) {
        return await(run, atMost, () -> ledger.hasEnded(run).orElse(true) ? Optional.of(true) : Optional.empty()).isPresent();
    }

    @Override
    public Optional<String> awaitReport(String organisation, long run, Duration atMost) {
        return await(run, atMost, () -> reports.ofEnded(organisation, run));
    }

    private <T> Optional<T> await(long run, Duration atMost, Supplier<Optional<T>> look) {
        try {
            return await(run, System.nanoTime() + atMost.toNanos(), look);
        } finally {
            endings.forget(run);
        }
    }

    private <T> Optional<T> await(long run, long until, Supplier<Optional<T>> look) {
        for (boolean first = true; ; first = false) {
            CountDownLatch news = endings.listen(run);
            long left = (until - System.nanoTime()) / 1_000_000;
            // The end of a run that is in hand here is told; the first look would only find it under way.
            Optional<T> ended = first && left > 0 && ledger.hasInHand(run) ? Optional.empty() : look.get();
            if (ended.isPresent()) {
                return ended;
            }
            endings.whyItStands(run).ifPresent(why -> {
                throw why;
            });
            if (endings.isStopping() && !ledger.hasInHand(run)) {
                // It goes on after the next start; nobody should wait here for that.
                return Optional.empty();
            }
            if (left <= 0) {
                return Optional.empty();
            }
            try {
                news.await(Math.min(left, LOOK_AGAIN_MILLIS), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }
}
