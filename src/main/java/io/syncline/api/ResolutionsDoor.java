package io.syncline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.syncline.config.SyncConfig;
import io.syncline.conflict.BulkDecided;
import io.syncline.conflict.BulkPreview;
import io.syncline.conflict.BulkResolving;
import io.syncline.conflict.ConflictFilter;
import io.syncline.conflict.ConflictList;
import io.syncline.conflict.Wanted;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The door to deciding about many conflicts at once: a preview with a token, and the token, which decides about exactly what was shown. */
final class ResolutionsDoor {
    private static final String EXAMPLE = "{\"dryRun\": true, \"filter\": {\"entity\": \"materials\"}, \"decision\": \"use_source\"}";
    private static final List<String> FILTERS = List.of("entity", "field", "kind", "key", "q");
    private static final int MOST_IDS = 500;

    private final ConflictDoor doors;
    private final BulkResolving resolving;
    private final Settlement settlement;

    ResolutionsDoor(ConflictDoor doors, BulkResolving resolving, Settlement settlement) {
        this.doors = doors;
        this.resolving = resolving;
        this.settlement = settlement;
    }

    public Answer resolve(@Variable(Call.NAME) Call call) {
        SyncConfig sync = doors.sync(call);
        JsonBody body = JsonBody.read(call.body(), EXAMPLE);
        return body.has("token") ? applied(call, sync, body) : shown(call, sync, body);
    }

    private Answer shown(Call call, SyncConfig sync, JsonBody body) {
        WantedBody wanted = new WantedBody(body, sync.side());
        ConflictFilter filter = filter(call, sync, body);
        Wanted.How how = wanted.how("decision");
        Map<String, String> take = wanted.take(null);
        String reason = wanted.reason();
        wanted.refuseUnlessMerged(how, take);
        if (!body.truth("dryRun")) {
            body.mistake("dryRun", "dryRun: many conflicts are decided about only as they were shown. Write \"dryRun\": true and look; then send the token.");
        }
        body.member("token", node -> node, "");
        body.refuseMistakes();
        BulkPreview preview = resolving.preview(sync, filter, how, take, reason, call.caller().name());
        return Answer.of(200, Map.of(), preview(doors.document(sync), sync, preview));
    }

    private static ConflictFilter filter(Call call, SyncConfig sync, JsonBody body) {
        JsonNode filter = body.member("filter", node -> node.isObject() ? node : null, "is not an object. Write one such as {\"entity\": \"materials\"}.");
        Map<String, String> asked = new LinkedHashMap<>();
        List<Long> ids = new ArrayList<>();
        if (filter != null) {
            filter.fields().forEachRemaining(member -> {
                String name = member.getKey();
                JsonNode value = member.getValue();
                if (name.equals("ids")) {
                    ids(body, value, ids);
                } else if (!FILTERS.contains(name)) {
                    body.mistakeIn("filter", name, JsonBody.shown(name) + " is not known here. Known are " + String.join(", ", FILTERS) + ", ids.");
                } else if (!value.isTextual() || value.textValue().isBlank() || value.textValue().indexOf(0) >= 0) {
                    body.mistakeIn("filter", name, name + ": " + JsonBody.shown(value) + " is no text to look for.");
                } else if (name.equals("kind") && !ConflictList.KINDS.contains(value.textValue())) {
                    body.mistakeIn("filter", name, "kind: " + JsonBody.shown(value) + " is none of them. Write one of "
                            + String.join(", ", ConflictList.KINDS) + ".");
                } else if (name.equals("entity") && sync.entity(value.textValue()) == null) {
                    body.mistakeIn("filter", name, "entity: the sync " + sync.name() + " has no " + JsonBody.shown(value) + ".");
                } else {
                    asked.put(name, value.textValue());
                }
            });
        }
        return new ConflictFilter(call.caller().organisation(), sync.name(), "open", asked.get("entity"), asked.get("field"), asked.get("kind"),
                asked.get("key"), null, asked.get("q"), ids.isEmpty() ? null : ids);
    }

    private static void ids(JsonBody body, JsonNode list, List<Long> ids) {
        if (!list.isArray() || list.isEmpty() || list.size() > MOST_IDS) {
            body.mistakeIn("filter", "ids", "ids: is no list of 1 to " + MOST_IDS + " numbers of conflicts. Write one such as [12, 13].");
            return;
        }
        for (JsonNode id : list) {
            if (!id.canConvertToLong() || !id.isIntegralNumber()) {
                body.mistakeIn("filter", "ids", "ids: " + JsonBody.shown(id) + " is no number of a conflict.");
                return;
            }
            ids.add(id.longValue());
        }
    }

    private static Map<String, Object> preview(ConflictDocument document, SyncConfig sync, BulkPreview preview) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("dryRun", true);
        shown.put("token", preview.token().toString());
        shown.put("expiresAt", preview.expiresAt().toString());
        shown.put("decision", preview.how().decision());
        shown.put("conflicts", preview.conflicts());
        shown.put("leftOut", preview.leftOut().entrySet().stream().map(left -> {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("why", left.getKey());
            each.put("conflicts", left.getValue());
            return each;
        }).toList());
        Map<String, Object> actions = new LinkedHashMap<>();
        actions.put("here", preview.here());
        actions.put("there", preview.there());
        shown.put("actions", actions);
        shown.put("fields", preview.fields());
        shown.put("first", preview.first().stream().map(one -> {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("id", one.conflict().id());
            each.put("href", ConflictDocument.address(sync.name(), one.conflict().id()));
            each.put("entity", one.conflict().entity());
            each.put("key", one.conflict().key());
            each.put("title", one.title() == null ? null : new RawValue(one.title()));
            each.put("outlook", document.outlook(one.outlook()));
            return each;
        }).toList());
        return shown;
    }

    private Answer applied(Call call, SyncConfig sync, JsonBody body) {
        UUID token = body.member("token", ResolutionsDoor::token, "is no token. Write the one that the preview was answered with.");
        body.refuseMistakes(name -> JsonBody.shown(name) + " is not known beside a token, which stands for all that was shown.");
        String organisation = call.caller().organisation();
        long decided = resolving.take(sync, organisation, token, call.caller().name()).orElseThrow(() -> new Refused(HttpStatus.NOT_FOUND, "no-such-preview",
                "There is no such preview. Ask for one with dryRun, and send the token that it is answered with."));
        Long run = decided == 0 ? null : settlement.awaitAll(sync.name(), organisation, call.caller().name(),
                () -> !resolving.isWaiting(sync, organisation, token));
        BulkDecided told = resolving.told(token);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("token", token.toString());
        answer.put("shown", told.shown());
        answer.put("made", told.made());
        answer.put("waiting", told.waiting());
        answer.put("moved", told.moved());
        answer.put("movedFirst", told.first().stream().map(left -> {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("id", left.id());
            each.put("href", ConflictDocument.address(sync.name(), left.id()));
            each.put("entity", left.entity());
            each.put("key", left.key());
            each.put("why", left.why());
            return each;
        }).toList());
        answer.put("run", run);
        answer.put("runHref", run == null ? null : RunDoor.address(run));
        return Answer.of(told.waiting() == 0 ? 200 : 202, Map.of(), answer);
    }

    private static UUID token(JsonNode node) {
        String text = node.asText();
        return node.isTextual() && text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") ? UUID.fromString(text) : null;
    }
}
