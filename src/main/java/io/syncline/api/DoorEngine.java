package io.syncline.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;

/**
 * Brings a request from the gate into Camel, on the server's own thread: the {@link Call} becomes a variable, what fails outside of every route is
 * answered like any other failure, and the {@link Answer} that a route ends with is what goes out.
 */
final class DoorEngine extends SpringBootPlatformHttpEngine {
    private static final Logger LOG = LoggerFactory.getLogger(DoorEngine.class);

    /** A request attribute: the client has gone, so there is nobody to be answered. */
    static final String GONE = "io.syncline.gone";

    private final Problems problems;
    private final Idempotency idempotency;

    DoorEngine(int port, Problems problems, Idempotency idempotency) {
        super(port, Runnable::run);
        this.idempotency = idempotency;
        this.problems = problems;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return super.createConsumer(endpoint, new Entrance(processor));
    }

    private final class Entrance extends DelegateAsyncProcessor {
        private Entrance(Processor processor) {
            super(processor);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            PlatformHttpMessage message = exchange.getIn(PlatformHttpMessage.class);
            HttpServletRequest request = message.getRequest();
            HttpServletResponse response = message.getResponse();
            Call call = (Call) request.getAttribute(Call.NAME);
            exchange.setVariable(Call.NAME, call);
            send(answer(call, exchange), request, response, call.requestId());
            exchange.getMessage().removeHeaders("*");
            exchange.getMessage().setBody(null);
            callback.done(true);
            return true;
        }

        private Answer answer(Call call, Exchange exchange) {
            try {
                return idempotency.answer(call, () -> made(exchange));
            } catch (RuntimeException failure) {
                return problems.answerTo(failure, exchange);
            }
        }

        /** The routes behind a door stay on this thread. */
        private Answer made(Exchange exchange) {
            try {
                getProcessor().process(exchange);
            } catch (Exception failure) {
                exchange.setException(failure);
            }
            if (exchange.getException() != null) {
                exchange.setProperty(Exchange.EXCEPTION_CAUGHT, exchange.getException());
                exchange.setException(null);
                problems.answer(exchange);
            }
            return exchange.getMessage().getBody() instanceof Answer answer ? answer
                    : problems.answerTo(new IllegalStateException("a door answered " + exchange.getMessage().getBody()), exchange);
        }
    }

    private static void send(Answer answer, HttpServletRequest request, HttpServletResponse response, String requestId) {
        try {
            answer.writeTo(response);
        } catch (IOException e) {
            LOG.debug("request {}: the client has gone before its answer was complete", requestId);
            request.setAttribute(GONE, true);
        } catch (RuntimeException failure) {
            LOG.error("request {} failed while its answer was on its way; the answer is cut off", requestId, failure);
            request.setAttribute(ProblemValve.CUT_OFF, true);
        }
    }
}
