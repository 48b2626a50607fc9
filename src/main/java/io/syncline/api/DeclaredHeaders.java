package io.syncline.api;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The headers of a request that the contract declares for the operation; the others do not exist for a door. */
final class DeclaredHeaders {
    private DeclaredHeaders() {
    }

    /**
     * By name, whatever their case.
     *
     * @throws Refused when one is sent more than once
     */
    static Map<String, String> read(HttpServletRequest request, Set<String> declared) {
        Map<String, String> read = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : declared) {
            List<String> sent = Collections.list(request.getHeaders(name));
            if (sent.size() > 1) {
                throw new Refused(HttpStatus.BAD_REQUEST, "repeated-header", "The header " + name + " was sent more than once. Send it once.");
            }
            sent.forEach(value -> read.put(name, value.strip()));
        }
        return read;
    }

    /** Every header that was sent once: of one that was sent twice nobody could say which is meant. */
    static Map<String, String> all(HttpServletRequest request) {
        Map<String, String> read = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : Collections.list(request.getHeaderNames())) {
            List<String> sent = Collections.list(request.getHeaders(name));
            if (sent.size() == 1) {
                read.put(name, sent.get(0).strip());
            }
        }
        return read;
    }
}
