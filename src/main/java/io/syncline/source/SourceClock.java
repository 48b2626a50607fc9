package io.syncline.source;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

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

    /** How long the source asks us to wait, or null when it does not or is not understood. */
    static Duration retryAfter(String header, Instant now) {
        if (header == null) {
            return null;
        }
        String text = header.trim();
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        Instant until = httpDate(text);
        return until == null ? null : until.isBefore(now) ? Duration.ZERO : Duration.between(now, until);
    }

    private static Instant httpDate(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
