package io.syncline.source;

import io.syncline.record.Observed;
import io.syncline.record.Page;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A read over HTTP without a network: what would be asked, and what would be made of an answer. It is the very code a run uses, so that a system's cases
 * say how the system is really read. Credentials are no part of it.
 */
public final class Rehearsal {
    private final Read read;
    private final HttpPages pages;

    /** @param resume as for {@link Sources#open} */
    public Rehearsal(Read read, String resume) {
        this.read = read;
        this.pages = new HttpPages(read, resume);
    }

    /**
     * The read where it stands before one of its pages.
     *
     * @param page   counted from 1, whatever the system counts from
     * @param cursor what the answer before named as next, or null for a system that numbers its pages
     */
    public static Rehearsal of(Read read, int page, String cursor) {
        boolean first = page == 1 && cursor == null;
        return new Rehearsal(read, first ? null : Position.before(new HttpReads(read).paging(), page, cursor).resume());
    }

    /** An answer as a case writes it: header names in any case, the body as text. */
    public record Given(int status, Map<String, String> headers, String body) {
        HttpAnswer answer() {
            Map<String, List<String>> lower = new HashMap<>();
            headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), List.of(value)));
            return new HttpAnswer(status, lower, body.getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
        }
    }

    /** The next request, e.g. {@code GET /items?page=2}, relative to the system's {@code baseUrl}; a body follows after a blank. */
    public String request() {
        return line(read, pages.request());
    }

    /**
     * What the answer to {@link #request()} means; the next request is then the one after it.
     *
     * @throws SourceFailure when it is no page
     */
    public Page answer(Given given) {
        return pages.understand(given.answer());
    }

    /** The request for one record. */
    public static String requestById(Read read, String key) {
        return line(read, new HttpReads(read).byId(key));
    }

    /**
     * What the answer to {@link #requestById} means.
     *
     * @return empty when it proves that there is no such record
     * @throws SourceFailure when it says anything else
     */
    public static Optional<Observed> answerById(Read read, String key, Given given) {
        return HttpPages.understandRecord(read, key, given.answer());
    }

    private static String line(Read read, HttpRequest request) {
        String url = request.uri().toString();
        String base = new HttpReads(read).origin().url();
        String target = url.regionMatches(true, 0, base, 0, base.length()) ? url.substring(base.length()) : url;
        return request.method() + " " + target + (request.body() == null ? "" : " " + request.body());
    }
}
