package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;

/** Errors in the system's own form. */
final class Problems {
    private Problems() {
    }

    static Answer of(int status, String title) {
        return of(status, title, Map.of());
    }

    /** @param errors per parameter, what is wrong with it */
    static Answer of(int status, String title, Map<String, String> errors) {
        ObjectNode body = JsonText.object()
                .put("type", "https://httpstatuses.io/" + status)
                .put("title", title)
                .put("status", status)
                .put("traceId", "00-sandbox-" + status);
        ObjectNode details = body.putObject("errors");
        errors.forEach((name, why) -> details.putArray(name).add(why));
        body.putObject("data");
        return Answer.json(status, body);
    }
}
