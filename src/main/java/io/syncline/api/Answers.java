package io.syncline.api;

import org.apache.camel.Exchange;

/** The last step of every door. */
final class Answers {
    public void write(Exchange exchange) {
        exchange.getMessage().getBody(Answer.class).writeTo(exchange);
    }
}
