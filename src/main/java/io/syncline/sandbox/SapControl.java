package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;

/** The strings of the sandbox SAP, over HTTP. {@code GET /_control} says which there are. */
final class SapControl {
    private static final String HELP = """
            POST   /_control/mutate          {"seed": 7, "count": 25}: random changes; answers exactly what was done
            GET    /_control/records/ID      one case with its items, as it stands
            DELETE /_control/records/ID      removes it; only a delta tells
            GET    /_control/journal         the latest requests
            DELETE /_control/journal         forgets them
            POST   /_control/faults          a script, one fault a line: PATH [call=N..M] -> FAULT, which is one of
                                             reset, half-body, cut-json, html, empty-body, empty-page or a status
            DELETE /_control/faults          no faults
            POST   /_control/forget-deltas   no delta link given out so far is worth anything any more
            POST   /_control/reset           everything as at the start
            """;

    private final SapSandbox sandbox;

    SapControl(SapSandbox sandbox) {
        this.sandbox = sandbox;
    }

    Answer answer(Request request) {
        String what = request.path().replaceFirst("^/_control/?", "");
        try {
            if (what.startsWith("records/")) {
                return record(request, what.substring("records/".length()));
            }
            return switch (request.method() + " " + what) {
                case "GET " -> Answer.text(200, "text/plain", HELP);
                case "POST mutate" -> mutate(JsonText.object(request.text()));
                case "GET journal" -> journal();
                case "DELETE journal" -> done(sandbox::clearJournal);
                case "POST faults" -> done(() -> sandbox.fault(request.text()));
                case "DELETE faults" -> done(sandbox::clearFaults);
                case "POST forget-deltas" -> done(sandbox::forgetDeltas);
                case "POST reset" -> done(sandbox::reset);
                default -> Answer.text(404, "text/plain", "There is no " + request.method() + " " + request.path() + ". There are:\n" + HELP);
            };
        } catch (IllegalArgumentException | DateTimeException e) {
            return Answer.text(400, "text/plain", e.getMessage() + "\n");
        }
    }

    private Answer record(Request request, String id) {
        if (request.method().equals("DELETE")) {
            return Answer.empty(sandbox.remove(id) ? 204 : 404);
        }
        return sandbox.record(id).map(found -> Answer.json(200, found)).orElseGet(() -> Answer.empty(404));
    }

    private Answer mutate(ObjectNode asked) {
        JsonNode seed = asked.path("seed");
        JsonNode count = asked.path("count");
        if (!seed.canConvertToLong() || !count.canConvertToInt() || count.asInt() < 1 || count.asInt() > 10_000) {
            throw new IllegalArgumentException("Write {\"seed\": 7, \"count\": 25}, with a count up to 10000.");
        }
        ObjectNode answer = JsonText.object();
        ArrayNode changes = answer.putArray("changes");
        sandbox.mutate(seed.asLong(), count.asInt())
                .forEach(mutation -> changes.addObject().put("kind", mutation.kind().name()).put("id", mutation.id()));
        return Answer.json(200, answer);
    }

    private Answer journal() {
        ArrayNode calls = JsonText.array();
        for (Call call : sandbox.journal()) {
            calls.addObject().put("number", call.number()).put("at", SandboxClock.text(call.at())).put("method", call.method()).put("path", call.path())
                    .put("query", call.query()).put("status", call.status()).put("fault", call.fault());
        }
        return Answer.json(200, calls);
    }

    private static Answer done(Runnable what) {
        what.run();
        return Answer.empty(204);
    }
}
