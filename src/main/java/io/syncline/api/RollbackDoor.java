package io.syncline.api;

import io.syncline.preview.Rollbacks;
import io.syncline.run.RunRequest;
import org.apache.camel.Variable;

/** The door to rollbacks: a run that plans to take another one back. Promise 29: another organisation's run is answered like one that does not exist. */
final class RollbackDoor {
    private static final String EXAMPLE = "{\"reason\": \"SAP had delivered last week's file again\"}";
    private static final String REASON = "is not a reason. Write why the run is to be taken back, in 1 to " + AttentionDoor.LONGEST_REASON + " characters.";

    private final Rollbacks rollbacks;

    RollbackDoor(Rollbacks rollbacks) {
        this.rollbacks = rollbacks;
    }

    /** Promise 19: what this asks for makes a plan, and only applying that plan goes forward. */
    public RunRequest request(@Variable(Call.NAME) Call call) {
        JsonBody body = JsonBody.read(call.body(), EXAMPLE);
        if (!body.has("reason")) {
            body.mistake("reason", "reason: is missing, or null, which " + REASON);
        }
        String reason = body.member("reason", node -> node.isTextual() && AttentionDoor.isReason(node.textValue()) ? node.textValue().strip() : null, REASON);
        body.refuseMistakes();
        return RunNumber.of(call.parameter("id"))
                .flatMap(run -> rollbacks.request(call.caller().organisation(), run, reason, "api", call.caller().name())).orElseThrow(RunDoor::noSuchRun);
    }
}
