package io.syncline.api;

import io.syncline.run.Mode;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a run is to be like. Every member but the mode may be left out; one that means nothing in the mode is a mistake.
 *
 * @param entity null for all of the sync's
 * @param key    of the record, in mode record
 * @param since  null unless said
 */
record StartBody(Mode mode, boolean dryRun, String entity, String key, Instant since, boolean repair) {
    static final Map<String, Mode> MODES = Map.of("full", Mode.FULL, "incremental", Mode.INCREMENTAL, "record", Mode.SINGLE, "verify", Mode.VERIFY, "push",
            Mode.PUSH);
    static final List<String> WORDS = List.of("full", "incremental", "record", "verify", "push");

    private static final String EXAMPLE = "{\"mode\": \"full\"}";

    /** @throws Refused with every mistake of the body */
    static StartBody read(byte[] body) {
        JsonBody json = JsonBody.read(body, EXAMPLE);
        String cure = "is not a mode. Write one of " + String.join(", ", WORDS) + ", in quotes.";
        Mode mode = json.member("mode", node -> MODES.get(node.asText()), cure);
        if (!json.has("mode")) {
            json.mistake("mode", "mode is missing. Write one of " + String.join(", ", WORDS) + ", as in " + EXAMPLE + ".");
        }
        boolean dryRun = json.truth("dryRun");
        String entity = json.text("entity", "is not the name of an entity. Write one of the sync's entities in quotes.");
        String key = json.text("key", "is not the key of a record. Write it in quotes, as the system has it.");
        Instant since = json.member("since", RunBody::moment, RunBody.SINCE);
        boolean repair = json.truth("repair");
        RunBody.past(json, "since", since);
        refuse(json, dryRun && mode == Mode.VERIFY, "dryRun", "a comparison writes nothing in any case");
        refuse(json, dryRun && mode == Mode.PUSH, "dryRun", "what is to be sent is in the outbox: GET …/pushes");
        refuse(json, json.has("entity") && mode == Mode.PUSH, "entity", "what was edited is sealed and sent together");
        refuse(json, repair && mode != Mode.FULL, "repair", "only a full run mends rows");
        refuse(json, json.has("since") && mode != Mode.INCREMENTAL, "since", "only an incremental run asks for what changed");
        refuse(json, json.has("key") && mode != Mode.SINGLE, "key", "only a run for a record reads one");
        if (mode == Mode.SINGLE) {
            require(json, "entity");
            require(json, "key");
        }
        json.refuseMistakes();
        return new StartBody(mode, dryRun, entity, key, since, repair);
    }

    private static void refuse(JsonBody json, boolean isMistake, String member, String why) {
        if (isMistake) {
            json.mistake(member, member + " has no meaning in this mode: " + why + ". Leave it out.");
        }
    }

    private static void require(JsonBody json, String member) {
        if (!json.has(member)) {
            json.mistake(member, member + " is missing. A run for a record names its entity and its key, as in"
                    + " {\"mode\": \"record\", \"entity\": \"services\", \"key\": \"9404\"}.");
        }
    }
}
