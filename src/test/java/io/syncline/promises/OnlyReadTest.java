package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.sandbox.Call;
import io.syncline.sandbox.SapSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Promise 21: whatever the product is asked to do with a read-only system, by whomever and however oddly, the system sees GET and HEAD. */
class OnlyReadTest {
    private static final String CASES = "/api/v1/syncs/cases/entities/cases/records/";

    @TempDir
    private Path folder;
    private Caseload caseload;

    private JsonNode ask(String method, String path, String body) {
        HttpResponse<String> answer = caseload.syncline.call(method, path, body);
        assertThat(answer.statusCode()).as(method + " " + path + " " + answer.body()).isLessThan(500);
        return answer.body().startsWith("{") ? RunningSyncline.json(answer.body()) : null;
    }

    @Test
    void theJournalOfSapHoldsReadsOnly() throws IOException {
        try (Caseload opened = Caseload.open("sap", SapSandbox.Options.DEFAULT.size(120).pageSize(50), folder)) {
            caseload = opened;
            everyKindOfRun();
            everyHostileEdit();
            everyOperationThereIs();
            everyKindOfRun();

            Set<String> asked = Set.copyOf(caseload.sandbox.journal().stream().map(Call::method).toList());
            assertThat(caseload.sandbox.journal()).hasSizeGreaterThan(60);
            assertThat(asked).isSubsetOf("GET", "HEAD");
            assertThat(caseload.sandbox.journal()).allMatch(call -> call.path().startsWith(SapSandbox.V4 + "/"));
        }
    }

    private void everyKindOfRun() {
        ask("POST", "/api/sync/cases/full", "{}");
        caseload.sandbox.clock().advance(Duration.ofHours(1));
        caseload.sandbox.mutate(5, 10);
        ask("POST", "/api/sync/cases/incremental", "{}");
        ask("POST", "/api/sync/cases/incremental", "{\"since\": \"2020-01-01T00:00:00Z\"}");
        String id = caseload.sandbox.snapshot().firstKey();
        ask("POST", "/api/sync/cases/entity/cases/" + id, "{}");
        ask("POST", "/api/sync/cases/verify", "{}");
        caseload.sandbox.mutate(6, 10);
        JsonNode preview = ask("POST", "/api/sync/cases/full", "{\"dryRun\": true}");
        ask("POST", "/api/v1/plans/" + preview.path("run").asText() + "/apply", "{\"selection\": {\"outcomes\": [\"update\"]}}");
        ask("POST", "/api/v1/plans/" + preview.path("run").asText() + "/apply", "{}");
        ask("POST", "/api/sync/cases/full", "{\"repair\": true}");
    }

    private void everyHostileEdit() {
        String id = caseload.sandbox.snapshot().lastKey();
        HttpResponse<String> refused = caseload.syncline.call("PATCH", CASES + id, "{\"fields\": {\"status\": \"Closed\"}}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("only ever read");
        for (String statement : List.of("update cases.cases set status = 'Closed'", "delete from cases.cases", "insert into cases.cases (title) values ('new')",
                "update cases.items set amount = 0")) {
            assertThat(catchThrowableOfType(DataAccessException.class, () -> caseload.syncline.sql().sql(statement).update())).as(statement).isNotNull();
        }
        for (String key : List.of("..", "x')", "%27)%2FClose", "O'Brien", "1|2", "$batch", "x%0d%0aDELETE%20%2F", "%E2%80%AE")) {
            ask("POST", "/api/sync/cases/entity/cases/" + key.replace("|", "%7C").replace("$", "%24").replace("'", "%27"), "{}");
        }
        // Behind the product's back, as somebody could who owns the database: what differs is mended from SAP, never written there.
        caseload.syncline.sql().sql("alter table cases.cases disable trigger user").update();
        caseload.syncline.sql().sql("update cases.cases set status = 'tampered' where sap_id = ?").param(id).update();
        caseload.syncline.sql().sql("alter table cases.cases enable trigger user").update();
        ask("POST", "/api/sync/cases/verify", "{}");
        ask("POST", "/api/sync/cases/full", "{\"repair\": true}");
        assertThat(caseload.documents("cases").get(id)).doesNotContain("tampered");
    }

    /** Every door of the contract is knocked at, with what could mean this sync and this system. */
    private void everyOperationThereIs() throws IOException {
        Map<String, Map<String, Object>> paths = new Yaml().<Map<String, Map<String, Map<String, Object>>>>load(
                Files.readString(Path.of("src/main/resources/api/openapi.yaml"))).get("paths");
        List<String> knocked = new ArrayList<>();
        paths.forEach((path, operations) -> operations.keySet().stream().filter(Set.of("get", "post", "put", "patch", "delete")::contains).forEach(method -> {
            if (path.endsWith("/session") || path.endsWith("/events") || path.startsWith("/v1/keys")) {
                return;
            }
            String filled = path.replace("{sync}", "cases").replace("{type}", "cases").replace("{entity}", "cases").replace("{name}", "cases-full")
                    .replace("{key}", caseload.sandbox.snapshot().firstKey()).replace("{number}", "1").replace("{id}", "1")
                    .replace("{system}", "sap").replace("{import}", "vendor_prices").replace("{table}", "vendor_prices");
            String body = method.equals("get") || method.equals("delete") ? null : "{}";
            caseload.syncline.call(method.toUpperCase(Locale.ROOT), "/api" + filled, body);
            knocked.add(method + " " + path);
        }));
        assertThat(knocked).hasSizeGreaterThan(25);
    }
}
