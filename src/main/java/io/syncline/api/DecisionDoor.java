package io.syncline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.activity.Activity;
import io.syncline.audit.Bundle;
import io.syncline.audit.Decision;
import io.syncline.audit.DecisionFilter;
import io.syncline.audit.Decisions;
import io.syncline.audit.Evidence;
import io.syncline.audit.EvidencePage;
import io.syncline.audit.NewDecision;
import io.syncline.inspect.Places;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The doors to decisions and their evidence. Promise 29: another organisation's decision is answered like one that does not exist. */
final class DecisionDoor {
    private static final String EXAMPLE = "{\"sync\": \"pricebook\", \"entity\": \"services\", \"key\": \"9404\","
            + " \"what\": \"approval\", \"reason\": \"agreed\"}";
    private static final String DECISIONS = "/api/v1/decisions/";
    private static final int LONGEST_REASON = 5000;
    private static final int LONGEST_WORD = 60;
    private static final int LONGEST_KEY = 1000;
    private static final long MOST = 1L << 53;

    private final Places places;
    private final Decisions decisions;
    private final Evidence evidence;
    private final Activity activity;

    DecisionDoor(Places places, Decisions decisions, Evidence evidence, Activity activity) {
        this.places = places;
        this.decisions = decisions;
        this.evidence = evidence;
        this.activity = activity;
    }

    public Answer make(@Variable(Call.NAME) Call call) {
        JsonBody body = JsonBody.read(call.body(), EXAMPLE);
        String sync = required(body, "sync", LONGEST_WORD, "the sync, as config/syncs names it");
        String entity = required(body, "entity", LONGEST_WORD, "the entity");
        String key = required(body, "key", LONGEST_KEY, "the record's key at its system, or row: and its row_id");
        Long snapshot = body.member("snapshot", node -> node.isIntegralNumber() && node.canConvertToLong() && node.longValue() > 0 && node.longValue() < MOST
                ? node.longValue() : null, "is not a snapshot's number. Write the number of the snapshot that was looked at, or leave it out for the newest.");
        String what = required(body, "what", LONGEST_WORD, "what was decided, in a short word such as approval");
        String reason = required(body, "reason", LONGEST_REASON, "why it was decided");
        String document = body.member("documentSha256", node -> node.isTextual() && node.textValue().matches("[0-9a-fA-F]{64}")
                ? node.textValue().toLowerCase(Locale.ROOT) : null, "is not a SHA-256. Write its 64 hexadecimal digits, as sha256sum prints them.");
        body.refuseMistakes();
        String organisation = call.caller().organisation();
        if (places.entity(organisation, sync, entity).isEmpty()) {
            throw new Refused(HttpStatus.UNPROCESSABLE_ENTITY, "unknown-target", "There is no such sync, or it has no such entity.");
        }
        Decision made = decisions.make(new NewDecision(organisation, call.caller().name(), sync, entity, key, snapshot, what, reason, document));
        return Answer.of(201, Map.of("Location", DECISIONS + made.number()), document(made));
    }

    private static String required(JsonBody body, String name, int longest, String what) {
        String cure = "is not " + what + ". Write 1 to " + longest + " characters, none of them a control character.";
        if (!body.has(name)) {
            body.mistake(name, name + ": is missing. Write " + what + ".");
        }
        return body.member(name, node -> fits(node, longest, name.equals("reason")) ? node.textValue().strip() : null, cure);
    }

    private static boolean fits(JsonNode node, int longest, boolean lines) {
        return node.isTextual() && !node.textValue().isBlank() && node.textValue().length() <= longest && node.textValue().codePoints().allMatch(c ->
                lines && (c == '\n' || c == '\t') || !Character.isISOControl(c) && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    public Answer list(@Variable(Call.NAME) Call call) {
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        DecisionFilter filter = new DecisionFilter(call.caller().organisation(), asked.text("sync"), asked.text("entity"), asked.text("key"),
                asked.text("actor"), asked.instant("from"), asked.instant("to"));
        asked.refuseMistakes();
        List<Decision> found = decisions.list(filter, Cursor.number(call).orElse(null), limit + 1);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", found.stream().limit(limit).map(DecisionDoor::document).toList());
        answer.put("next", found.size() > limit ? Cursor.of(found.get(limit - 1).number()) : null);
        return Answer.of(200, Map.of(), answer);
    }

    public Answer show(@Variable(Call.NAME) Call call) {
        return number(call).flatMap(number -> decisions.find(call.caller().organisation(), number)).map(found -> Answer.of(200, Map.of(), document(found)))
                .orElseThrow(DecisionDoor::noSuchDecision);
    }

    /** Whoever reads evidence is known before the first byte is sent. */
    public Answer evidence(@Variable(Call.NAME) Call call) {
        Parameters asked = new Parameters(call);
        String format = asked.oneOf("format", List.of("html", "json"));
        asked.refuseMistakes();
        String organisation = call.caller().organisation();
        Decision decision = number(call).flatMap(number -> decisions.find(organisation, number)).orElseThrow(DecisionDoor::noSuchDecision);
        Bundle bundle = evidence.of(organisation, decision.number(), call.caller().name()).orElseThrow(DecisionDoor::noSuchDecision);
        boolean page = format == null ? call.header("Accept").filter(accept -> accept.contains("text/html")).isPresent() : format.equals("html");
        activity.note(organisation, call.caller().name(), "evidence-read", decision.sync(), decision.entity(),
                RecordAddress.name(decision.key(), decision.row()), null, "decision " + decision.number() + (page ? ", as a page" : ", as JSON"));
        String name = "inline; filename=\"decision-" + decision.number() + (page ? ".html\"" : ".json\"");
        Map<String, String> headers = page ? Map.of("Content-Disposition", name, "Content-Security-Policy", EvidencePage.policy())
                : Map.of("Content-Disposition", name);
        return new Answer(200, page ? "text/html;charset=UTF-8" : Answer.JSON_TYPE, headers,
                new Answer.Bytes((page ? EvidencePage.of(bundle) : bundle.json()).getBytes(StandardCharsets.UTF_8)));
    }

    private static Optional<Long> number(Call call) {
        return Optional.of(call.parameter("number")).filter(text -> text.matches("[0-9]{1,18}")).map(Long::valueOf);
    }

    private static Refused noSuchDecision() {
        return new Refused(HttpStatus.NOT_FOUND, "no-such-decision", "There is no such decision. GET /api/v1/decisions lists those there are.");
    }

    static String address(long number) {
        return DECISIONS + number;
    }

    private static Map<String, Object> document(Decision decision) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("number", decision.number());
        shown.put("href", DECISIONS + decision.number());
        shown.put("at", decision.at().toString());
        shown.put("actor", decision.actor());
        shown.put("what", decision.what());
        shown.put("reason", decision.reason());
        shown.put("documentSha256", decision.documentSha256());
        shown.put("sync", decision.sync());
        shown.put("entity", decision.entity());
        shown.put("key", decision.key());
        shown.put("row", decision.row());
        shown.put("record", RecordAddress.of(decision.sync(), decision.entity(), decision.key(), decision.row()) + "?snapshot=" + decision.snapshot());
        shown.put("snapshot", decision.snapshot());
        shown.put("broughtBy", decision.broughtBy());
        shown.put("since", decision.since().toString());
        shown.put("hash", decision.hash());
        shown.put("digest", decision.digest());
        shown.put("evidence", DECISIONS + decision.number() + "/evidence");
        return shown;
    }
}
