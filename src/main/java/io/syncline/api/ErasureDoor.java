package io.syncline.api;

import io.syncline.inspect.Erased;
import io.syncline.inspect.Erasure;
import io.syncline.inspect.Place;
import io.syncline.inspect.Places;
import org.apache.camel.Variable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The door at which what a record said is erased for good. */
final class ErasureDoor {
    private static final String EXAMPLE = "{\"reason\": \"asked for by the customer, ticket 4711\"}";
    private static final int LONGEST = 1000;

    private final Places places;
    private final Erasure erasure;
    private final RecordDoor records;

    ErasureDoor(Places places, Erasure erasure, RecordDoor records) {
        this.places = places;
        this.erasure = erasure;
        this.records = records;
    }

    public Answer erase(@Variable(Call.NAME) Call call) {
        Place place = RecordDoor.place(places, call);
        JsonBody body = JsonBody.read(call.body(), EXAMPLE);
        String reason = body.member("reason", node -> node.isTextual() && !node.textValue().isBlank() && node.textValue().length() <= LONGEST
                ? node.textValue().strip() : null, "is no reason. Write a text of at most " + LONGEST
                        + " characters; it is kept for ever, so name nobody in it.");
        if (!body.has("reason")) {
            body.mistake("reason", "reason: is missing. Write why, as in " + EXAMPLE + "; it is kept for ever, so name nobody in it.");
        }
        boolean decided = body.truth("evenIfDecided");
        body.refuseMistakes();
        String name = call.parameter("key");
        Erasure.Order order = new Erasure.Order(call.caller().name(), reason, decided,
                record -> List.of(RecordAddress.of(place.sync().name(), place.entity().name(), record.key(), record.row()),
                        RecordAddress.of(place.sync().name(), place.entity().name(), null, record.row())));
        Erased erased = erasure.erase(place, name, order, record -> records.requireSeen(place, call, record)).orElseThrow(RecordDoor::noSuchRecord);
        Map<String, Object> answer = RecordDoor.begun(place, erased.key(), erased.row() == null ? 0 : erased.row());
        answer.put("row", erased.row());
        answer.put("removal", erased.number());
        answer.put("at", erased.at().toString());
        answer.put("versions", erased.versions());
        answer.put("keptForDecisions", erased.kept().stream().map(number -> {
            Map<String, Object> decision = new LinkedHashMap<>();
            decision.put("decision", number);
            decision.put("href", DecisionDoor.address(number));
            return decision;
        }).toList());
        return Answer.of(200, Map.of(), answer);
    }
}
