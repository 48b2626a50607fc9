package io.syncline.api;

import io.syncline.conflict.Relative;
import io.syncline.conflict.Relatives;
import io.syncline.inspect.FoundRecord;
import io.syncline.inspect.Place;
import io.syncline.inspect.Places;
import io.syncline.inspect.Records;
import io.syncline.store.BriefReads;
import org.apache.camel.Variable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The door to what a record leads to and what leads to it, so that whoever deletes it knows what it leaves behind. */
final class RelativesDoor {
    private final Places places;
    private final Records records;
    private final Relatives relatives;
    private final BriefReads reads;

    RelativesDoor(Places places, Records records, Relatives relatives, BriefReads reads) {
        this.places = places;
        this.records = records;
        this.relatives = relatives;
        this.reads = reads;
    }

    public Answer show(@Variable(Call.NAME) Call call) {
        Place place = RecordDoor.place(places, call);
        FoundRecord record = records.find(place, call.parameter("key")).orElseThrow(RecordDoor::noSuchRecord);
        return reads.read(() -> {
            Map<String, Object> shown = RecordDoor.begun(place, record.key(), record.row());
            shown.put("parents", shown(place, relatives.parents(place.sync(), place.entity(), place.organisation(), record.row())));
            shown.put("children", shown(place, relatives.children(place.sync(), place.entity(), place.organisation(), record.row())));
            return Answer.of(200, Map.of(), shown);
        });
    }

    private static List<Map<String, Object>> shown(Place place, List<Relative> relatives) {
        return relatives.stream().map(each -> shown(place.sync().name(), each)).toList();
    }

    static Map<String, Object> shown(String sync, Relative relative) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("entity", relative.entity());
        shown.put("field", relative.field());
        shown.put("count", relative.count());
        shown.put("first", relative.first().stream().map(one -> {
            Map<String, Object> record = new LinkedHashMap<>();
            record.put("key", one.key());
            record.put("title", one.title());
            record.put("href", RecordAddress.of(sync, relative.entity(), one.key(), one.row()));
            record.put("inConflict", one.inConflict());
            return record;
        }).toList());
        return shown;
    }
}
