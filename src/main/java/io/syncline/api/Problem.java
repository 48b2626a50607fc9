package io.syncline.api;

import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A problem document (RFC 9457). It holds what a caller may know: no class names, SQL or paths of the machine.
 *
 * @param code    what programs tell problems apart by; it never changes
 * @param detail  what failed and what to write or do (promise 30)
 * @param members what else the caller needs, such as the run that is in the way
 */
record Problem(HttpStatus status, String code, String detail, Map<String, Object> members) {
    static final String MEDIA_TYPE = "application/problem+json";

    Problem(HttpStatus status, String code, String detail) {
        this(status, code, detail, Map.of());
    }

    Map<String, Object> document(String requestId) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", "urn:syncline:problem:" + code);
        document.put("title", status.getReasonPhrase());
        document.put("status", status.value());
        document.put("detail", detail);
        document.put("code", code);
        document.put("requestId", requestId);
        document.putAll(members);
        return document;
    }
}
