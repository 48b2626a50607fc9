package io.syncline.api;

import com.fasterxml.jackson.databind.util.RawValue;
import io.syncline.attention.Attention;
import io.syncline.attention.AttentionDetail;
import io.syncline.attention.AttentionFilter;
import io.syncline.attention.AttentionItem;
import io.syncline.attention.AttentionList;
import io.syncline.run.RunRequest;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The doors to what waits for a person. Promise 29: another organisation's item is answered like one that does not exist. */
final class AttentionDoor {
    static final int LONGEST_REASON = 500;
    private static final String REASON = "is not a reason. Write why it need not be looked at any more, in 1 to " + LONGEST_REASON + " characters.";

    private final AttentionList list;
    private final Attention attention;

    AttentionDoor(AttentionList list, Attention attention) {
        this.list = list;
        this.attention = attention;
    }

    private static String address(String id) {
        return "/api/v1/attention/" + id;
    }

    public Answer list(@Variable(Call.NAME) Call call) {
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        AttentionFilter filter = new AttentionFilter(call.caller().organisation(), asked.text("sync"), asked.text("entity"),
                asked.oneOf("kind", AttentionList.KINDS), asked.text("q"), Boolean.TRUE.equals(asked.truth("personOnly")));
        asked.refuseMistakes();
        AttentionList.Part part = list.read(filter, Cursor.read(call, 2).map(AttentionDoor::place).orElse(null), limit + 1);
        List<AttentionItem> found = part.items();
        List<AttentionItem> shown = found.subList(0, Math.min(limit, found.size()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("counts", part.counts());
        answer.put("items", shown.stream().map(AttentionDoor::item).toList());
        answer.put("next", found.size() > limit ? Cursor.of(shown.get(limit - 1).since(), shown.get(limit - 1).id()) : null);
        return Answer.of(200, Map.of(), answer);
    }

    private static AttentionList.Place place(List<String> parts) {
        try {
            return new AttentionList.Place(Instant.parse(parts.get(0)), parts.get(1));
        } catch (DateTimeException e) {
            throw Cursor.unknown();
        }
    }

    public Answer show(@Variable(Call.NAME) Call call) {
        AttentionDetail detail = attention.show(call.caller().organisation(), call.parameter("id")).orElseThrow(AttentionDoor::noSuchItem);
        Map<String, Object> answer = item(detail.item());
        answer.put("whatToDo", detail.advice());
        answer.put("actions", detail.actions().stream().map(action -> action(detail.item(), action)).toList());
        if (detail.item().kind().equals("held")) {
            answer.put("keys", detail.keys());
            answer.put("allKeys", held(detail.item()));
        } else if (detail.item().kind().equals("conflict")) {
            answer.put("conflictHref", ConflictDocument.address(detail.item().sync(), Long.parseLong(detail.item().id().substring(1))));
            answer.put("base", json(detail.base()));
            answer.put("theirs", json(detail.theirs()));
            answer.put("ours", json(detail.ours()));
        } else {
            answer.put("record", json(detail.record()));
            answer.put("asRead", detail.raw());
        }
        return Answer.of(200, Map.of(), answer);
    }

    public RunRequest retry(@Variable(Call.NAME) Call call) {
        JsonBody.read(call.body(), "{}").refuseMistakes();
        return attention.retry(call.caller().organisation(), call.parameter("id"), call.caller().name()).orElseThrow(AttentionDoor::noSuchItem);
    }

    public Answer discard(@Variable(Call.NAME) Call call) {
        JsonBody body = JsonBody.read(call.body(), "{\"reason\": \"a test record\"}");
        if (!body.has("reason")) {
            body.mistake("reason", "reason: is missing, or null, which " + REASON);
        }
        String reason = body.member("reason", node -> node.isTextual() && isReason(node.textValue()) ? node.textValue().strip() : null, REASON);
        body.refuseMistakes();
        return attention.discard(call.caller().organisation(), call.parameter("id"), call.caller().name(), reason)
                .map(item -> Answer.of(200, Map.of(), item(item))).orElseThrow(AttentionDoor::noSuchItem);
    }

    static boolean isReason(String text) {
        return !text.isBlank() && text.strip().length() <= LONGEST_REASON && text.indexOf(0) < 0;
    }

    private static Map<String, Object> item(AttentionItem item) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", item.id());
        shown.put("href", address(item.id()));
        shown.put("kind", item.kind());
        shown.put("state", item.closed() == null ? "open" : "closed");
        shown.put("sync", item.sync());
        shown.put("entity", item.entity());
        shown.put("key", item.key());
        shown.put("recordHref", item.row() == null ? null : RecordAddress.of(item.sync(), item.entity(), item.key(), item.row()));
        shown.put("reason", item.reason());
        shown.put("fields", item.fields());
        shown.put("records", item.records());
        shown.put("since", item.since().toString());
        shown.put("lastSeenAt", item.lastSeenAt().toString());
        shown.put("attempts", item.attempts());
        shown.put("nextAttemptAt", item.nextAttemptAt() == null ? null : item.nextAttemptAt().toString());
        shown.put("waitsForPerson", item.waitsForPerson());
        shown.put("run", item.run());
        shown.put("runHref", RunDoor.address(item.run()));
        shown.put("closed", item.closed() == null ? null : closed(item.closed()));
        return shown;
    }

    private static Map<String, Object> closed(AttentionItem.Closed closed) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("at", closed.at().toString());
        shown.put("how", closed.how());
        shown.put("by", closed.by());
        shown.put("reason", closed.reason());
        return shown;
    }

    private static Map<String, Object> action(AttentionItem item, AttentionDetail.Action action) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("action", action.name().toLowerCase(Locale.ROOT));
        shown.put("method", "POST");
        String address = item.isPush() ? PushDoor.address(item.sync(), Long.parseLong(item.id().substring(1))) : address(item.id());
        shown.put("href", switch (action) {
            case SETTLE -> address + "/settle";
            case APPROVE -> held(item) + "/approve";
            case RETRY -> address + "/retry";
            case DISCARD -> address + "/discard";
        });
        shown.put("role", action == AttentionDetail.Action.RETRY ? "operator" : "reviewer");
        return shown;
    }

    private static String held(AttentionItem item) {
        return RunDoor.address(item.run()) + "/held/" + item.entity();
    }

    /** Documents are shown as they are kept, every digit of them. */
    private static RawValue json(String document) {
        return document == null || document.isEmpty() ? null : new RawValue(document);
    }

    private static Refused noSuchItem() {
        return new Refused(HttpStatus.NOT_FOUND, "no-such-item", "There is no such item. GET /api/v1/attention lists what waits, with its ids.");
    }
}
