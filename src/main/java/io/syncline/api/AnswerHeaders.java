package io.syncline.api;

import jakarta.servlet.http.HttpServletResponse;

/** The headers that every answer carries. */
final class AnswerHeaders {
    static final String POLICY = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private AnswerHeaders() {
    }

    static void set(HttpServletResponse response, String requestId) {
        response.setHeader(RequestId.HEADER, requestId);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("Cache-Control", "no-store");
    }
}
