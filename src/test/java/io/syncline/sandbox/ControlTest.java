package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

class ControlTest {
    private static ServiceTitanSandbox sandbox;
    private static Client client;

    @BeforeAll
    static void start() {
        sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(200));
        client = new Client(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @AfterEach
    void reset() throws Exception {
        assertThat(client.control("POST", "/reset", "").statusCode()).isEqualTo(204);
    }

    @Test
    void theSandboxListensOnLoopbackOnly() {
        assertThat(URI.create(sandbox.url()).getHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void mutateAnswersWhatWasDone() throws Exception {
        JsonNode changes = Client.JSON.readTree(client.control("POST", "/mutate", "{\"seed\":7,\"count\":25}").body()).path("changes");
        sandbox.reset();
        assertThat(changes).hasSize(sandbox.mutate(7, 25).size());
        assertThat(changes.path(0).fieldNames()).toIterable().containsExactly("kind", "entity", "id", "fields");
    }

    @Test
    void oneRecordIsPutReadAndRemoved() throws Exception {
        HttpResponse<String> put = client.control("PUT", "/records/materials/8001", "{\"price\":14.00}");
        assertThat(put.body()).contains("\"price\":14.00");
        assertThat(client.json("/materials/8001").path("price").asText()).isEqualTo("14.0");
        assertThat(client.control("DELETE", "/records/materials/8001", "").statusCode()).isEqualTo(204);
        assertThat(client.control("GET", "/records/materials/8001", "").statusCode()).isEqualTo(404);
        assertThat(client.control("DELETE", "/records/materials/8001", "").statusCode()).isEqualTo(404);
        assertThat(Client.JSON.readTree(client.control("GET", "/records/materials", "").body())).hasSize(124);
    }

    @Test
    void theClockDrivesChangeTimesAndTheDateHeader() throws Exception {
        client.control("PUT", "/clock", "{\"now\":\"2026-05-05T10:00:00Z\"}");
        client.control("PUT", "/clock", "{\"advance\":\"-PT1H\"}");
        sandbox.put(Entity.SERVICES, 1_000_001, "{\"taxable\":true}");
        HttpResponse<String> answer = client.get("/services/1000001");
        assertThat(Client.JSON.readTree(answer.body()).path("modifiedOn").asText()).isEqualTo("2026-05-05T09:00:00.0000000Z");
        assertThat(answer.headers().allValues("Date")).containsExactly("Tue, 05 May 2026 09:00:00 GMT");
        assertThat(client.control("GET", "/clock", "").body()).isEqualTo("{\"now\":\"2026-05-05T09:00:00.0000000Z\"}");
        assertThat(client.control("PUT", "/clock", "{\"release\":true}").body()).doesNotContain("2026-05-05T09");
    }

    @Test
    void theJournalHoldsEveryRequestAndNoCredentials() throws Exception {
        Client fresh = new Client(sandbox);
        fresh.get("/equipment?page=1&pageSize=5");
        String journal = client.control("GET", "/journal", "").body();
        JsonNode calls = Client.JSON.readTree(journal);
        assertThat(calls).hasSize(2);
        assertThat(calls.path(0).path("path").asText()).isEqualTo("/connect/token");
        assertThat(calls.path(1).path("query").asText()).isEqualTo("page=1&pageSize=5");
        assertThat(calls.path(1).path("status").asInt()).isEqualTo(200);
        assertThat(journal).doesNotContain(sandbox.options().clientSecret(), sandbox.options().appKey(), "Bearer");
        client.control("DELETE", "/journal", "");
        assertThat(sandbox.journal()).isEmpty();
    }

    @Test
    void faultsComeAndGo() throws Exception {
        assertThat(client.control("POST", "/faults", "/materials -> status 500\n").statusCode()).isEqualTo(204);
        assertThat(client.control("GET", "/faults", "").body()).isEqualTo("/materials -> status 500\n");
        assertThat(client.get("/materials").statusCode()).isEqualTo(500);
        client.control("DELETE", "/faults", "");
        assertThat(client.get("/materials").statusCode()).isEqualTo(200);
        HttpResponse<String> wrong = client.control("POST", "/faults", "/materials -> explode");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).startsWith("line 1: \"explode\" is not a fault.");
    }

    @Test
    void whatIsNotThereIsAnsweredWithWhatIs() throws Exception {
        assertThat(client.control("GET", "", "").body()).contains("/_control/mutate", "wrong-charset");
        assertThat(client.control("GET", "/nothing", "").body()).startsWith("There is no GET /_control/nothing. There are:");
        assertThat(client.control("POST", "/mutate", "{}").body()).startsWith("Write {\"seed\": 7");
        assertThat(client.control("POST", "/mutate", "[").statusCode()).isEqualTo(400);
        assertThat(client.control("PUT", "/clock", "{\"now\":\"soon\"}").statusCode()).isEqualTo(400);
        assertThat(client.control("GET", "/records/people", "").statusCode()).isEqualTo(400);
    }

    @Test
    void resetBringsEverythingBack() throws Exception {
        var before = sandbox.snapshot(Entity.SERVICES);
        sandbox.mutate(1, 50);
        client.control("POST", "/reset", "");
        assertThat(sandbox.snapshot(Entity.SERVICES)).isEqualTo(before);
    }
}
