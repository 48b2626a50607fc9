package io.syncline.api;

import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Writes an answer into the exchange that carries it to the client. */
final class Answers {
    /** Only what the answer says leaves the house: no header of the request or of a route goes with it. */
    void write(Exchange exchange) {
        Message message = exchange.getMessage();
        Answer answer = message.getBody(Answer.class);
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
        message.setHeader(Exchange.CONTENT_TYPE, answer.mediaType());
        answer.headers().forEach(message::setHeader);
        message.setBody(answer.body());
    }
}
