package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;

/** The strings that only the sandbox SAP has. */
final class SapControl extends Control {
    private static final String HELP = """
            POST   /_control/mutate                  {"seed": 7, "count": 25}: random changes; answers exactly what was done
            GET    /_control/records/ID              one case with its items, as it stands
            DELETE /_control/records/ID              removes it; only a delta tells
            POST   /_control/forget-deltas           no delta link given out so far is worth anything any more
            """;

    private final SapSandbox sandbox;

    SapControl(SapSandbox sandbox) {
        super(sandbox);
        this.sandbox = sandbox;
    }

    @Override
    String help() {
        return HELP;
    }

    @Override
    String faultWords() {
        return "reset, half-body, cut-json, html, empty-body, empty-page, mutate or a status; of the others it gives the right answer";
    }

    @Override
    Optional<Answer> own(Request request, String what) {
        if (what.startsWith("records/")) {
            return Optional.of(record(request, what.substring("records/".length())));
        }
        return switch (request.method() + " " + what) {
            case "POST mutate" -> Optional.of(mutate(Asked.in(request, 10_000)));
            case "POST forget-deltas" -> Optional.of(done(sandbox::forgetDeltas));
            default -> Optional.empty();
        };
    }

    private Answer record(Request request, String id) {
        if (request.method().equals("DELETE")) {
            return Answer.empty(sandbox.remove(id) ? 204 : 404);
        }
        return sandbox.record(id).map(found -> Answer.json(200, found)).orElseGet(() -> Answer.empty(404));
    }

    private Answer mutate(Asked asked) {
        ObjectNode answer = JsonText.object();
        ArrayNode changes = answer.putArray("changes");
        sandbox.mutate(asked.seed(), asked.count())
                .forEach(mutation -> changes.addObject().put("kind", mutation.kind().name()).put("id", mutation.id()));
        return Answer.json(200, answer);
    }
}
