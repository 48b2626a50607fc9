package io.syncline.api;

import com.fasterxml.jackson.databind.util.RawValue;
import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.deliver.PushDecisions;
import io.syncline.deliver.PushList;
import io.syncline.run.UnknownTarget;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The doors to the outbox: what is on its way to the system of a sync, and what waits for a person. */
final class PushDoor {
    private static final String REASON = "is not a reason. Write why it is not to be sent, in 1 to " + AttentionDoor.LONGEST_REASON + " characters.";

    private static final List<String> STATES = Stream.concat(Stream.of(PushList.OPEN), PushList.STATES.stream()).toList();

    private final PushList list;
    private final PushDecisions decisions;
    private final Configuration configuration;

    PushDoor(PushList list, PushDecisions decisions, Configuration configuration) {
        this.list = list;
        this.decisions = decisions;
        this.configuration = configuration;
    }

    static String address(String sync, long number) {
        return "/api/v1/syncs/" + sync + "/pushes/" + number;
    }

    public Answer list(@Variable(Call.NAME) Call call) {
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        String state = asked.oneOf("state", STATES);
        String entity = asked.text("entity");
        String record = asked.text("record");
        asked.refuseMistakes();
        PushList.Part part = list.read(new PushList.Filter(call.caller().organisation(), sync(call), state, entity, record), Cursor.number(call).orElse(null),
                limit + 1);
        List<PushList.Push> found = part.items();
        List<PushList.Push> shown = found.subList(0, Math.min(limit, found.size()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("counts", part.counts());
        answer.put("items", shown.stream().map(PushDoor::item).toList());
        answer.put("next", found.size() > limit ? Cursor.of(shown.get(limit - 1).number()) : null);
        return Answer.of(200, Map.of(), answer);
    }

    public Answer show(@Variable(Call.NAME) Call call) {
        String sync = sync(call);
        return number(call).flatMap(number -> list.find(call.caller().organisation(), sync, number)).map(push -> Answer.of(200, Map.of(), item(push)))
                .orElseThrow(PushDoor::noSuchPush);
    }

    public Answer retry(@Variable(Call.NAME) Call call) {
        JsonBody.read(call.body(), "{}").refuseMistakes();
        return answer(named(call).flatMap(decisions::retry));
    }

    public Answer discard(@Variable(Call.NAME) Call call) {
        JsonBody body = JsonBody.read(call.body(), "{\"reason\": \"a price that was never agreed\", \"revert\": true}");
        if (!body.has("reason")) {
            body.mistake("reason", "reason: is missing, or null, which " + REASON);
        }
        String reason = body.member("reason", node -> node.isTextual() && AttentionDoor.isReason(node.textValue()) ? node.textValue().strip() : null, REASON);
        boolean revert = body.truth("revert");
        body.refuseMistakes();
        return answer(named(call).flatMap(named -> decisions.discard(named, reason, revert)));
    }

    public Answer settle(@Variable(Call.NAME) Call call) {
        JsonBody body = JsonBody.read(call.body(), "{\"arrived\": true}");
        if (!body.has("arrived")) {
            body.mistake("arrived", "arrived: is missing, or null. Write true if the system has it, false if it does not.");
        }
        boolean arrived = body.truth("arrived");
        String key = body.text("key", "is not the key of a record. Write it in quotes, as the system has it.");
        body.refuseMistakes();
        return answer(named(call).flatMap(named -> decisions.settle(named, arrived, key)));
    }

    /** Promise 29: another organisation's entry is answered like one that does not exist. */
    private static Answer answer(Optional<PushList.Push> push) {
        return push.map(each -> Answer.of(200, Map.of(), item(each))).orElseThrow(PushDoor::noSuchPush);
    }

    private Optional<PushDecisions.Named> named(Call call) {
        String sync = sync(call);
        return number(call).map(number -> new PushDecisions.Named(call.caller().organisation(), sync, number, call.caller().name()));
    }

    private static Optional<Long> number(Call call) {
        String text = call.parameter("number");
        if (!text.matches("[0-9]+")) {
            throw Refused.badRequest("An entry of the outbox is found by its number, in digits, as in " + address("pricebook", 42) + ".", Map.of());
        }
        return text.length() > 18 ? Optional.empty() : Optional.of(Long.parseLong(text));
    }

    private String sync(Call call) {
        SyncConfig sync = configuration.syncs().get(call.parameter("sync"));
        if (sync == null || !sync.organisations().contains(call.caller().organisation())) {
            throw new UnknownTarget("There is no such sync. GET /api/v1/syncs lists those there are.");
        }
        return sync.name();
    }

    private static Map<String, Object> item(PushList.Push push) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("number", push.number());
        shown.put("href", address(push.sync(), push.number()));
        shown.put("idempotencyKey", push.id());
        shown.put("sync", push.sync());
        shown.put("entity", push.entity());
        shown.put("key", push.key());
        shown.put("formerKey", push.formerKey());
        shown.put("recordHref", RecordAddress.of(push.sync(), push.entity(), push.key(), push.row()));
        shown.put("action", push.action());
        shown.put("state", push.state());
        shown.put("reason", push.reason());
        shown.put("status", push.status());
        shown.put("waitsForPerson", push.waitsForPerson());
        shown.put("document", json(push.document()));
        shown.put("agreed", json(push.agreed()));
        shown.put("answered", json(push.answered()));
        shown.put("editedBy", push.editedBy());
        shown.put("editedAt", text(push.editedAt()));
        shown.put("createdAt", text(push.createdAt()));
        shown.put("attempts", push.attempts());
        shown.put("nextAttemptAt", text(push.nextAttemptAt()));
        shown.put("firstSentAt", text(push.firstSentAt()));
        shown.put("lastSentAt", text(push.lastSentAt()));
        shown.put("answeredAt", text(push.answeredAt()));
        shown.put("endedAt", text(push.endedAt()));
        shown.put("endedBy", push.endedBy());
        shown.put("runHref", RunDoor.address(push.run()));
        shown.put("settledByRunHref", push.settledByRun() == null ? null : RunDoor.address(push.settledByRun()));
        return shown;
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }

    private static RawValue json(String document) {
        return document == null || document.isEmpty() ? null : new RawValue(document);
    }

    private static Refused noSuchPush() {
        return new Refused(HttpStatus.NOT_FOUND, "no-such-push", "There is no such entry in the outbox. GET …/pushes lists those there are.");
    }
}
