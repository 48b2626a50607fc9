package io.syncline.sandbox;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answers that were given under idempotency keys, for 24 hours of the sandbox's clock. Who uses it holds the monitor of the records. */
final class Memory {
    private static final Duration KEPT = Duration.ofHours(24);

    private final Map<String, Remembered> answers = new HashMap<>();

    private record Remembered(String request, Answer answer, Instant at) {
    }

    /** The answer of then, to the same request; 422 where the key was another request's. */
    Optional<Answer> recall(String key, Request request, Instant now) {
        answers.values().removeIf(each -> !each.at().plus(KEPT).isAfter(now));
        Remembered remembered = answers.get(key);
        if (remembered == null) {
            return Optional.empty();
        }
        return Optional.of(remembered.request().equals(digest(request)) ? remembered.answer()
                : Problems.of(422, "The idempotency key was used for another request."));
    }

    /** Refusals are not kept: the request may be put right and sent again. */
    void keep(String key, Request request, Answer answer, Instant now) {
        if (answer.status() < 300) {
            answers.put(key, new Remembered(digest(request), answer.having(List.of()), now));
        }
    }

    void clear() {
        answers.clear();
    }

    private static String digest(Request request) {
        return request.method() + " " + request.path() + " " + digest(request.body());
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
