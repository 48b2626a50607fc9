package io.syncline.api;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Brings a request from the gate into Camel, on the server's own thread: the {@link Call} becomes a variable, and what fails outside of every route is
 * answered like any other failure.
 */
final class DoorEngine extends SpringBootPlatformHttpEngine {
    private final Problems problems;

    DoorEngine(int port, Problems problems) {
        super(port, Runnable::run);
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
            exchange.setVariable(Call.NAME, exchange.getIn(PlatformHttpMessage.class).getRequest().getAttribute(Call.NAME));
            return super.process(exchange, synchronous -> {
                if (exchange.getException() != null) {
                    exchange.setProperty(Exchange.EXCEPTION_CAUGHT, exchange.getException());
                    exchange.setException(null);
                    problems.answer(exchange);
                }
                callback.done(synchronous);
            });
        }
    }
}
