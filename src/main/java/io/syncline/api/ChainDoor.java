package io.syncline.api;

import com.fasterxml.jackson.databind.util.RawValue;
import io.syncline.audit.AnchorLine;
import io.syncline.audit.Anchors;
import io.syncline.audit.ChainChecks;
import io.syncline.inspect.Places;
import io.syncline.inspect.Snapshot;
import io.syncline.inspect.Snapshots;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The doors to what proves the past as a whole: the state of a chain, its verification, anchors. */
final class ChainDoor {
    private final Places places;
    private final Snapshots snapshots;
    private final ChainChecks checks;
    private final Anchors anchors;

    ChainDoor(Places places, Snapshots snapshots, ChainChecks checks, Anchors anchors) {
        this.places = places;
        this.snapshots = snapshots;
        this.checks = checks;
        this.anchors = anchors;
    }

    public Answer show(@Variable(Call.NAME) Call call) {
        String sync = sync(call);
        String organisation = call.caller().organisation();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("sync", sync);
        shown.put("newest", snapshots.list(sync, organisation, Long.MAX_VALUE, 1).stream().findFirst().map(ChainDoor::link).orElse(null));
        shown.put("verification", checks.last(organisation, sync).map(ChainDoor::check).orElse(null));
        shown.put("anchored", anchors.newest(organisation).stream().map(anchor -> anchored(sync, anchor)).flatMap(Optional::stream).toList());
        shown.putAll(anchoring(anchors, organisation));
        return Answer.of(200, Map.of(), shown);
    }

    public Answer verify(@Variable(Call.NAME) Call call) {
        String sync = sync(call);
        JsonBody.read(call.body(), "{}").refuseMistakes(name -> JsonBody.shown(name) + " is not known here. Send no body.");
        ChainChecks.Check check = checks.start(call.caller().organisation(), sync, call.caller().name());
        return Answer.of(201, Map.of("Location", "/api/v1/syncs/" + RecordAddress.segment(sync) + "/chain"), check(check));
    }

    public Answer export(@Variable(Call.NAME) Call call) {
        JsonBody.read(call.body(), "{}").refuseMistakes(name -> JsonBody.shown(name) + " is not known here. Send no body.");
        if (!anchors.isConfigured()) {
            throw new Refused(HttpStatus.CONFLICT, "no-place-for-anchors",
                    "There is no place for anchors. Whoever runs the server sets syncline.anchor.file or syncline.anchor.url in config/application.yaml.");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", anchors.export(call.caller().organisation(), call.caller().name()).stream().map(ChainDoor::anchor).toList());
        return Answer.of(201, Map.of("Location", "/api/v1/anchors"), answer);
    }

    public Answer anchors(@Variable(Call.NAME) Call call) {
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        asked.refuseMistakes();
        String organisation = call.caller().organisation();
        List<Anchors.Exported> found = anchors.list(organisation, Cursor.number(call).orElse(Long.MAX_VALUE), limit + 1);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", found.stream().limit(limit).map(ChainDoor::anchor).toList());
        answer.put("next", found.size() > limit ? Cursor.of(found.get(limit - 1).number()) : null);
        answer.putAll(anchoring(anchors, organisation));
        return Answer.of(200, Map.of(), answer);
    }

    private String sync(Call call) {
        return places.sync(call.caller().organisation(), call.parameter("sync")).orElseThrow(RecordDoor::noSuchSync).name();
    }

    private static Map<String, Object> link(Snapshot snapshot) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("number", snapshot.number());
        shown.put("sealedAt", snapshot.sealedAt().toString());
        shown.put("digest", snapshot.digest());
        return shown;
    }

    private static Map<String, Object> check(ChainChecks.Check check) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("state", check.state());
        shown.put("askedBy", check.askedBy());
        shown.put("askedAt", check.askedAt().toString());
        shown.put("endedAt", RecordDoor.text(check.endedAt()));
        shown.put("newest", check.newest());
        shown.put("problems", check.problems() == null ? List.of() : new RawValue(check.problems().toString()));
        shown.put("anchors", check.anchors() == null ? null : new RawValue(check.anchors().toString()));
        return shown;
    }

    private static Optional<Map<String, Object>> anchored(String sync, Anchors.Exported anchor) {
        return AnchorLine.read(anchor.line()).flatMap(line -> line.chains().stream().filter(link -> sync.equals(link.sync())).findFirst()).map(link -> {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("destination", anchor.destination());
            shown.put("at", anchor.at().toString());
            shown.put("number", link.number());
            shown.put("digest", link.digest());
            return shown;
        });
    }

    /** Whether anchors go anywhere, and what keeps them from getting there. */
    static Map<String, Object> anchoring(Anchors anchors, String organisation) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("anchoring", anchors.isConfigured());
        shown.put("anchorTroubles", anchors.troubles(organisation).stream().map(ChainDoor::trouble).toList());
        return shown;
    }

    private static Map<String, Object> trouble(Anchors.Trouble trouble) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("destination", trouble.destination());
        shown.put("since", trouble.since().toString());
        shown.put("attempts", trouble.attempts());
        shown.put("reason", trouble.reason());
        shown.put("nextAt", trouble.nextAt().toString());
        return shown;
    }

    private static Map<String, Object> anchor(Anchors.Exported anchor) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("number", anchor.number());
        shown.put("destination", anchor.destination());
        shown.put("at", anchor.at().toString());
        shown.put("askedBy", anchor.askedBy());
        shown.put("line", anchor.line());
        return shown;
    }
}
