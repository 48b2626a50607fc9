package io.syncline.api;

import io.syncline.inspect.ComparedRecord;
import io.syncline.inspect.Comparison;
import io.syncline.inspect.Place;
import io.syncline.inspect.Places;
import io.syncline.inspect.Snapshot;
import io.syncline.inspect.Snapshots;
import org.apache.camel.Variable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The door to what is different between two snapshots of an entity. */
final class ComparisonDoor {
    private final Places places;
    private final Snapshots snapshots;
    private final Comparison comparison;

    ComparisonDoor(Places places, Snapshots snapshots, Comparison comparison) {
        this.places = places;
        this.snapshots = snapshots;
        this.comparison = comparison;
    }

    public Answer compare(@Variable(Call.NAME) Call call) {
        Place place = RecordDoor.place(places, call);
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        String kind = asked.oneOf("kind", Comparison.KINDS);
        Long from = asked.number("from");
        Long to = asked.number("to");
        asked.refuseMistakes();
        if (from == null || to == null) {
            throw Refused.badRequest("Which two snapshots? Write their numbers, as in ?from=3&to=7.", Map.of());
        }
        Snapshot one = ThenParameters.snapshot(place, from, snapshots);
        Snapshot other = ThenParameters.snapshot(place, to, snapshots);
        List<ComparedRecord> found = comparison.read(place, one, other, kind, Cursor.number(call).orElse(0L), limit + 1);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("from", snapshot(one));
        answer.put("to", snapshot(other));
        answer.put("counts", comparison.count(place, one, other));
        answer.put("items", found.stream().limit(limit).map(each -> item(place, each)).toList());
        answer.put("next", found.size() > limit ? Cursor.of(found.get(limit - 1).row()) : null);
        return Answer.of(200, Map.of(), answer);
    }

    private static Map<String, Object> snapshot(Snapshot snapshot) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("number", snapshot.number());
        shown.put("sealedAt", snapshot.sealedAt().toString());
        return shown;
    }

    private static Map<String, Object> item(Place place, ComparedRecord record) {
        Map<String, Object> shown = RecordDoor.begun(place, record.key(), record.row());
        shown.put("kind", record.kind());
        shown.put("changed", record.changed().stream().map(PastDoor::change).toList());
        shown.put("erased", record.erased());
        return shown;
    }
}
