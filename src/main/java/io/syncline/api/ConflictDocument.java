package io.syncline.api;

import com.fasterxml.jackson.databind.util.RawValue;
import io.syncline.config.SyncConfig;
import io.syncline.conflict.Card;
import io.syncline.conflict.Cards;
import io.syncline.conflict.Conflict;
import io.syncline.conflict.FieldView;
import io.syncline.conflict.MovedSince;
import io.syncline.conflict.Outlook;
import io.syncline.store.DisputedRows;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Conflicts as callers see them. Values are shown as they are kept, every digit of them. */
final class ConflictDocument {
    private final SyncConfig sync;
    private final String system;

    /** @param system what people call the other side */
    ConflictDocument(SyncConfig sync, String system) {
        this.sync = sync;
        this.system = system;
    }

    static String address(String sync, long id) {
        return "/api/v1/syncs/" + RecordAddress.segment(sync) + "/conflicts/" + id;
    }

    Map<String, Object> item(Conflict conflict) {
        return item(conflict, Cards.title(sync, conflict));
    }

    private Map<String, Object> item(Conflict conflict, String title) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", conflict.id());
        shown.put("href", address(sync.name(), conflict.id()));
        shown.put("sync", sync.name());
        shown.put("entity", conflict.entity());
        shown.put("key", conflict.key());
        shown.put("title", title == null ? null : new RawValue(title));
        shown.put("recordHref", RecordAddress.of(sync.name(), conflict.entity(), conflict.key(), conflict.row()));
        shown.put("state", conflict.isOpen() ? "open" : "settled");
        shown.put("kind", conflict.kind());
        shown.put("reason", conflict.reason());
        shown.put("fields", conflict.fields());
        shown.put("side", conflict.side());
        shown.put("system", system);
        shown.put("here", sync.title());
        shown.put("detectedAt", conflict.detectedAt().toString());
        shown.put("refreshedAt", conflict.refreshedAt().toString());
        shown.put("run", conflict.run());
        shown.put("runHref", RunDoor.address(conflict.run()));
        shown.put("settled", settled(conflict.settled()));
        shown.put("waiting", waiting(conflict.waiting()));
        shown.put("reopens", conflict.reopens() == null ? null : address(sync.name(), conflict.reopens()));
        return shown;
    }

    private static Map<String, Object> settled(Conflict.Settled settled) {
        if (settled == null) {
            return null;
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("by", settled.by());
        shown.put("at", settled.at().toString());
        shown.put("how", settled.how());
        shown.put("reason", settled.reason());
        return shown;
    }

    private static Map<String, Object> waiting(Conflict.Waiting waiting) {
        return waiting == null ? null : Map.of("decision", waiting.decision(), "by", waiting.by(), "at", waiting.at().toString(), "how", waiting.how());
    }

    Map<String, Object> card(Card card) {
        Conflict conflict = card.conflict();
        DisputedRows.Row row = card.row();
        Map<String, Object> shown = item(conflict, card.title());
        shown.put("etag", card.seen().tag());
        Map<String, Object> theirs = new LinkedHashMap<>();
        theirs.put("name", system);
        theirs.put("deleted", conflict.theirs() == null);
        theirs.put("changedAt", RecordDoor.text(conflict.theirsModifiedOn()));
        theirs.put("seenAt", conflict.refreshedAt().toString());
        theirs.put("version", conflict.theirsVersion());
        shown.put("theirs", theirs);
        Map<String, Object> ours = new LinkedHashMap<>();
        ours.put("name", sync.title());
        ours.put("deleted", conflict.isOpen() ? row != null && row.deleted() : conflict.kind().equals("deleted-here"));
        ours.put("changedAt", row == null ? null : RecordDoor.text(row.editedAt()));
        ours.put("changedBy", row == null ? null : row.editedBy());
        shown.put("ours", ours);
        Map<String, Object> base = new LinkedHashMap<>();
        base.put("agreedAt", row == null ? null : RecordDoor.text(row.agreedAt()));
        base.put("changedAt", row == null ? null : RecordDoor.text(row.agreedOn()));
        base.put("version", row == null ? null : row.agreedVersion());
        shown.put("base", base);
        shown.put("values", card.fields().stream().map(ConflictDocument::value).toList());
        shown.put("decisions", card.decisions().stream().map(this::outlook).toList());
        shown.put("parents", card.parents().stream().map(each -> RelativesDoor.shown(sync.name(), each)).toList());
        shown.put("children", card.children().stream().map(each -> RelativesDoor.shown(sync.name(), each)).toList());
        shown.put("versions", card.versions().stream().map(PastDoor::version).toList());
        shown.put("history", shown.get("recordHref") + "/history");
        shown.put("decided", card.taken().stream().map(ConflictDocument::taken).toList());
        shown.put("reopenedAs", card.reopenedAs() == null ? null : address(sync.name(), card.reopenedAs()));
        return shown;
    }

    private static Map<String, Object> value(FieldView field) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("field", field.name());
        shown.put("type", field.type());
        shown.put("references", field.references());
        put(shown, "base", field.base());
        put(shown, "theirs", field.theirs());
        put(shown, "ours", field.ours());
        put(shown, "merged", field.merged());
        shown.put("movedThere", field.movedThere());
        shown.put("movedHere", field.movedHere());
        shown.put("disputed", field.disputed());
        return shown;
    }

    private static void put(Map<String, Object> shown, String name, String json) {
        if (json != null) {
            shown.put(name, new RawValue(json));
        }
    }

    Map<String, Object> outlook(Outlook outlook) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("decision", outlook.decision());
        shown.put("possible", outlook.isPossible());
        shown.put("why", outlook.why());
        shown.put("needs", outlook.needs());
        shown.put("here", write(sync.title(), outlook.here()));
        shown.put("there", write(system, outlook.there()));
        return shown;
    }

    private static Map<String, Object> write(String name, Outlook.Write write) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", name);
        shown.put("action", write.action());
        shown.put("fields", fields(write.fields()));
        return shown;
    }

    private static List<Map<String, Object>> fields(List<Outlook.FieldWrite> fields) {
        return fields.stream().map(field -> {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("field", field.field());
            shown.put("to", field.to());
            put(shown, "from", field.from());
            put(shown, "says", field.says());
            return shown;
        }).toList();
    }

    private static Map<String, Object> taken(Card.Taken taken) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("decision", taken.id());
        shown.put("by", taken.by());
        shown.put("at", taken.at().toString());
        shown.put("how", taken.how());
        shown.put("reason", taken.reason());
        shown.put("state", taken.state());
        return shown;
    }

    /** Promise 17: what there is now, and what has happened since. */
    Refused moved(MovedSince moved) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("etag", moved.now().seen().tag());
        members.put("since", moved.steps().stream().map(step -> {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("what", step.what());
            shown.put("side", step.side());
            shown.put("by", step.by());
            shown.put("at", RecordDoor.text(step.at()));
            shown.put("fields", fields(step.fields()));
            return shown;
        }).toList());
        members.put("current", card(moved.now()));
        return new Refused(new Problem(HttpStatus.PRECONDITION_FAILED, "version-moved", "It has changed since you read it, so nothing was decided. The member"
                + " current is how it stands now, since says what happened: decide again, and send the member etag as If-Match.", members));
    }

    static Refused noSuchConflict() {
        return new Refused(HttpStatus.NOT_FOUND, "no-such-conflict", "There is no such conflict. GET /api/v1/syncs/{sync}/conflicts lists those there are.");
    }
}
