package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Limits;
import io.syncline.config.SystemConfig;
import io.syncline.logs.Trail;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.support.DefaultExchange;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.apache.hc.core5.util.TimeValue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends one request through {@code routes/outbound.yaml} and waits for the whole answer, however slowly it drips, no longer than the limit.
 * Whoever waits can be interrupted; the connection is then broken off.
 */
final class Outbound {
    private final CamelContext camel;
    private final ProducerTemplate template;
    private final Waiting waiting;
    private final MeterRegistry meters;
    private final ExecutorService calls = Executors.newCachedThreadPool(Outbound::named);

    Outbound(CamelContext camel, Waiting waiting, MeterRegistry meters) {
        this.meters = meters;
        this.camel = camel;
        this.waiting = waiting;
        this.template = camel.createProducerTemplate();
    }

    /** @param system whose declaration decides what may be sent at all, where to, and how patiently (promise 21) */
    HttpAnswer send(HttpRequest request, SystemConfig system) throws IOException {
        SourceConfig.Web web = (SourceConfig.Web) system.source();
        return send(request, Network.of(web.allowPrivateNetwork()), web.limits(), Departure.to(system, request));
    }

    /** To an address that is no system's: nothing is read there. */
    HttpAnswer send(HttpRequest request, Network network, Limits limits) throws IOException {
        if (request.purpose() != HttpRequest.Purpose.DELIVERY) {
            // Promise 21: what is meant for a system goes where its declaration is looked at.
            throw new IllegalArgumentException("a " + request.purpose() + " is sent to a system");
        }
        return send(request, network, limits, Departure.ANY);
    }

    private HttpAnswer send(HttpRequest request, Network network, Limits limits, Departure departure) throws IOException {
        OutboundCall call = new OutboundCall(limits.maxBytes(), departure);
        Instant before = waiting.now();
        long started = System.nanoTime();
        Future<byte[]> answer = calls.submit(Trail.carried(() -> exchange(request, network, call)));
        try {
            byte[] body = answer.get(limits.timeout().toMillis(), TimeUnit.MILLISECONDS);
            Duration took = Duration.ofNanos(System.nanoTime() - started);
            return new HttpAnswer(call.status(), call.headers(), body, SourceClock.askedAt(call.headers(), before, took));
        } catch (TimeoutException e) {
            // Promise 12: what is judged not to have left must not leave afterwards.
            call.breakOff();
            throw judged(request, call, new SocketTimeoutException("no whole answer within " + limits.timeout().toSeconds() + " s"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.breakOff();
            throw judged(request, call, new InterruptedIOException("stopped"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                forgetKept(network);
                throw judged(request, call, failure);
            }
            if (e.getCause() instanceof OnlyReads undeclared) {
                throw request.asked().failure(SourceFailure.Kind.REFUSED, undeclared.reason(), "Correct the system's file; nothing was sent", undeclared);
            }
            throw new IllegalStateException("the outbound route failed", e.getCause());
        } finally {
            if (!answer.isDone()) {
                call.breakOff();
            }
            count(request.asked().system(), call.status(), Duration.ofNanos(System.nanoTime() - started));
        }
    }

    /** Of a write it matters whether any of it may have arrived. */
    private static IOException judged(HttpRequest request, OutboundCall call, IOException failure) {
        return request.purpose() == HttpRequest.Purpose.WRITE && !call.hasLeft() ? new NeverLeft(failure) : failure;
    }

    /** Where one kept connection has gone stale the others have, too: the next attempt begins with a new one. */
    private void forgetKept(Network network) {
        ConnPoolControl<?> kept = camel.getRegistry().lookupByNameAndType(network == Network.PUBLIC ? "publicConnections" : "privateConnections",
                ConnPoolControl.class);
        kept.closeIdle(TimeValue.ZERO_MILLISECONDS);
    }

    /** @param status 0 where no answer came */
    private void count(String system, int status, Duration took) {
        String code = status == 0 ? "none" : status < 100 || status > 599 ? "other" : Integer.toString(status);
        meters.counter("syncline.outbound.requests", "system", system, "code", code).increment();
        meters.timer("syncline.outbound", "system", system).record(took);
    }

    void close() {
        calls.shutdownNow();
    }

    private byte[] exchange(HttpRequest request, Network network, OutboundCall call) throws Exception {
        Exchange exchange = new DefaultExchange(camel, ExchangePattern.InOut);
        exchange.setVariable("network", network.name());
        exchange.setVariable(OutboundCall.VARIABLE, call);
        request.headers().forEach(exchange.getMessage()::setHeader);
        exchange.getMessage().setHeader(Exchange.HTTP_URI, request.uri().toString());
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, HttpMethods.valueOf(request.method()));
        if (request.body() != null) {
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, request.contentType());
            exchange.getMessage().setBody(request.body().getBytes(StandardCharsets.UTF_8));
        }
        template.send("direct:outbound", exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange.getMessage().getBody(byte[].class);
    }

    private static Thread named(Runnable work) {
        Thread thread = new Thread(work, "outbound-call");
        thread.setDaemon(true);
        return thread;
    }
}
