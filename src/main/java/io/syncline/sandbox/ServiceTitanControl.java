package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The strings that only the sandbox ServiceTitan has. */
final class ServiceTitanControl extends Control {
    private static final String HELP = """
            POST   /_control/mutate                  {"seed": 7, "count": 25}: random changes; answers exactly what was done
            GET    /_control/records/ENTITY          all records of categories, services, materials or equipment, as they stand
            GET    /_control/records/ENTITY/ID       one record
            PUT    /_control/records/ENTITY/ID       {"price": 14.00}: sets fields, makes the record if it is not there
            DELETE /_control/records/ENTITY/ID       removes it without a trace
            GET    /_control/effects                 what requests have done to the data, with the number of the request and its idempotency key
            GET    /_control/habits                  how it goes about writes
            PUT    /_control/habits                  {"idempotencyHeader": "Idempotency-Key", "versions": "none|optional|required",
                                                     "refusesUnknownMembers": true, "normalises": true}: the rest stays; without a header keys mean nothing
            PUT    /_control/webhooks                {"url": "http://127.0.0.1:8080/webhook/servicetitan", "secret": "whsec_…"}: tells it of every change
            DELETE /_control/webhooks                tells nobody
            POST   /_control/expire-tokens           no token given out so far is worth anything any more
            """;
    private static final Pattern RECORD = Pattern.compile("records/([a-z]+)(?:/(\\d{1,18}))?");

    private final ServiceTitanSandbox sandbox;

    ServiceTitanControl(ServiceTitanSandbox sandbox) {
        super(sandbox);
        this.sandbox = sandbox;
    }

    @Override
    String help() {
        return HELP;
    }

    @Override
    String faultWords() {
        return FaultScript.WORDS;
    }

    @Override
    Optional<Answer> own(Request request, String what) {
        Matcher record = RECORD.matcher(what);
        if (record.matches()) {
            return Optional.of(records(request, record.group(1), record.group(2)));
        }
        return switch (request.method() + " " + what) {
            case "POST mutate" -> Optional.of(mutate(Asked.in(request, 100_000)));
            case "GET effects" -> Optional.of(effects());
            case "GET habits" -> Optional.of(habits());
            case "PUT habits" -> Optional.of(habits(JsonText.object(request.text())));
            case "PUT webhooks" -> Optional.of(webhooks(JsonText.object(request.text())));
            case "DELETE webhooks" -> Optional.of(done(sandbox::noWebhooks));
            case "POST expire-tokens" -> Optional.of(done(sandbox::expireTokens));
            default -> Optional.empty();
        };
    }

    private Answer mutate(Asked asked) {
        ArrayNode changes = JsonText.array();
        for (Mutation mutation : sandbox.mutate(asked.seed(), asked.count())) {
            ObjectNode change = changes.addObject().put("kind", mutation.kind().name()).put("entity", mutation.entity().path()).put("id", mutation.id());
            mutation.fields().forEach(change.putArray("fields")::add);
        }
        ObjectNode answer = JsonText.object();
        answer.set("changes", changes);
        return Answer.json(200, answer);
    }

    private Answer effects() {
        ArrayNode effects = JsonText.array();
        for (Effect effect : sandbox.effects()) {
            ObjectNode node = effects.addObject().put("call", effect.call()).put("at", SandboxClock.text(effect.at())).put("kind", effect.kind().name())
                    .put("entity", effect.entity().path()).put("id", effect.id()).put("key", effect.key());
            ObjectNode changes = node.putObject("changes");
            effect.changes().forEach((name, change) -> {
                ObjectNode both = changes.putObject(name);
                both.set("before", change.before());
                both.set("after", change.after());
            });
        }
        return Answer.json(200, effects);
    }

    private Answer webhooks(ObjectNode asked) {
        if (!asked.path("url").isTextual() || !asked.path("secret").isTextual()) {
            throw new IllegalArgumentException("Write {\"url\": \"http://127.0.0.1:8080/webhook/servicetitan\", \"secret\": \"whsec_…\"}.");
        }
        return done(() -> sandbox.webhooks(asked.path("url").asText(), asked.path("secret").asText()));
    }

    private Answer habits() {
        Habits habits = sandbox.habits();
        return Answer.json(200, JsonText.object().put("idempotencyHeader", habits.idempotencyHeader())
                .put("versions", habits.versions().name().toLowerCase(Locale.ROOT)).put("refusesUnknownMembers", habits.refusesUnknownMembers())
                .put("normalises", habits.normalises()));
    }

    private Answer habits(ObjectNode asked) {
        Habits habits = sandbox.habits();
        for (Map.Entry<String, JsonNode> entry : asked.properties()) {
            JsonNode value = entry.getValue();
            habits = switch (entry.getKey()) {
                case "idempotencyHeader" -> habits.idempotencyHeader(value.isNull() ? null : value.asText());
                case "versions" -> habits.versions(Habits.Versions.valueOf(value.asText().toUpperCase(Locale.ROOT)));
                case "refusesUnknownMembers" -> habits.refusesUnknownMembers(value.asBoolean());
                case "normalises" -> habits.normalises(value.asBoolean());
                default -> throw new IllegalArgumentException("There is no habit " + entry.getKey() + ".");
            };
        }
        sandbox.habits(habits);
        return habits();
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
}
