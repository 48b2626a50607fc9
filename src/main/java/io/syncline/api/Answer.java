package io.syncline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a door answers. Only what stands here leaves the house. */
record Answer(int status, String mediaType, Map<String, String> headers, Content content) {
    static final String JSON_TYPE = "application/json";

    private static final ObjectWriter JSON = new JsonMapper().writerWithDefaultPrettyPrinter();

    private static final String RETRY_AFTER = "Retry-After";

    /** What goes out after the headers. */
    interface Content {
        /** Writes all of it; what this throws cuts the answer off, so that nobody takes a part for the whole. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Content that is known before it is written. */
    record Bytes(byte[] bytes) implements Content {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }
    }

    /** A document that is JSON already. */
    static Answer ok(String json) {
        return new Answer(200, JSON_TYPE, Map.of(), new Bytes(json.getBytes(StandardCharsets.UTF_8)));
    }

    static Answer of(int status, Map<String, String> headers, Object document) {
        return new Answer(status, JSON_TYPE, headers, new Bytes(json(document)));
    }

    /** One that has nothing more to say. */
    static Answer nothing() {
        return new Answer(204, null, Map.of(), new Bytes(new byte[0]));
    }

    /** What the caller has is what there is. */
    static Answer notModified(String tag) {
        return new Answer(HttpStatus.NOT_MODIFIED.value(), null, Map.of("ETag", tag), new Bytes(new byte[0]));
    }

    /** The same with one more header. */
    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, mediaType, more, content);
    }

    /** One that is written while it is made, and held nowhere as a whole. */
    static Answer streaming(String mediaType, Map<String, String> headers, Content content) {
        return new Answer(200, mediaType, headers, content);
    }

    /** One that says that we cannot just now also says when to ask again. */
    static Answer of(Problem problem, String requestId) {
        Map<String, String> headers = problem.status() == HttpStatus.SERVICE_UNAVAILABLE ? Map.of(RETRY_AFTER, "5")
                : problem.code().equals(Idempotency.UNDER_WAY) ? Map.of(RETRY_AFTER, "1") : Map.of();
        return new Answer(problem.status().value(), Problem.MEDIA_TYPE, headers, new Bytes(json(problem.document(requestId))));
    }

    /** Sends it; a response that is on its way already is left alone. */
    void writeTo(HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(status);
        if (mediaType != null) {
            response.setContentType(mediaType);
        }
        headers.forEach(response::setHeader);
        if (content instanceof Bytes known && mediaType != null) {
            response.setContentLength(known.bytes().length);
        }
        content.writeTo(response.getOutputStream());
        response.flushBuffer();
    }

    private static byte[] json(Object document) {
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document made of texts and numbers has a JSON form", e);
        }
    }
}
