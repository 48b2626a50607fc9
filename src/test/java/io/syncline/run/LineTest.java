package io.syncline.run;

import io.syncline.routes.RouteCoverage;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

/** The real line in front of the runners, with runs that last until the test lets them end. */
class LineTest {
    private static final int RUNNERS = 4;
    private static final int PLACES = 1000;

    private final LinkedBlockingQueue<Long> begun = new LinkedBlockingQueue<>();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final Refusals refusals = new Refusals();
    private DefaultCamelContext camel;
    private ProducerTemplate doors;

    /** Numbers the runs that are asked for. */
    public static final class Numbers {
        private final AtomicLong last = new AtomicLong();

        public Ticket accept(RunRequest request) {
            return new Ticket(last.incrementAndGet(), false, request.isSingle());
        }
    }

    /** Keeps who found no place. */
    public static final class Refusals {
        private final Queue<Long> runs = new ConcurrentLinkedQueue<>();

        public void notStarted(Ticket ticket, Exception failure) {
            assertThat(failure).hasMessageContaining("full");
            runs.add(ticket.run());
        }
    }

    @BeforeEach
    void start() throws Exception {
        camel = new DefaultCamelContext();
        camel.getCamelContextExtension().addInterceptStrategy(RouteCoverage.interceptor());
        camel.setSourceLocationEnabled(true);
        camel.getRegistry().bind("runLedger", new Numbers());
        camel.getRegistry().bind("ending", refusals);
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.resolveMandatoryResource(camel, "file:routes/triggers.yaml"));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:sync-run").process(exchange -> {
                    begun.add(exchange.getMessage().getBody(Long.class));
                    mayEnd.await();
                });
            }
        });
        camel.start();
        doors = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        mayEnd.countDown();
        camel.stop();
    }

    /** Promise 23: the line is not endless, and a run that finds no place in it ends. */
    @Test
    void aRunThatFindsNoPlaceInTheLineIsEndedAtOnceAndTheOthersGoOn() throws Exception {
        for (int runner = 0; runner < RUNNERS; runner++) {
            ask(Mode.FULL);
            assertThat(begun.poll(60, TimeUnit.SECONDS)).isNotNull();
        }
        for (int place = 0; place < PLACES; place++) {
            ask(Mode.FULL);
        }
        assertThat(refusals.runs).isEmpty();
        Ticket oneTooMany = ask(Mode.FULL);
        assertThat(refusals.runs).containsExactly(oneTooMany.run());
        mayEnd.countDown();
        for (int place = 0; place < PLACES; place++) {
            assertThat(begun.poll(60, TimeUnit.SECONDS)).isNotNull().isNotEqualTo(oneTooMany.run());
        }
    }

    @Test
    void aSingleRecordDoesNotWaitBehindLongRuns() throws Exception {
        for (int run = 0; run < 2 * RUNNERS; run++) {
            ask(Mode.FULL);
        }
        for (int runner = 0; runner < RUNNERS; runner++) {
            assertThat(begun.poll(60, TimeUnit.SECONDS)).isNotNull();
        }
        Ticket single = ask(Mode.SINGLE);
        assertThat(begun.poll(60, TimeUnit.SECONDS)).as("the others still wait for a runner").isEqualTo(single.run());
    }

    private Ticket ask(Mode mode) {
        return doors.requestBody("direct:request-run", new RunRequest("stock", "default", mode, false, null, null, null, "test", "test"), Ticket.class);
    }
}
