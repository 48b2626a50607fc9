package io.syncline.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.springframework.http.HttpStatus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The body of a request for a run. Every member may be left out or null, and so may the body.
 *
 * @param dryRun false unless said
 * @param since  null unless said
 * @param entity null unless said
 * @param repair false unless said
 */
record RunBody(boolean dryRun, Instant since, String entity, boolean repair) {
    static final List<String> FULL = List.of("dryRun", "entity", "entityType", "repair");
    static final List<String> VERIFY = List.of("entity", "entityType");
    static final List<String> INCREMENTAL = List.of("dryRun", "since", "sinceTimestamp", "entity", "entityType");
    static final List<String> RECORD = List.of("dryRun");
    static final List<String> APPROVAL = List.of();

    private static final int DEPTH = 100;
    private static final int SHOWN = 60;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH).maxStringLength(1 << 20).maxNameLength(1 << 10).maxNumberLength(1000).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * @param members that the door takes
     * @throws Refused with every mistake of the body
     */
    static RunBody read(byte[] body, List<String> members) {
        return body.length == 0 ? new RunBody(false, null, null, false) : new Reading(document(body), members).result();
    }

    private static JsonNode document(byte[] body) {
        try {
            JsonNode document = JSON.readTree(body);
            if (!document.isObject()) {
                throw Refused.badRequest("The body is not a JSON object. Write one such as {\"dryRun\": true}, or send no body.", Map.of());
            }
            return document;
        } catch (StreamConstraintsException e) {
            throw new Refused(HttpStatus.BAD_REQUEST, "json-beyond-limits", "The JSON is nested deeper than " + DEPTH
                    + " levels, or has a name, number or text longer than any run needs. Write an object such as {\"dryRun\": true}.");
        } catch (JacksonException e) {
            String place = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
            throw new Refused(HttpStatus.BAD_REQUEST, "malformed-json",
                    "The body is not JSON" + place + ", or has a member twice. Write an object such as {\"dryRun\": true}.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gathers all mistakes before it refuses. */
    private static final class Reading {
        private final JsonNode document;
        private final List<String> members;
        private final List<Map<String, String>> mistakes = new ArrayList<>();

        private Reading(JsonNode document, List<String> members) {
            this.document = document;
            this.members = members;
        }

        private RunBody result() {
            document.fieldNames().forEachRemaining(name -> {
                if (!members.contains(name)) {
                    mistake(name, unknown(name));
                }
            });
            Boolean dryRun = member("dryRun", this::truth);
            Boolean repair = member("repair", this::truth);
            Instant since = either("since", "sinceTimestamp", this::instant);
            String entity = either("entity", "entityType", this::text);
            if (!mistakes.isEmpty()) {
                throw Refused.badRequest(mistakes.stream().map(mistake -> mistake.get("detail")).collect(Collectors.joining(" ")), Map.of("errors", mistakes));
            }
            return new RunBody(Boolean.TRUE.equals(dryRun), since, entity, Boolean.TRUE.equals(repair));
        }

        private String unknown(String name) {
            if (members == FULL && INCREMENTAL.contains(name)) {
                return name + " has no meaning here: a full run reads everything. Leave it out, or ask for an incremental run.";
            }
            if (members == VERIFY && (FULL.contains(name) || INCREMENTAL.contains(name))) {
                return name + " has no meaning here: a comparison reads everything and writes nothing. Leave it out.";
            }
            if (members == APPROVAL) {
                return shown(name) + " is not known here: an approval needs no body, the address says what it is for.";
            }
            if (members == RECORD && INCREMENTAL.contains(name)) {
                return name + " has no meaning here: the address names the record. Leave it out.";
            }
            return shown(name) + " is not known here. Known are " + String.join(", ", members) + ".";
        }

        private <T> T either(String name, String otherName, Function<String, T> reading) {
            T value = member(name, reading);
            T other = member(otherName, reading);
            if (value != null && other != null) {
                mistake(otherName, name + " and " + otherName + " say the same. Write one of them.");
            }
            return value == null ? other : value;
        }

        private <T> T member(String name, Function<String, T> reading) {
            return members.contains(name) && document.hasNonNull(name) ? reading.apply(name) : null;
        }

        private Boolean truth(String name) {
            JsonNode value = document.get(name);
            if (!value.isBoolean()) {
                mistake(name, name + ": " + shown(value) + " is neither true nor false. Write true or false, without quotes.");
                return null;
            }
            return value.booleanValue();
        }

        private String text(String name) {
            JsonNode value = document.get(name);
            if (!value.isTextual() || value.textValue().isBlank()) {
                mistake(name, name + ": " + shown(value) + " is not the name of an entity. Write one of the sync's entities in quotes, or leave it out.");
                return null;
            }
            return value.textValue();
        }

        private Instant instant(String name) {
            JsonNode value = document.get(name);
            Instant moment = value.isTextual() ? moment(value.textValue()) : null;
            if (moment == null) {
                mistake(name, notAMoment(name, value));
            } else if (moment.isAfter(Instant.now())) {
                mistake(name, name + ": " + shown(value) + " is still to come, so nothing can have changed since. Write a moment that has passed, or leave it"
                        + " out to read what changed since the last run.");
            }
            return moment;
        }

        /** Null when the text is none, or is one that no database holds. */
        private static Instant moment(String text) {
            try {
                OffsetDateTime moment = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
                return moment.getYear() >= 1 && moment.getYear() <= 9999 ? moment.toInstant() : null;
            } catch (DateTimeException e) {
                return null;
            }
        }

        private static String notAMoment(String name, JsonNode value) {
            return name + ": " + shown(value)
                    + " is not a moment with a zone. Write ISO 8601 such as \"2026-11-01T00:00:00Z\" or \"2026-11-01T00:00:00+01:00\".";
        }

        private void mistake(String member, String detail) {
            String pointer = "/" + (member.length() > SHOWN ? member.substring(0, SHOWN) : member).replace("~", "~0").replace("/", "~1");
            mistakes.add(Map.of("pointer", pointer, "detail", detail));
        }

        private static String shown(JsonNode value) {
            return switch (value.getNodeType()) {
                case ARRAY -> "a list";
                case OBJECT -> "an object";
                case STRING -> shown(value.textValue());
                default -> shortened(value.asText());
            };
        }

        private static String shown(String text) {
            return "\"" + shortened(text) + "\"";
        }

        private static String shortened(String text) {
            return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        }
    }
}
