package io.syncline.api;

import io.syncline.access.Caller;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.store.HeldDeletes;
import io.syncline.store.HeldDeletes.Held;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.Map;

/** The doors to deletes that are held: a list of them, and their approval. Each method is one step of a route in {@code routes/api.yaml}. */
final class HeldDoor {
    private static final int MOST = 1000;
    private static final int USUAL = 100;

    private final HeldDeletes held;

    HeldDoor(HeldDeletes held) {
        this.held = held;
    }

    /** Promise 29: what another organisation's run holds is answered like that of a run that does not exist. */
    public Answer list(@Variable(Call.NAME) Call call) {
        Held set = held.list(call.caller().organisation(), run(call), call.parameter("entity"), call.parameter("after"), limit(call))
                .orElseThrow(HeldDoor::nothingHeld);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("run", run(call));
        answer.put("sync", set.sync());
        answer.put("entity", call.parameter("entity"));
        answer.put("reason", set.reason());
        answer.put("count", set.count());
        answer.put("keys", set.keys());
        answer.put("next", set.next());
        answer.put("replacedBy", set.newer());
        return Answer.of(200, Map.of(), answer);
    }

    /** Promise 7: an approval reads again, and is a ceiling. */
    public RunRequest approve(@Variable(Call.NAME) Call call) {
        RunBody.read(call.body(), RunBody.APPROVAL);
        Caller caller = call.caller();
        String sync = held.sync(caller.organisation(), run(call), call.parameter("entity")).orElseThrow(HeldDoor::nothingHeld);
        return new RunRequest(sync, caller.organisation(), Mode.FULL, false, null, call.parameter("entity"), null, false, run(call), "approval", caller.name());
    }

    private static long run(Call call) {
        return RunNumber.of(call.parameter("id")).orElseThrow(HeldDoor::nothingHeld);
    }

    private static int limit(Call call) {
        String limit = call.parameter("limit");
        if (limit == null) {
            return USUAL;
        }
        if (!limit.matches("[1-9][0-9]{0,3}") || Integer.parseInt(limit) > MOST) {
            throw Refused.badRequest("limit: " + (limit.length() > 20 ? "what is written" : "\"" + limit + "\"") + " is not a number of keys. Write 1 to "
                    + MOST + ".", Map.of());
        }
        return Integer.parseInt(limit);
    }

    private static Refused nothingHeld() {
        return new Refused(HttpStatus.NOT_FOUND, "nothing-held",
                "There is no such run, or it held no deletes of this entity. A run's report says which of its deletes wait for approval.");
    }
}
