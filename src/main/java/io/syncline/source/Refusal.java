package io.syncline.source;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What an answer means that does not take a write, in the system's own words where it has any. */
final class Refusal {
    private static final int MOST = 500;
    private static final int MOST_BYTES = 64 << 10;

    private final HttpWrite write;
    private final Asked asked;
    private final List<String> secrets;

    /** @param secrets what is never repeated; null where it is not known, so that nothing is */
    Refusal(HttpWrite write, Asked asked, List<String> secrets) {
        this.write = write;
        this.asked = asked;
        this.secrets = secrets;
    }

    /** @param now by our own clock */
    Sent of(HttpAnswer answer, Instant now) {
        int status = answer.status();
        Duration wait = SourceClock.retryAfter(answer.headers(), now).orElse(null);
        String words = words(answer);
        String answered = asked.system() + ": " + asked.request() + ": answered " + status + (words == null ? "" : " (\"" + words + "\")");
        if (status == 401 || status == 403) {
            return new Sent.Barred(answered + ", we are not let in. Check the credentials and rights of this organisation.");
        }
        if (status == 429 || status == 408 || status == 425 || status == 423) {
            return new Sent.NotSent(answered + ".", wait);
        }
        if (status == 412) {
            return new Sent.Moved(answered + ": it is no longer the version that was read.");
        }
        if (status >= 300 && status < 400) {
            return new Sent.Refused(status, "answered " + status + ", a redirect, and redirects are not followed");
        }
        if (status >= 400 && status < 500) {
            return new Sent.Refused(status, words == null ? "answered " + status + " without a reason" : words);
        }
        return new Sent.Unclear(answered + ", and whether it was done is not known.");
    }

    /** Fit to be shown and kept, or null where there are none. */
    String words(HttpAnswer answer) {
        if (secrets == null || answer.body().length == 0 || answer.body().length > MOST_BYTES || ODataError.isWebPage(answer)) {
            return null;
        }
        String said = said(answer);
        if (said == null || said.isBlank()) {
            return null;
        }
        // Promise 28: a system may repeat what it was sent.
        boolean secret = secrets.stream().anyMatch(said::contains);
        return secret ? "its words hold a secret and are not shown" : Asked.shown(said.strip().replace('"', '\''), MOST);
    }

    private String said(HttpAnswer answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return text.startsWith("<") ? null : text;
        }
        try {
            JsonNode whole = HttpReads.JSON.readTree(JsonAnswer.JSON.createParser(answer.body()));
            return once(write.writes().error().stream().map(path -> flat(at(whole, path))).filter(Objects::nonNull).toList());
        } catch (IOException e) {
            return null;
        }
    }

    /** A title often only says again what the list of reasons says: what another part holds as it stands is left out. */
    private static String once(List<String> parts) {
        List<String> bare = parts.stream().map(part -> " " + part.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip() + " ").toList();
        return IntStream.range(0, parts.size()).filter(part -> IntStream.range(0, parts.size()).noneMatch(other -> other != part
                && bare.get(other).contains(bare.get(part)) && (other < part || !bare.get(other).equals(bare.get(part))))).mapToObj(parts::get)
                .collect(Collectors.joining("; "));
    }

    private static JsonNode at(JsonNode node, List<String> path) {
        JsonNode at = node;
        for (String segment : path) {
            at = at.path(segment);
        }
        return at;
    }

    /** Reasons are often lists, by the member that they are about. */
    private static String flat(JsonNode node) {
        List<String> parts = new ArrayList<>();
        if (node.isObject()) {
            node.properties().forEach(member -> {
                String below = flat(member.getValue());
                if (below != null) {
                    parts.add(member.getKey() + ": " + below);
                }
            });
        } else if (node.isArray()) {
            node.forEach(item -> {
                String below = flat(item);
                if (below != null) {
                    parts.add(below);
                }
            });
        } else if (!node.isMissingNode() && !node.isNull() && !node.asText().isBlank()) {
            parts.add(node.asText());
        }
        return parts.isEmpty() ? null : String.join(", ", parts);
    }
}
