package io.syncline.api;

import com.fasterxml.jackson.databind.util.RawValue;
import io.syncline.activity.Activity;
import io.syncline.activity.Deed;
import io.syncline.activity.DeedFilter;
import io.syncline.inspect.FieldChange;
import io.syncline.inspect.History;
import io.syncline.inspect.Place;
import io.syncline.inspect.Places;
import io.syncline.inspect.Snapshot;
import io.syncline.inspect.Snapshots;
import io.syncline.inspect.Version;
import org.apache.camel.Variable;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The doors to what was: the versions of a record, the snapshots of a sync, who did what. */
final class PastDoor {
    private static final int MOST_DIGITS = 18;

    private final Places places;
    private final History history;
    private final Snapshots snapshots;
    private final Activity activity;

    PastDoor(Places places, History history, Snapshots snapshots, Activity activity) {
        this.places = places;
        this.history = history;
        this.snapshots = snapshots;
        this.activity = activity;
    }

    public Answer history(@Variable(Call.NAME) Call call) {
        Place place = RecordDoor.place(places, call);
        int limit = limit(call);
        List<Version> found = history.read(place, call.parameter("key"), Cursor.read(call, 1).map(PastDoor::moment).orElse(null), limit + 1)
                .orElseThrow(RecordDoor::noSuchRecord);
        return list(found.stream().limit(limit).map(PastDoor::version).toList(), found.size() > limit ? Cursor.of(found.get(limit - 1).since()) : null);
    }

    public Answer snapshots(@Variable(Call.NAME) Call call) {
        String sync = sync(call);
        int limit = limit(call);
        List<Snapshot> found = snapshots.list(sync, call.caller().organisation(), Cursor.number(call).orElse(Long.MAX_VALUE), limit + 1);
        return list(found.stream().limit(limit).map(each -> snapshot(sync, each)).toList(),
                found.size() > limit ? Cursor.of(found.get(limit - 1).number()) : null);
    }

    public Answer snapshot(@Variable(Call.NAME) Call call) {
        String sync = sync(call);
        return Optional.of(call.parameter("number")).filter(text -> text.matches("[0-9]{1," + MOST_DIGITS + "}"))
                .flatMap(number -> snapshots.find(sync, call.caller().organisation(), Long.parseLong(number)))
                .map(found -> Answer.of(200, Map.of(), snapshot(sync, found))).orElseThrow(() -> RecordDoor.noSuchSnapshot(sync));
    }

    public Answer activity(@Variable(Call.NAME) Call call) {
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        DeedFilter filter = new DeedFilter(call.caller().organisation(), asked.text("actor"), asked.text("action"), asked.text("sync"), asked.instant("from"),
                asked.instant("to"));
        asked.refuseMistakes();
        List<Deed> found = activity.read(filter, Cursor.number(call).orElse(null), limit + 1);
        return list(found.stream().limit(limit).map(PastDoor::deed).toList(), found.size() > limit ? Cursor.of(found.get(limit - 1).id()) : null);
    }

    private String sync(Call call) {
        return places.sync(call.caller().organisation(), call.parameter("sync")).orElseThrow(RecordDoor::noSuchSync).name();
    }

    private static int limit(Call call) {
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        asked.refuseMistakes();
        return limit;
    }

    private static Instant moment(List<String> place) {
        try {
            return Instant.parse(place.get(0));
        } catch (DateTimeException e) {
            throw Cursor.unknown();
        }
    }

    private static Answer list(List<?> items, String next) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", items);
        answer.put("next", next);
        return Answer.of(200, Map.of(), answer);
    }

    static Map<String, Object> version(Version version) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("since", version.since().toString());
        shown.put("until", RecordDoor.text(version.until()));
        shown.put("snapshot", version.snapshot());
        shown.put("what", version.what());
        shown.put("person", version.person());
        Version.Origin run = version.run();
        shown.put("run", run == null ? null : origin(run.run(), run.mode(), run.trigger(), run.requestedBy()));
        shown.put("removed", version.removed());
        shown.put("changed", version.changed().stream().map(PastDoor::change).toList());
        return shown;
    }

    static Map<String, Object> change(FieldChange change) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("field", change.field());
        if (change.from() != null) {
            shown.put("from", new RawValue(change.from()));
        }
        if (change.to() != null) {
            shown.put("to", new RawValue(change.to()));
        }
        return shown;
    }

    private static Map<String, Object> origin(long run, String mode, String trigger, String requestedBy) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("run", run);
        shown.put("href", RunDoor.address(run));
        shown.put("mode", mode);
        shown.put("trigger", trigger);
        shown.put("requestedBy", requestedBy);
        return shown;
    }

    private static Map<String, Object> snapshot(String sync, Snapshot snapshot) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("number", snapshot.number());
        shown.put("href", "/api/v1/syncs/" + RecordAddress.segment(sync) + "/snapshots/" + snapshot.number());
        shown.put("id", snapshot.id());
        shown.put("sealedAt", snapshot.sealedAt().toString());
        shown.put("run", snapshot.run() == null ? null : origin(snapshot.run(), snapshot.mode(), snapshot.trigger(), snapshot.requestedBy()));
        shown.put("changes", snapshot.changes());
        shown.put("digest", snapshot.digest());
        shown.put("previous", snapshot.previous());
        return shown;
    }

    private static Map<String, Object> deed(Deed deed) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", deed.id());
        shown.put("at", deed.at().toString());
        shown.put("actor", deed.actor());
        shown.put("action", deed.action());
        shown.put("sync", deed.sync());
        shown.put("entity", deed.entity());
        shown.put("key", deed.key());
        shown.put("run", deed.run());
        shown.put("runHref", deed.run() == null ? null : RunDoor.address(deed.run()));
        shown.put("detail", deed.detail());
        return shown;
    }
}
