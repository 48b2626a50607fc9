package io.syncline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.springframework.http.HttpStatus;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a door answers. */
record Answer(int status, String mediaType, Map<String, String> headers, byte[] body) {
    private static final ObjectWriter JSON = new JsonMapper().writerWithDefaultPrettyPrinter();

    private static final Map<String, String> RETRY = Map.of("Retry-After", "5");

    /** A document that is JSON already. */
    static Answer ok(String json) {
        return new Answer(200, "application/json", Map.of(), json.getBytes(StandardCharsets.UTF_8));
    }

    static Answer of(int status, Map<String, String> headers, Object document) {
        return new Answer(status, "application/json", headers, json(document));
    }

    /** One that says that we cannot just now also says when to ask again. */
    static Answer of(Problem problem, String requestId) {
        return new Answer(problem.status().value(), Problem.MEDIA_TYPE, problem.status() == HttpStatus.SERVICE_UNAVAILABLE ? RETRY : Map.of(),
                json(problem.document(requestId)));
    }

    /** Makes this the message that goes to the client: only what the answer says leaves the house, no header of a route. */
    void writeTo(Exchange exchange) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, mediaType);
        headers.forEach(message::setHeader);
        message.setBody(body);
    }

    private static byte[] json(Object document) {
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document made of texts and numbers has a JSON form", e);
        }
    }
}
