package io.syncline.api;

import com.fasterxml.jackson.databind.util.RawValue;
import io.syncline.inspect.FormerRecord;
import io.syncline.inspect.FoundRecord;
import io.syncline.inspect.Place;
import io.syncline.inspect.Places;
import io.syncline.inspect.Possible;
import io.syncline.inspect.RecordFilter;
import io.syncline.inspect.Records;
import io.syncline.inspect.Removal;
import io.syncline.inspect.Snapshots;
import io.syncline.inspect.Then;
import io.syncline.inspect.Why;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The doors to records: search, one of them with why it is so. Promise 29: what is another organisation's is answered like what does not exist. */
final class RecordDoor {
    private final Places places;
    private final Records records;
    private final Snapshots snapshots;
    private final Why why;

    RecordDoor(Places places, Records records, Snapshots snapshots, Why why) {
        this.places = places;
        this.records = records;
        this.snapshots = snapshots;
        this.why = why;
    }

    public Answer search(@Variable(Call.NAME) Call call) {
        Place place = place(places, call);
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        String status = asked.oneOf("status", Records.STATUSES);
        String key = asked.text("key");
        String text = asked.text("q");
        Then then = ThenParameters.read(place, call, asked, snapshots);
        asked.refuseMistakes();
        if (status != null && then != null) {
            throw Refused.badRequest("What status a record had is not kept. Leave out status, or ask for how things stand now.", Map.of());
        }
        if (text != null && !Records.hasText(place)) {
            throw Refused.badRequest("The entity " + place.entity().name() + " has no text field, so there is no text to look for. Look for a key.", Map.of());
        }
        RecordFilter filter = new RecordFilter(key, text, status, then);
        Records.Position after = position(call);
        return then == null
                ? step(records.search(place, filter, after, limit + 1), limit, record -> item(place, record), record -> at(record.key(), record.row()))
                : step(records.searchThen(place, filter, after, limit + 1), limit, record -> former(place, record), record -> at(record.key(), record.row()));
    }

    private static <T> Answer step(List<T> found, int limit, Function<T, Map<String, Object>> item,
                                   Function<T, String> cursor) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", found.stream().limit(limit).map(item).toList());
        answer.put("next", found.size() > limit ? cursor.apply(found.get(limit - 1)) : null);
        return Answer.of(200, Map.of(), answer);
    }

    private static String at(String key, long row) {
        return key == null ? Cursor.of("row", row) : Cursor.of("key", key);
    }

    private static Records.Position position(Call call) {
        return Cursor.read(call, 2).map(place -> switch (place.get(0)) {
            case "key" -> new Records.Position(place.get(1), 0);
            case "row" -> {
                if (!place.get(1).matches("[0-9]{1,18}")) {
                    throw Cursor.unknown();
                }
                yield new Records.Position(null, Long.parseLong(place.get(1)));
            }
            default -> throw Cursor.unknown();
        }).orElse(null);
    }

    public Answer show(@Variable(Call.NAME) Call call) {
        Place place = place(places, call);
        Parameters asked = new Parameters(call);
        Then then = ThenParameters.read(place, call, asked, snapshots);
        asked.refuseMistakes();
        if (then != null) {
            return records.findThen(place, call.parameter("key"), then).map(record -> Answer.of(200, Map.of(), former(place, present(record))))
                    .orElseThrow(() -> new Refused(HttpStatus.NOT_FOUND, "not-there-then",
                            "There was no such record then: it had not come yet, or was deleted. Its history says when."));
        }
        FoundRecord record = records.find(place, call.parameter("key")).orElseThrow(RecordDoor::noSuchRecord);
        return shown(place, record);
    }

    /** Promise 19: the document that it was, or that it is there no more, and never another one. */
    private static FormerRecord present(FormerRecord record) {
        Removal removal = record.removal();
        if (removal != null) {
            String what = removal.kind().equals("erased") ? "What the record said then was erased by " + removal.actor()
                    : "What the record said then is kept no longer; it was removed";
            throw new Refused(new Problem(HttpStatus.GONE, removal.kind(), what + " at " + removal.at() + ": " + removal.reason()
                    + ". That it was there, and the hash of what it said, are kept.",
                    Map.of("removal", removal.number(), "at", removal.at().toString(), "by", removal.actor(), "reason", removal.reason())));
        }
        return record;
    }

    /** Of whoever says which version it has seen. */
    void requireSeen(Place place, Call call, FoundRecord record) {
        if (call.header("If-Match").isPresent()) {
            Preconditions.require(call, tag(record), document(place, record));
        }
    }

    static Place place(Places places, Call call) {
        String organisation = call.caller().organisation();
        return places.entity(organisation, call.parameter("sync"), call.parameter("entity")).orElseThrow(() -> places.sync(organisation, call.parameter("sync"))
                .map(sync -> new Refused(HttpStatus.NOT_FOUND, "unknown-target", "The sync " + sync.name() + " has no such entity. It has "
                        + String.join(", ", sync.entities().stream().map(entity -> entity.name()).toList()) + "."))
                .orElseGet(RecordDoor::noSuchSync));
    }

    static Refused noSuchSync() {
        return new Refused(HttpStatus.NOT_FOUND, "unknown-target", "There is no such sync.");
    }

    static Refused noSuchSnapshot(String sync) {
        return new Refused(HttpStatus.NOT_FOUND, "no-such-snapshot",
                "There is no such snapshot. GET /api/v1/syncs/" + RecordAddress.segment(sync) + "/snapshots lists those there are.");
    }

    static Refused noSuchRecord() {
        return new Refused(HttpStatus.NOT_FOUND, "no-such-record",
                "There is no such record. A record is found by its key at its system, or by row: and its row_id where it has none yet.");
    }

    static String tag(FoundRecord record) {
        return Preconditions.tag(record.row() + " " + record.revision());
    }

    Answer shown(Place place, FoundRecord record) {
        return Answer.of(200, Map.of("ETag", tag(record)), document(place, record));
    }

    Map<String, Object> document(Place place, FoundRecord record) {
        Map<String, Object> shown = item(place, record);
        shown.put("etag", tag(record));
        shown.put("agreed", record.base() == null ? null : new RawValue(record.base()));
        shown.put("version", record.version());
        shown.put("modifiedThere", text(record.modifiedThere()));
        shown.put("agreedAt", text(record.agreedHere()));
        Possible possible = Possible.with(place, record);
        shown.put("editable", possible.actions().contains("edit"));
        shown.put("can", possible.actions());
        shown.put("writable", possible.writable());
        shown.put("why", why.explain(place, record).stream().map(RecordDoor::reason).toList());
        shown.put("history", shown.get("href") + "/history");
        return shown;
    }

    private static Map<String, Object> reason(Why.Reason reason) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("text", reason.text());
        shown.put("run", reason.run());
        shown.put("href", reason.item() != null ? "/api/v1/attention/" + reason.item() : reason.run() == null ? null : RunDoor.address(reason.run()));
        return shown;
    }

    private static Map<String, Object> item(Place place, FoundRecord record) {
        Map<String, Object> shown = begun(place, record.key(), record.row());
        shown.put("fields", fields(record.document()));
        shown.put("status", record.status());
        shown.put("direction", record.direction());
        shown.put("deletedAt", text(record.deletedAt()));
        shown.put("deletedBy", record.deletedBy());
        shown.put("editedAt", text(record.editedAt()));
        shown.put("editedBy", record.editedBy());
        shown.put("since", record.since().toString());
        shown.put("snapshot", record.snapshot());
        return shown;
    }

    private static Map<String, Object> former(Place place, FormerRecord record) {
        Map<String, Object> shown = begun(place, record.key(), record.row());
        shown.put("fields", fields(record.document()));
        shown.put("removed", record.removal() == null ? null : record.removal().kind());
        shown.put("since", record.since().toString());
        shown.put("snapshot", record.snapshot());
        return shown;
    }

    private static RawValue fields(String document) {
        return document == null ? null : new RawValue(document);
    }

    static Map<String, Object> begun(Place place, String key, long row) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", RecordAddress.name(key, row));
        shown.put("href", RecordAddress.of(place.sync().name(), place.entity().name(), key, row));
        shown.put("key", key);
        shown.put("row", row);
        return shown;
    }

    static String text(Object value) {
        return value == null ? null : value.toString();
    }
}
