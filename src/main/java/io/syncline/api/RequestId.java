package io.syncline.api;

import io.syncline.access.ApiKey;

import java.util.UUID;
import java.util.regex.Pattern;

/** The name of one request, in its answer and in the log. */
final class RequestId {
    static final String HEADER = "X-Request-Id";

    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private RequestId() {
    }

    /** The caller's own where it is up to 64 letters, digits, dots, dashes and underscores; else a new one. */
    static String of(String callers) {
        return callers != null && SANE.matcher(callers).matches() && !ApiKey.isMeantBy(callers) ? callers : UUID.randomUUID().toString();
    }
}
