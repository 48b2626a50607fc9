package io.syncline.source;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What time it was at the source. */
final class SourceClock {
    private SourceClock() {
    }

    /**
     * A moment before which every change is in the answer: the answer's Date less the time the request took and the second that Date is cut to,
     * or by our own clock where the source tells no time.
     */
    static Instant askedAt(Map<String, List<String>> headers, Instant before, Duration took) {
        List<String> dates = headers.getOrDefault("date", List.of());
        Instant date = dates.isEmpty() ? null : httpDate(dates.get(0));
        return date == null ? before : date.minus(took).minusSeconds(1);
    }

    /**
     * How long the source asks us to wait; empty when it does not, is not understood, or names a time that is over. A date is meant by the source's clock, so
     * it is measured against the answer's Date.
     *
     * @param ours by our own clock, for a source that tells no time
     */
    static Optional<Duration> retryAfter(Map<String, List<String>> headers, Instant ours) {
        String text = headers.getOrDefault("retry-after", List.of("")).get(0).trim();
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text))).filter(wait -> !wait.isZero());
        }
        Instant until = httpDate(text);
        Instant now = headers.containsKey("date") ? httpDate(headers.get("date").get(0)) : ours;
        return until == null ? Optional.empty() : Optional.of(Duration.between(now == null ? ours : now, until)).filter(wait -> !wait.isNegative() && !wait.isZero());
    }

    private static Instant httpDate(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
