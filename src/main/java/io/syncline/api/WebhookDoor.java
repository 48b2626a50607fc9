package io.syncline.api;

import io.syncline.webhook.NotSigned;
import io.syncline.webhook.WebhookList;
import io.syncline.webhook.Webhooks;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static io.syncline.api.ScheduleDoor.text;

/** The doors to what systems tell by themselves. Promise 29: another organisation's message is answered like one that does not exist. */
final class WebhookDoor {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookDoor.class);
    private static final int LARGEST = 1 << 20;

    private final Webhooks webhooks;
    private final WebhookList list;

    WebhookDoor(Webhooks webhooks, WebhookList list) {
        this.webhooks = webhooks;
        this.list = list;
    }

    /** Promise 25: answered only once the message is kept; who is not known is not told why. */
    public Answer take(@Variable(Call.NAME) Call call) {
        if (call.body().length > LARGEST) {
            throw new Refused(HttpStatus.PAYLOAD_TOO_LARGE, "body-too-large", "A message is at most " + LARGEST + " bytes long.");
        }
        try {
            Webhooks.Taken taken = webhooks.take(call.parameter("system"), call.headers(), call.body()).orElseThrow(() ->
                    new Refused(HttpStatus.NOT_FOUND, "unknown-system", "No system of this name sends messages here."));
            return Answer.of(202, Map.of(), Map.of("new", taken.isNew()));
        } catch (NotSigned e) {
            LOG.warn("Refused: {}, request {}", e.getMessage(), call.requestId());
            throw new Refused(HttpStatus.UNAUTHORIZED, "unauthenticated", "The message is not signed as it should be.");
        }
    }

    public Answer list(@Variable(Call.NAME) Call call) {
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        WebhookList.Filter filter = new WebhookList.Filter(call.caller().organisation(), asked.text("system"), asked.oneOf("state", WebhookList.STATES),
                asked.text("entity"), asked.text("key"));
        asked.refuseMistakes();
        List<WebhookList.Entry> found = list.read(filter, Cursor.number(call).orElse(null), limit + 1);
        List<WebhookList.Entry> shown = found.subList(0, Math.min(limit, found.size()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", shown.stream().map(WebhookDoor::item).toList());
        answer.put("next", found.size() > limit ? Cursor.of(shown.get(limit - 1).id()) : null);
        answer.put("systems", webhooks.tellers(call.caller().organisation()).stream().map(WebhookDoor::teller).toList());
        return Answer.of(200, Map.of(), answer);
    }

    public Answer replay(@Variable(Call.NAME) Call call) {
        JsonBody.read(call.body(), "{}").refuseMistakes(name -> JsonBody.shown(name) + " is not known here. Send no body.");
        return RunNumber.of(call.parameter("id")).flatMap(id -> list.replay(call.caller().organisation(), id, call.caller().name()))
                .map(entry -> Answer.of(202, Map.of(), item(entry)))
                .orElseThrow(() -> new Refused(HttpStatus.NOT_FOUND, "no-such-webhook", "There is no such webhook. GET /api/v1/webhooks lists them."));
    }

    private static Map<String, Object> teller(Webhooks.Teller teller) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("system", teller.system());
        shown.put("title", teller.title());
        shown.put("address", "/webhook/" + RecordAddress.segment(teller.system()));
        shown.put("takes", teller.takes());
        return shown;
    }

    private static Map<String, Object> item(WebhookList.Entry entry) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("id", entry.id());
        item.put("system", entry.system());
        item.put("delivery", entry.delivery());
        item.put("receivedAt", text(entry.receivedAt()));
        item.put("sync", entry.sync());
        item.put("entity", entry.entity());
        item.put("key", entry.key());
        item.put("state", entry.state());
        item.put("reason", entry.reason());
        item.put("attempts", entry.attempts());
        item.put("nextAttemptAt", text(entry.nextAttemptAt()));
        item.put("run", entry.run());
        item.put("runHref", entry.run() == null ? null : RunDoor.address(entry.run()));
        item.put("endedAt", text(entry.endedAt()));
        return item;
    }
}
