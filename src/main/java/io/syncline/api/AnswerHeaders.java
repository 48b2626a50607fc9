package io.syncline.api;

import jakarta.servlet.http.HttpServletResponse;

/** The headers that every answer carries. */
final class AnswerHeaders {
    private AnswerHeaders() {
    }

    static void set(HttpServletResponse response, String requestId) {
        response.setHeader(RequestId.HEADER, requestId);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        response.setHeader("Cache-Control", "no-store");
    }
}
