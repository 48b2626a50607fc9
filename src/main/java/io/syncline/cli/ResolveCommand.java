package io.syncline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

@Command(name = "resolve", sortOptions = false, description = {
    "Decides about a conflict as \"syncline conflicts SYNC ID\" showed it: use_source, use_local or merged.",
    "Where a side has moved since, nothing is decided, and what happened is told."},
        footerHeading = "%nExamples:%n", footer = {"  syncline resolve pricebook 12 use_local --version c12-3-5f2b0c1d9e8a7b6c-5d4e3f2a1b0c9d8e",
            "  syncline resolve pricebook 12 merged --set price=12.50 --take cost=theirs --version c12-3-5f2b0c1d9e8a7b6c-5d4e3f2a1b0c9d8e"})
final class ResolveCommand extends Asking {
    private static final JsonMapper EXACT = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true)).build();

    @Parameters(index = "0", paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
    private String sync;
    @Parameters(index = "1", paramLabel = "ID", description = "The conflict's number.")
    private String id;
    @Parameters(index = "2", paramLabel = "DECISION", description = "use_source, use_local or merged.")
    private String decision;
    @Option(names = "--version", required = true, paramLabel = "VERSION", description = "That was seen, as \"syncline conflicts SYNC ID\" printed it.")
    private String version;
    @Option(names = "--set", paramLabel = "FIELD=VALUE", description = "Of a merge, what a field is to say; JSON, or a text as it stands.")
    private Map<String, String> set = new LinkedHashMap<>();
    @Option(names = "--take", paramLabel = "FIELD=SIDE", description = "Of a merge, whose value a field is to have that both sides changed: theirs, ours or"
            + " base.")
    private Map<String, String> take = new LinkedHashMap<>();
    @Option(names = "--reason", description = "Why; it is kept with the decision.")
    private String reason;
    @Option(names = "--look", description = "Only tells what would be written where.")
    private boolean look;

    @Override
    public Integer call() {
        ObjectNode body = body(decision, take, reason).put("dryRun", look);
        set.forEach((field, value) -> body.withObject("/fields").set(field, json(value)));
        JsonNode answer = server().post("/v1/syncs/" + Server.encoded(sync) + "/conflicts/" + Server.encoded(id) + "/resolution", body,
                "\"" + version.replace("\"", "") + "\"");
        if (server().json()) {
            printJson(answer);
        } else if (look) {
            Resolutions.writes(answer.path("outlook")).forEach(out()::println);
        } else {
            out().println(answer.path("state").asText().equals("made") ? "Conflict " + Shown.text(id) + " is settled."
                    : "The decision is taken; the next publish makes it true.");
        }
        return Ends.WELL;
    }

    static ObjectNode body(String decision, Map<String, String> take, String reason) {
        ObjectNode body = Server.JSON.createObjectNode().put("decision", decision);
        if (reason != null) {
            body.put("reason", reason);
        }
        take.forEach((field, side) -> body.withObject("/take").put(field, side));
        return body;
    }

    private static JsonNode json(String value) {
        try {
            JsonNode read = EXACT.readTree(value);
            return read.isMissingNode() ? EXACT.getNodeFactory().textNode(value) : read;
        } catch (JsonProcessingException e) {
            return EXACT.getNodeFactory().textNode(value);
        }
    }
}
