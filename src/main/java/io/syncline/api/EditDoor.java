package io.syncline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.inspect.Edits;
import io.syncline.inspect.FoundRecord;
import io.syncline.inspect.Place;
import io.syncline.inspect.Places;
import io.syncline.inspect.Records;
import io.syncline.record.Field;
import io.syncline.record.Written;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The doors at which people make, edit, delete and bring back records. Promise 4: each is journalled as in SQL, and only over the version that was seen. */
final class EditDoor {
    private static final String EXAMPLE = "{\"fields\": {\"price\": 12.50}}";

    private final Places places;
    private final Records records;
    private final Edits edits;
    private final RecordDoor shown;

    EditDoor(Places places, Records records, Edits edits, RecordDoor shown) {
        this.places = places;
        this.records = records;
        this.edits = edits;
        this.shown = shown;
    }

    public Answer create(@Variable(Call.NAME) Call call) {
        Place place = RecordDoor.place(places, call);
        JsonBody body = JsonBody.read(call.body(), EXAMPLE);
        Map<Field, Object> values = values(place, body);
        place.entity().needed().stream().filter(field -> values.get(field) == null && !body.isWrong("fields", field.name())).forEach(field ->
                body.mistakeIn("fields", field.name(), field.name() + ": is missing, and no record of " + place.entity().name() + " is made without it."));
        body.refuseMistakes();
        refuseReadOnly(place);
        long row = edits.create(place, values, call.caller().name());
        FoundRecord record = records.find(place, "row:" + row).orElseThrow(RecordDoor::noSuchRecord);
        Map<String, Object> document = shown.document(place, record);
        return Answer.of(HttpStatus.CREATED.value(), Map.of("Location", document.get("href").toString(), "ETag", RecordDoor.tag(record)), document);
    }

    public Answer edit(@Variable(Call.NAME) Call call) {
        Place place = RecordDoor.place(places, call);
        JsonBody body = JsonBody.read(call.body(), EXAMPLE);
        Map<Field, Object> values = values(place, body);
        body.refuseMistakes();
        return done(place, call, edits.edit(place, call.parameter("key"), values, call.caller().name(), record -> {
            refuse(place, call, record);
            if (record.deletedAt() != null) {
                throw new Refused(HttpStatus.CONFLICT, "record-is-deleted", "The record is deleted, so there is nothing to edit. Bring it back first: at its"
                        + " system, or by POST " + RecordAddress.of(place.sync().name(), place.entity().name(), record.key(), record.row()) + "/restore.");
            }
        }));
    }

    public Answer delete(@Variable(Call.NAME) Call call) {
        Place place = RecordDoor.place(places, call);
        return done(place, call, edits.delete(place, call.parameter("key"), call.caller().name(), record -> refuse(place, call, record)));
    }

    public Answer restore(@Variable(Call.NAME) Call call) {
        Place place = RecordDoor.place(places, call);
        return done(place, call, edits.restore(place, call.parameter("key"), call.caller().name(), record -> refuse(place, call, record)));
    }

    private Answer done(Place place, Call call, Optional<Long> edited) {
        long row = edited.orElseThrow(RecordDoor::noSuchRecord);
        return shown.shown(place, records.find(place, "row:" + row).or(() -> records.find(place, call.parameter("key"))).orElseThrow(RecordDoor::noSuchRecord));
    }

    private void refuse(Place place, Call call, FoundRecord record) {
        refuseReadOnly(place);
        Preconditions.require(call, RecordDoor.tag(record), shown.document(place, record));
        if (record.document() == null) {
            throw new Refused(HttpStatus.CONFLICT, "record-is-erased", "What the record said was erased, and there is nothing to go on from. Make a new one.");
        }
    }

    private static void refuseReadOnly(Place place) {
        if (place.entity().readOnly()) {
            throw new Refused(HttpStatus.CONFLICT, "read-only", "The system " + place.sync().system() + " is only ever read, and what is edited here could not"
                    + " be kept. Edit the record there and ask for it again; keep notes of your own in a table of your own.");
        }
    }

    private Map<Field, Object> values(Place place, JsonBody body) {
        if (!body.has("fields")) {
            body.mistake("fields", "fields: is missing. Write an object such as " + EXAMPLE + ".");
        }
        JsonNode fields = body.member("fields", node -> node.isObject() ? node : null, "is not an object. Write one such as " + EXAMPLE + ".");
        Map<Field, Object> values = new LinkedHashMap<>();
        if (fields != null) {
            fields.fields().forEachRemaining(each -> value(place, body, each.getKey(), each.getValue(), values));
        }
        return values;
    }

    private void value(Place place, JsonBody body, String name, JsonNode json, Map<Field, Object> values) {
        int at = place.entity().shape().position(name);
        if (at < 0) {
            body.mistakeIn("fields", name, JsonBody.shown(name) + " is no field of " + place.entity().name() + ". Its fields are "
                    + place.entity().shape().fields().stream().map(Field::name).collect(Collectors.joining(", ")) + ".");
            return;
        }
        Field field = place.entity().shape().fields().get(at);
        Written written = Written.read(field, json.toString());
        Optional<Object> byRow = field.references() != null && json.isTextual() ? edits.byRow(place, field, json.textValue()) : Optional.empty();
        if (written.problem() == null && edits.leadsSomewhere(place, field, written.value())) {
            values.put(field, written.value());
        } else if (byRow.isPresent()) {
            values.put(field, byRow.get());
        } else if (written.problem() != null) {
            body.mistakeIn("fields", name, name + ": " + JsonBody.shown(json) + " " + written.problem() + ".");
        } else {
            body.mistakeIn("fields", name, name + ": there is no " + field.references() + " record " + JsonBody.shown(json) + " that it could lead to.");
        }
    }
}
