package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sandbox's strings, over HTTP. {@code GET /_control} says which there are. */
final class Control {
    private static final String HELP = """
            POST   /_control/mutate                  {"seed": 7, "count": 25}: random changes; answers exactly what was done
            GET    /_control/records/ENTITY          all records of categories, services, materials or equipment, as they stand
            GET    /_control/records/ENTITY/ID       one record
            PUT    /_control/records/ENTITY/ID       {"price": 14.00}: sets fields, makes the record if it is not there
            DELETE /_control/records/ENTITY/ID       removes it without a trace
            GET    /_control/clock                   the sandbox's time
            PUT    /_control/clock                   {"now": "2026-01-01T00:00:00Z"} stops it there, {"advance": "PT1H"} moves it, {"release": true} lets it run
            GET    /_control/journal                 the latest requests
            DELETE /_control/journal                 forgets them
            GET    /_control/faults                  the faults in force
            POST   /_control/faults                  a script, one fault a line: PATH [page=N] [call=N..M] -> FAULT
            DELETE /_control/faults                  no faults
            POST   /_control/expire-tokens           no token given out so far is worth anything any more
            POST   /_control/reset                   everything as at the start
            Faults: %s
            """.formatted(FaultScript.WORDS);
    private static final Pattern RECORD = Pattern.compile("records/([a-z]+)(?:/(\\d{1,18}))?");

    private final ServiceTitanSandbox sandbox;

    Control(ServiceTitanSandbox sandbox) {
        this.sandbox = sandbox;
    }

    Answer answer(Request request) {
        String what = request.path().replaceFirst("^/_control/?", "");
        try {
            Matcher record = RECORD.matcher(what);
            if (record.matches()) {
                return records(request, record.group(1), record.group(2));
            }
            return switch (request.method() + " " + what) {
                case "GET " -> Answer.text(200, "text/plain", HELP);
                case "POST mutate" -> mutate(JsonText.object(request.text()));
                case "GET clock" -> clock();
                case "PUT clock" -> clock(JsonText.object(request.text()));
                case "GET journal" -> journal();
                case "DELETE journal" -> done(sandbox::clearJournal);
                case "GET faults" -> faults();
                case "POST faults" -> done(() -> sandbox.fault(request.text()));
                case "DELETE faults" -> done(sandbox::clearFaults);
                case "POST expire-tokens" -> done(sandbox::expireTokens);
                case "POST reset" -> done(sandbox::reset);
                default -> Answer.text(404, "text/plain", "There is no " + request.method() + " " + request.path() + ". There are:\n" + HELP);
            };
        } catch (IllegalArgumentException | DateTimeException e) {
            return Answer.text(400, "text/plain", e.getMessage() + "\n");
        }
    }

    private Answer mutate(ObjectNode asked) {
        JsonNode seed = asked.path("seed");
        JsonNode count = asked.path("count");
        if (!seed.canConvertToLong() || !count.canConvertToInt() || count.asInt() < 1 || count.asInt() > 100_000) {
            throw new IllegalArgumentException("Write {\"seed\": 7, \"count\": 25}, with a count up to 100000.");
        }
        ArrayNode changes = JsonText.array();
        for (Mutation mutation : sandbox.mutate(seed.asLong(), count.asInt())) {
            ObjectNode change = changes.addObject().put("kind", mutation.kind().name()).put("entity", mutation.entity().path()).put("id", mutation.id());
            mutation.fields().forEach(change.putArray("fields")::add);
        }
        ObjectNode answer = JsonText.object();
        answer.set("changes", changes);
        return Answer.json(200, answer);
    }

    private Answer records(Request request, String name, String id) {
        Entity entity = Entity.of(name).orElseThrow(() ->
                new IllegalArgumentException("There are categories, services, materials and equipment, no " + name + "."));
        if (id == null) {
            ArrayNode all = JsonText.array();
            sandbox.snapshot(entity).values().forEach(all::add);
            return Answer.json(200, all);
        }
        long key = Long.parseLong(id);
        Optional<ObjectNode> record = sandbox.record(entity, key);
        return switch (request.method()) {
            case "PUT" -> {
                sandbox.put(entity, key, request.text());
                yield sandbox.record(entity, key).map(node -> Answer.json(200, node)).orElseGet(() -> Answer.empty(204));
            }
            case "DELETE" -> Answer.empty(sandbox.remove(entity, key) ? 204 : 404);
            default -> record.map(node -> Answer.json(200, node)).orElseGet(() -> Answer.empty(404));
        };
    }

    private Answer clock() {
        return Answer.json(200, JsonText.object().put("now", SandboxClock.text(sandbox.clock().now())));
    }

    private Answer clock(ObjectNode asked) {
        if (asked.has("now")) {
            sandbox.clock().set(Instant.parse(asked.path("now").asText()));
        } else if (asked.has("advance")) {
            sandbox.clock().advance(Duration.parse(asked.path("advance").asText()));
        } else if (asked.path("release").asBoolean()) {
            sandbox.clock().release();
        } else {
            throw new IllegalArgumentException("Write {\"now\": \"2026-01-01T00:00:00Z\"}, {\"advance\": \"PT1H\"} or {\"release\": true}.");
        }
        return clock();
    }

    private Answer journal() {
        ArrayNode calls = JsonText.array();
        for (Call call : sandbox.journal()) {
            calls.addObject().put("number", call.number()).put("at", SandboxClock.text(call.at())).put("method", call.method()).put("path", call.path())
                    .put("query", call.query()).put("status", call.status()).put("fault", call.fault());
        }
        return Answer.json(200, calls);
    }

    private Answer faults() {
        StringBuilder script = new StringBuilder();
        sandbox.faults().forEach(rule -> script.append(FaultScript.text(rule)).append('\n'));
        return Answer.text(200, "text/plain", script.toString());
    }

    private static Answer done(Runnable what) {
        what.run();
        return Answer.empty(204);
    }
}
