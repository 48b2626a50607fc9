package io.syncline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.syncline.imports.Accepted;
import io.syncline.imports.ImportRequest;
import io.syncline.imports.Imports;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The doors to imports. Promise 29: another organisation's import is answered like one that does not exist. */
final class ImportDoor {
    private static final JsonMapper JSON = new JsonMapper();

    private final Imports imports;

    ImportDoor(Imports imports) {
        this.imports = imports;
    }

    public Accepted start(@Variable(Call.NAME) Call call) {
        JsonBody body = JsonBody.read(call.body(), "{\"force\": true}");
        boolean forced = body.truth("force");
        body.refuseMistakes(name -> JsonBody.shown(name) + " is not known here. Write force, or send no body.");
        String organisation = call.caller().organisation();
        imports.find(call.parameter("sync"), organisation, call.parameter("import")).orElseThrow(ImportDoor::unknown);
        return imports.accept(new ImportRequest(call.parameter("sync"), organisation, call.parameter("import"), forced, "api", call.caller().name()));
    }

    public Answer accepted(@Variable(Call.NAME) Call call, @Body Accepted accepted) {
        String address = "/api/v1/syncs/" + call.parameter("sync") + "/imports/" + call.parameter("import");
        if (accepted.lacksForce()) {
            throw new Refused(new Problem(HttpStatus.CONFLICT, "another-import-is-active", "Import " + accepted.id() + " is under way without force: it takes"
                    + " no file again, and holds rows that are missing in great number. Nothing was begun. Ask again when it has ended.",
                    Map.of("import", accepted.id(), "href", address)));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", accepted.id());
        answer.put("href", address);
        answer.put("joined", accepted.joined());
        return Answer.of(202, Map.of("Location", address), answer);
    }

    public Answer reports(@Variable(Call.NAME) Call call) {
        String organisation = call.caller().organisation();
        imports.find(call.parameter("sync"), organisation, call.parameter("import")).orElseThrow(ImportDoor::unknown);
        Parameters parameters = new Parameters(call);
        int limit = parameters.limit();
        parameters.refuseMistakes();
        Long before = Cursor.number(call).orElse(null);
        List<JsonNode> reports = imports.reports(call.parameter("sync"), organisation, call.parameter("import"), before, limit + 1).stream()
                .map(ImportDoor::document).toList();
        List<JsonNode> shown = reports.subList(0, Math.min(limit, reports.size()));
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("items", shown);
        page.put("next", reports.size() > limit ? Cursor.of(shown.get(limit - 1).path("id").asText()) : null);
        return Answer.of(200, Map.of(), page);
    }

    private static JsonNode document(String report) {
        try {
            return JSON.readTree(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL wrote no JSON", e);
        }
    }

    private static Refused unknown() {
        return new Refused(HttpStatus.NOT_FOUND, "unknown-import", "There is no such import. An import is declared under imports: in the sync's file.");
    }
}
