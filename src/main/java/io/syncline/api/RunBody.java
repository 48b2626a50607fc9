package io.syncline.api;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

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

    static final String SINCE = "is not a moment with a zone. Write ISO 8601 such as \"2026-11-01T00:00:00Z\" or \"2026-11-01T00:00:00+01:00\".";
    static final String EXAMPLE = "{\"dryRun\": true}";

    /**
     * @param members that the door takes
     * @throws Refused with every mistake of the body
     */
    static RunBody read(byte[] body, List<String> members) {
        JsonBody json = JsonBody.read(body, EXAMPLE);
        boolean dryRun = members.contains("dryRun") && json.truth("dryRun");
        boolean repair = members.contains("repair") && json.truth("repair");
        Instant since = members.contains("since") ? since(json) : null;
        String entity = members.contains("entity") ? entity(json) : null;
        json.refuseMistakes(name -> unknown(name, members));
        return new RunBody(dryRun, since, entity, repair);
    }

    static String entity(JsonBody json) {
        String cure = "is not the name of an entity. Write one of the sync's entities in quotes, or leave it out.";
        return either(json, "entity", json.text("entity", cure), "entityType", json.text("entityType", cure));
    }

    static Instant since(JsonBody json) {
        return either(json, "since", past(json, "since", json.member("since", RunBody::moment, SINCE)),
                "sinceTimestamp", past(json, "sinceTimestamp", json.member("sinceTimestamp", RunBody::moment, SINCE)));
    }

    private static <T> T either(JsonBody json, String name, T value, String otherName, T other) {
        if (value != null && other != null) {
            json.mistake(otherName, name + " and " + otherName + " say the same. Write one of them.");
        }
        return value == null ? other : value;
    }

    static Instant past(JsonBody json, String name, Instant moment) {
        if (moment != null && moment.isAfter(Instant.now())) {
            json.mistake(name, name + ": \"" + moment + "\" is still to come, so nothing can have changed since. Write a moment that has passed, or leave it"
                    + " out to read what changed since the last run.");
        }
        return moment;
    }

    /** Null when the text is none, or is one that no database holds. */
    static Instant moment(JsonNode node) {
        try {
            OffsetDateTime moment = node.isTextual() ? OffsetDateTime.parse(node.textValue()).withOffsetSameInstant(ZoneOffset.UTC) : null;
            return moment != null && moment.getYear() >= 1 && moment.getYear() <= 9999 ? moment.toInstant() : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String unknown(String name, List<String> members) {
        if (members == FULL && INCREMENTAL.contains(name)) {
            return name + " has no meaning here: a full run reads everything. Leave it out, or ask for an incremental run.";
        }
        if (members == VERIFY && (FULL.contains(name) || INCREMENTAL.contains(name))) {
            return name + " has no meaning here: a comparison reads everything and writes nothing. Leave it out.";
        }
        if (members == APPROVAL) {
            return JsonBody.shown(name) + " is not known here: an approval needs no body, the address says what it is for.";
        }
        if (members == RECORD && INCREMENTAL.contains(name)) {
            return name + " has no meaning here: the address names the record. Leave it out.";
        }
        return JsonBody.shown(name) + " is not known here. Known are " + String.join(", ", members) + ".";
    }
}
