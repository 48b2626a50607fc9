package io.syncline.api;

import io.syncline.config.SyncConfig;
import io.syncline.conflict.Card;
import io.syncline.conflict.Cards;
import io.syncline.conflict.Conflict;
import io.syncline.conflict.ConflictList;
import io.syncline.conflict.MovedSince;
import io.syncline.conflict.Outlook;
import io.syncline.conflict.Resolving;
import io.syncline.conflict.Seen;
import io.syncline.conflict.UndecidedFields;
import io.syncline.conflict.UndisputedFields;
import io.syncline.conflict.Wanted;
import io.syncline.inspect.Edits;
import io.syncline.inspect.Place;
import io.syncline.inspect.Places;
import io.syncline.record.Field;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The doors to deciding about one conflict. What is decided waits a little for the publish that makes it true. */
final class ResolutionDoor {
    private final ConflictDoor doors;
    private final Places places;
    private final ConflictList conflicts;
    private final Cards cards;
    private final Resolving resolving;
    private final Edits edits;
    private final Settlement settlement;

    ResolutionDoor(ConflictDoor doors, Places places, ConflictList conflicts, Cards cards, Resolving resolving, Edits edits, Settlement settlement) {
        this.doors = doors;
        this.places = places;
        this.conflicts = conflicts;
        this.cards = cards;
        this.resolving = resolving;
        this.edits = edits;
        this.settlement = settlement;
    }

    private record Asked(SyncConfig sync, String organisation, long id, Wanted wanted, Seen seen, String actor) {
    }

    public Answer resolve(@Variable(Call.NAME) Call call) {
        SyncConfig sync = doors.sync(call);
        Place place = place(call, sync);
        JsonBody body = JsonBody.read(call.body(), WantedBody.EXAMPLE);
        WantedBody wanted = new WantedBody(body, sync.side());
        Wanted.How how = wanted.how("decision");
        Map<Field, Object> values = wanted.values("fields", place, edits);
        Map<String, String> take = wanted.take(place);
        String reason = wanted.reason();
        boolean dry = body.truth("dryRun");
        wanted.refuseUnlessMerged(how, values, take);
        body.refuseMistakes();
        Asked asked = new Asked(sync, place.organisation(), id(call), new Wanted(how, values, take, reason), seen(call, sync, id(call), true),
                call.caller().name());
        return dry ? preview(asked) : decided(asked);
    }

    private Answer preview(Asked asked) {
        Outlook outlook = refusing(asked, () -> resolving.outlook(asked.sync(), asked.organisation(), asked.id(), asked.wanted(), asked.seen())
                .orElseThrow(ConflictDocument::noSuchConflict));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("dryRun", true);
        answer.put("decision", null);
        answer.put("state", "preview");
        answer.put("outlook", doors.document(asked.sync()).outlook(outlook));
        return Answer.of(200, Map.of(), answer);
    }

    private Answer decided(Asked asked) {
        long decision = take(asked);
        Settlement.End end = end(asked, decision);
        Card card = card(asked);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("dryRun", false);
        answer.put("decision", decision);
        answer.put("state", end.made() ? "made" : "waiting");
        answer.put("run", end.run());
        answer.put("runHref", end.run() == null ? null : RunDoor.address(end.run()));
        answer.put("conflict", doors.document(asked.sync()).card(card));
        return Answer.of(end.made() ? 200 : 202, Map.of("ETag", card.seen().tag()), answer);
    }

    private long take(Asked asked) {
        return refusing(asked, () -> resolving.take(asked.sync(), asked.organisation(), asked.id(), asked.wanted(), asked.seen(), asked.actor())
                .orElseThrow(ConflictDocument::noSuchConflict));
    }

    /** Promise 17: what the publish found to be too late is refused like what came too late. */
    private Settlement.End end(Asked asked, long decision) {
        Settlement.End end = settlement.await(asked.sync().name(), asked.organisation(), asked.actor(), decision);
        if (end.tooLate()) {
            throw doors.document(asked.sync()).moved(resolving.tooLate(asked.sync(), asked.organisation(), asked.id(), asked.seen()));
        }
        return end;
    }

    private Card card(Asked asked) {
        return cards.find(asked.sync(), asked.organisation(), asked.id()).orElseThrow(ConflictDocument::noSuchConflict);
    }

    private interface Work<T> {
        T done();
    }

    private <T> T refusing(Asked asked, Work<T> work) {
        try {
            return work.done();
        } catch (MovedSince moved) {
            throw doors.document(asked.sync()).moved(moved);
        } catch (UndecidedFields undecided) {
            throw Refused.badRequest(undecided.getMessage(), Map.of("errors", undecided.fields().stream()
                    .map(field -> Members.of("pointer", "/fields/" + field, "detail", field + ": both sides changed it. Say what it is to say.")).toList()));
        } catch (UndisputedFields undisputed) {
            throw Refused.badRequest(undisputed.getMessage(), Map.of("errors", undisputed.fields().stream().map(field -> Members.of("pointer", "/take/" + field,
                    "detail", field + ": not both sides changed it. Write into fields what it is to say, or leave it out.")).toList()));
        }
    }

    /** As the first address of the product has it: what stands now is decided about, unless the caller says what it has seen. */
    public Answer resolveSeed(@Variable(Call.NAME) Call call) {
        SyncConfig sync = doors.sync(call);
        Place place = place(call, sync);
        JsonBody body = JsonBody.read(call.body(), "{\"resolution\": \"use_" + sync.side() + "\"}");
        WantedBody wanted = new WantedBody(body, sync.side());
        Wanted.How how = wanted.how("resolution");
        Map<Field, Object> values = wanted.values("mergedData", place, edits);
        if (how != null && how != Wanted.How.MERGED && !values.isEmpty()) {
            body.mistake("mergedData", "mergedData: only a merge has any. Write \"resolution\": \"merged\", or leave it out.");
        }
        body.refuseMistakes();
        Asked asked = new Asked(sync, place.organisation(), id(call), new Wanted(how, values, Map.of(), null), seen(call, sync, id(call), false),
                call.caller().name());
        Settlement.End end = end(asked, take(asked));
        Card card = card(asked);
        Conflict conflict = card.conflict();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("success", true);
        answer.put("conflictId", conflict.id());
        answer.put("resolution", how == Wanted.How.THEIRS ? "use_" + sync.side() : how.decision());
        answer.put("resolvedBy", asked.actor());
        answer.put("resolvedAt", conflict.isOpen() ? null : conflict.settled().at().toString());
        answer.put("syncStatus", conflict.isOpen() ? "conflict" : card.row() != null && card.row().edited() ? "pending_push" : "synced");
        answer.put("href", ConflictDocument.address(sync.name(), conflict.id()));
        return Answer.of(end.made() ? 200 : 202, Map.of(), answer);
    }

    private Place place(Call call, SyncConfig sync) {
        String organisation = call.caller().organisation();
        return ConflictDoor.id(call).flatMap(id -> conflicts.find(organisation, sync.name(), id))
                .flatMap(conflict -> places.entity(organisation, sync.name(), conflict.entity())).orElseThrow(ConflictDocument::noSuchConflict);
    }

    private static long id(Call call) {
        return ConflictDoor.id(call).orElseThrow();
    }

    /** Null where none is said and none is demanded. */
    private Seen seen(Call call, SyncConfig sync, long id, boolean demanded) {
        String sent = call.header("If-Match").filter(tag -> !tag.strip().equals("*")).orElse(null);
        if (sent == null && !demanded) {
            return null;
        }
        if (sent == null) {
            throw new Refused(HttpStatus.PRECONDITION_REQUIRED, "version-required",
                    "A decision is about what you have seen of both sides. Read the conflict first, and send the answer's ETag as If-Match.");
        }
        return Seen.read(sent).orElseGet(() -> Seen.unknown(id));
    }
}
