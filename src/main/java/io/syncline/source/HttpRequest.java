package io.syncline.source;

import io.syncline.source.SourceFailure.Kind;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A read or a write over HTTP, or something delivered to an address that is no system. Made from checked configuration only.
 *
 * @param purpose the declared read or write, asking for a token, or a delivery
 * @param body    null for none
 */
record HttpRequest(Purpose purpose, String method, URI uri, Map<String, String> headers, String body, String contentType, Asked asked) {
    enum Purpose {
        READ, TOKEN, DELIVERY, WRITE
    }

    private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");

    HttpRequest {
        // Promise 21: a request that could change something cannot even be built, unless it is meant to.
        if (purpose == Purpose.WRITE ? !WRITES.contains(method) : !method.equals("GET") && !method.equals("POST")) {
            throw new IllegalArgumentException(method + " is not a " + purpose);
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            check(header.getKey(), header.getValue(), asked);
        }
    }

    HttpRequest with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new HttpRequest(purpose, method, uri, all, body, contentType, asked);
    }

    private static void check(String name, String value, Asked asked) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+") || lower.startsWith("camel") || lower.startsWith("org.apache.camel")) {
            throw asked.failure(Kind.REFUSED, "\"" + Asked.shown(name) + "\" cannot be a request header", "Correct it in the system's file");
        }
        if (!value.chars().allMatch(c -> c >= ' ' && c < 127 || c == '\t' || c > 159 && c < 256)) {
            throw asked.failure(Kind.REFUSED, "the value for the request header " + name + " holds a line break or another character that no header can carry",
                    "Correct the setting it is made of");
        }
    }
}
