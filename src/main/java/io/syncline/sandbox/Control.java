package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A sandbox's strings, over HTTP: those that every sandbox has are here. {@code GET /_control} says which there are. */
abstract class Control {
    private static final String EVERYWHERE = """
            GET    /_control/clock                   the sandbox's time
            PUT    /_control/clock                   {"now": "2026-01-01T00:00:00Z"} stops it there, {"advance": "PT1H"} moves it, {"release": true} lets it run
            GET    /_control/journal                 the latest requests
            DELETE /_control/journal                 forgets them
            GET    /_control/faults                  the faults in force
            POST   /_control/faults                  a script, one fault a line: PATH [method=M] [page=N] [call=N..M] [every=N] -> FAULT
            DELETE /_control/faults                  no faults
            POST   /_control/reset                   everything as at the start
            """;

    private final Sandbox sandbox;

    Control(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** The lines of help that only this sandbox has. */
    abstract String help();

    /** The faults that it knows, for people. */
    abstract String faultWords();

    /**
     * @param what the path behind {@code /_control/}
     * @return nothing where it is none of this sandbox's own strings
     */
    abstract Optional<Answer> own(Request request, String what);

    final Answer answer(Request request) {
        String what = request.path().replaceFirst("^/_control/?", "");
        try {
            Optional<Answer> own = own(request, what);
            return own.isPresent() ? own.get() : common(request, what);
        } catch (IllegalArgumentException | DateTimeException e) {
            return Answer.text(400, "text/plain", e.getMessage() + "\n");
        }
    }

    static Answer done(Runnable what) {
        what.run();
        return Answer.empty(204);
    }

    /** What a request for random changes asks for. */
    record Asked(long seed, int count) {
        /** @throws IllegalArgumentException saying what to write */
        static Asked in(Request request, int most) {
            ObjectNode asked = JsonText.object(request.text());
            JsonNode seed = asked.path("seed");
            JsonNode count = asked.path("count");
            if (!seed.canConvertToLong() || !count.canConvertToInt() || count.asInt() < 1 || count.asInt() > most) {
                throw new IllegalArgumentException("Write {\"seed\": 7, \"count\": 25}, with a count up to " + most + ".");
            }
            return new Asked(seed.asLong(), count.asInt());
        }
    }

    private Answer common(Request request, String what) {
        return switch (request.method() + " " + what) {
            case "GET " -> Answer.text(200, "text/plain", all());
            case "GET clock" -> time();
            case "PUT clock" -> time(JsonText.object(request.text()));
            case "GET journal" -> journal();
            case "DELETE journal" -> done(sandbox::clearJournal);
            case "GET faults" -> faults();
            case "POST faults" -> done(() -> sandbox.fault(request.text()));
            case "DELETE faults" -> done(sandbox::clearFaults);
            case "POST reset" -> done(sandbox::reset);
            default -> Answer.text(404, "text/plain", "There is no " + request.method() + " " + request.path() + ". There are:\n" + all());
        };
    }

    private String all() {
        return help() + EVERYWHERE + "Faults: " + faultWords() + "\n";
    }

    private Answer time() {
        return Answer.json(200, JsonText.object().put("now", SandboxClock.text(sandbox.clock().now())));
    }

    private Answer time(ObjectNode asked) {
        if (asked.has("now")) {
            sandbox.clock().set(Instant.parse(asked.path("now").asText()));
        } else if (asked.has("advance")) {
            sandbox.clock().advance(Duration.parse(asked.path("advance").asText()));
        } else if (asked.path("release").asBoolean()) {
            sandbox.clock().release();
        } else {
            throw new IllegalArgumentException("Write {\"now\": \"2026-01-01T00:00:00Z\"}, {\"advance\": \"PT1H\"} or {\"release\": true}.");
        }
        return time();
    }

    private Answer journal() {
        ArrayNode calls = JsonText.array();
        for (Call call : sandbox.journal()) {
            calls.addObject().put("number", call.number()).put("at", SandboxClock.text(call.at())).put("method", call.method()).put("path", call.path())
                    .put("query", call.query()).put("status", call.status()).put("fault", call.fault()).put("body", call.body()).put("effect", call.effect());
        }
        return Answer.json(200, calls);
    }

    private Answer faults() {
        StringBuilder script = new StringBuilder();
        sandbox.faults().forEach(rule -> script.append(FaultScript.text(rule)).append('\n'));
        return Answer.text(200, "text/plain", script.toString());
    }
}
