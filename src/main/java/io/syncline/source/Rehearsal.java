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
    private final HttpPages pages;

    private Rehearsal(HttpPages pages) {
        this.pages = pages;
    }

    /** @param resume as for {@link Sources#open} */
    public static Rehearsal from(Read read, String resume) {
        return new Rehearsal(new HttpPages(read, resume));
    }

    /**
     * Somewhere in the middle, as a case says it.
     *
     * @param page   counted from 1, whatever the system counts from
     * @param cursor what the answer before named as next: a cursor or a URL; null for kinds of paging that count
     */
    public static Rehearsal at(Read read, int page, String cursor) {
        return new Rehearsal(new HttpPages(read, Position.counted(WebReads.of(read).paging(), page, cursor)));
    }

    /**
     * The same read, of what changed since a delta link was given.
     *
     * @throws SourceFailure when the link leads elsewhere
     */
    public static Read following(Read read, String deltaLink) {
        return new Read(read.connection(), read.system(), read.resource(), read.mapping(), read.since(), WebReads.of(read).cursor(deltaLink));
    }

    /** An answer as a case writes it: header names in any case, the body as text. */
    public record Given(int status, Map<String, String> headers, String body) {
        HttpAnswer answer() {
            Map<String, List<String>> lower = new HashMap<>();
            headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), List.of(value)));
            return new HttpAnswer(status, lower, body.getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
        }
    }

    /**
     * A request as it would be sent.
     *
     * @param line method and address from the first slash of its path, e.g. {@code GET /v1/items?page=2}
     * @param body as JSON, or null
     */
    public record Request(String line, String body) {
        private static Request of(HttpRequest request) {
            String query = request.uri().getRawQuery();
            return new Request(request.method() + " " + request.uri().getRawPath() + (query == null ? "" : "?" + query), request.body());
        }
    }

    /** The next request. */
    public Request request() {
        return Request.of(pages.request());
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
    public static Request requestById(Read read, String key) {
        return Request.of(WebReads.of(read).byId(key));
    }

    /**
     * The request that an order is, once the record was seen to be as agreed; null where there is nothing to say to the system.
     *
     * @throws SourceFailure when it cannot be sent
     */
    public static Request requestOf(Read read, WriteOrder order) {
        HttpWrite write = new HttpWrite(read, order);
        if (!write.outgoing().problems().isEmpty()) {
            throw new SourceFailure(SourceFailure.Kind.REFUSED, String.join("; ", write.outgoing().problems()));
        }
        return write.isEmpty() ? null : Request.of(write.request(null));
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
}
