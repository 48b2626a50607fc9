package io.syncline.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The parameters of a call, read by what they mean. Every mistake is gathered, and {@link #refuseMistakes} answers with all of them at once. */
final class Parameters {
    static final int MOST = 1000;
    private static final int USUAL = 100;
    private static final int SHOWN = 60;

    private final Call call;
    private final List<Map<String, String>> mistakes = new ArrayList<>();

    Parameters(Call call) {
        this.call = call;
    }

    /** How many items a list is to have: 100 unless said, 1000 at most. */
    int limit() {
        Integer limit = read("limit", text -> text.matches("[1-9][0-9]{0,3}") && Integer.parseInt(text) <= MOST ? Integer.valueOf(text) : null,
                "is not a number of items. Write 1 to " + MOST + ".");
        return limit == null ? USUAL : limit;
    }

    /** Null when it is left out. */
    Instant instant(String name) {
        return read(name, Parameters::moment,
                "is not a moment with a zone. Write ISO 8601 such as 2026-11-01T00:00:00Z; a plus sign in the address is %2B.");
    }

    /** One of the words; null when it is left out. */
    String oneOf(String name, Collection<String> words) {
        return read(name, text -> words.contains(text) ? text : null, "is none of them. Write one of " + String.join(", ", words) + ".");
    }

    /** Null when it is left out. */
    Boolean truth(String name) {
        return read(name, text -> switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> null;
        }, "is neither true nor false. Write true or false.");
    }

    /** A number from 1; null when it is left out. */
    Long number(String name) {
        return read(name, text -> text.matches("[1-9][0-9]{0,17}") ? Long.valueOf(text) : null, "is no number from 1 on. Write one such as 42.");
    }

    /** A text that is not blank; null when it is left out. */
    String text(String name) {
        return read(name, text -> text.isBlank() || text.length() > 1000 ? null : text,
                "is blank or longer than 1000 characters. Write what to look for, or leave it out.");
    }

    private <T> T read(String name, Function<String, T> reading, String cure) {
        String text = call.parameter(name);
        T value = text == null ? null : reading.apply(text);
        if (text != null && value == null) {
            mistakes.add(Members.of("parameter", name, "detail",
                    name + ": \"" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "\" " + cure));
        }
        return value;
    }

    /** @throws Refused with every mistake */
    void refuseMistakes() {
        if (!mistakes.isEmpty()) {
            throw Refused.badRequest(mistakes.stream().map(mistake -> mistake.get("detail")).collect(Collectors.joining(" ")), Map.of("errors", mistakes));
        }
    }

    private static Instant moment(String text) {
        try {
            Instant moment = OffsetDateTime.parse(text).toInstant();
            return moment.isBefore(Instant.parse("0001-01-01T00:00:00Z")) || !moment.isBefore(Instant.parse("+10000-01-01T00:00:00Z")) ? null : moment;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
