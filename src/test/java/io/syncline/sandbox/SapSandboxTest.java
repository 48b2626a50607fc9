package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** The sandbox SAP has the manners of the real one. */
class SapSandboxTest {
    private final SapSandbox sandbox = SapSandbox.start(SapSandbox.Options.DEFAULT.size(250).pageSize(100));
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        sandbox.close();
    }

    private HttpResponse<String> send(String method, String path, String... headers) {
        String credentials = Base64.getEncoder().encodeToString("sandbox-user:sandbox-password".getBytes(StandardCharsets.UTF_8));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : sandbox.url() + path))
                .method(method, HttpRequest.BodyPublishers.noBody()).header("Authorization", "Basic " + credentials);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode four(String path, String... headers) {
        return JsonText.object(send("GET", SapSandbox.V4 + "/" + path, headers).body());
    }

    private JsonNode two(String path) {
        return JsonText.object(send("GET", path.startsWith("http") ? path : SapSandbox.V2 + "/" + path).body()).path("d");
    }

    @Test
    void theSameCaseInBothVersions() {
        String id = sandbox.snapshot().firstKey();
        JsonNode four = four("Cases('" + id + "')?$expand=Items");
        JsonNode two = two("Cases('" + id + "')?$expand=Items");

        assertThat(two.path("ClaimAmount").isTextual()).isTrue();
        assertThat(four.path("ClaimAmount").isNumber()).isTrue();
        assertThat(two.path("ClaimAmount").asText()).isEqualTo(four.path("ClaimAmount").decimalValue().toPlainString());
        assertThat(two.path("ChangedAt").asText()).matches("/Date\\(\\d+\\+0000\\)/");
        assertThat(two.path("DueOn").asText()).matches("/Date\\(\\d+\\)/");
        assertThat(two.path("CallAt").asText()).matches("PT\\d\\dH\\d\\dM00S");
        assertThat(four.path("ChangedAt").asText()).endsWith("Z");
        assertThat(two.path("Items").path("results")).hasSameSizeAs(four.path("Items"));
        assertThat(two("Cases('" + id + "')").path("Items").has("__deferred")).isTrue();
    }

    @Test
    void pagesAreCutAtItsOwnSizeAndTheLinkStandsBeforeTheRecords() {
        HttpResponse<String> first = send("GET", SapSandbox.V4 + "/Cases?$count=true&$top=240");
        assertThat(first.body().indexOf("@odata.nextLink")).isLessThan(first.body().indexOf("\"value\""));
        assertThat(JsonText.object(first.body()).path("value")).hasSize(100);
        List<String> ids = new ArrayList<>();
        JsonNode page = JsonText.object(first.body());
        for (;;) {
            page.path("value").forEach(record -> ids.add(record.path("CaseId").asText()));
            if (!page.has("@odata.nextLink")) {
                break;
            }
            assertThat(page.path("@odata.nextLink").asText()).startsWith("Cases?");
            page = four(page.path("@odata.nextLink").asText());
        }
        assertThat(ids).hasSize(240).doesNotHaveDuplicates();
        assertThat(four("Cases", "Prefer", "odata.maxpagesize=7").path("value")).hasSize(7);

        JsonNode two = two("Cases?$inlinecount=allpages");
        assertThat(two.path("__count").asText()).isEqualTo("250");
        assertThat(two(two.path("__next").asText()).path("results")).hasSize(100);
    }

    @Test
    void onlyTheRightLiteralSelectsWhatIsMeant() {
        JsonNode some = sandbox.snapshot().values().iterator().next();
        String at = some.path("ChangedAt").asText();
        int right = four("Cases?$count=true&$filter=ChangedAt%20ge%20" + at).path("@odata.count").asInt();
        assertThat(right).isGreaterThan(100);
        assertThat(two("Cases?$inlinecount=allpages&$filter=ChangedAt%20ge%20datetimeoffset'" + at + "'").path("__count").asInt()).isEqualTo(right);
        assertThat(four("Cases?$count=true&$filter=ChangedAt%20gt%20" + at).path("@odata.count").asInt()).isLessThan(right);

        assertThat(two("Cases?$inlinecount=allpages&$filter=ChangedAt%20ge%20datetime'" + at.replace("Z", "") + "'").path("__count").asInt())
                .as("a datetime is taken in another zone").isNotEqualTo(0);
        assertThat(four("Cases?$count=true&$filter=ChangedAt%20ge%20'" + at + "'").path("@odata.count").asInt()).as("a text").isZero();
        assertThat(send("GET", SapSandbox.V4 + "/Cases?$filter=ChangedAt%20ge%20datetimeoffset'" + at + "'").statusCode()).isEqualTo(400);
        assertThat(send("GET", SapSandbox.V4 + "/Cases?$filter=ChangedAt+ge+" + at).body()).contains("Invalid token '+'");
        assertThat(send("GET", SapSandbox.V2 + "/Cases?$filter=ChangedAt%20ge%20" + at).body()).contains("\"value\":\"Invalid literal");
    }

    @Test
    void aDeltaTellsWhatChangedAndWhatIsGoneUntilItIsForgotten() {
        JsonNode page = four("Cases?$select=CaseId,Status", "Prefer", "odata.track-changes");
        String gone = sandbox.snapshot().firstKey();
        sandbox.remove(gone);
        while (page.has("@odata.nextLink")) {
            page = four(page.path("@odata.nextLink").asText());
        }
        String delta = page.path("@odata.deltaLink").asText();
        List<SapMutation> done = sandbox.mutate(3, 30);

        JsonNode changes = four(delta);
        assertThat(changes.path("value")).anyMatch(record -> record.has("@removed") && record.path("CaseId").asText().equals(gone));
        assertThat(done).filteredOn(mutation -> mutation.kind() == SapMutation.Kind.CREATED).isNotEmpty().allSatisfy(mutation ->
                assertThat(changes.path("value")).anyMatch(record -> record.path("CaseId").asText().equals(mutation.id())));
        assertThat(four(changes.path("@odata.deltaLink").asText()).path("value")).isEmpty();

        sandbox.forgetDeltas();
        assertThat(send("GET", SapSandbox.V4 + "/" + delta).statusCode()).isEqualTo(410);
    }

    @Test
    void itCanOnlyBeReadAndItsJournalKnowsWhoTried() {
        assertThat(send("POST", SapSandbox.V4 + "/Cases").statusCode()).isEqualTo(403);
        assertThat(send("DELETE", SapSandbox.V2 + "/Cases('0000100000')").statusCode()).isEqualTo(403);
        assertThat(send("HEAD", SapSandbox.V2 + "/Teams").body()).isEmpty();
        assertThat(send("GET", "/elsewhere").statusCode()).isEqualTo(404);

        assertThat(sandbox.journal()).extracting(Call::method).containsExactly("POST", "DELETE", "HEAD", "GET");
        JsonNode journal = JsonText.object("{\"calls\":" + send("GET", "/_control/journal").body() + "}").path("calls");
        assertThat(journal).hasSize(4);
        assertThat(journal.get(1).path("path").asText()).isEqualTo(SapSandbox.V2 + "/Cases('0000100000')");
        assertThat(send("DELETE", "/_control/journal").statusCode()).isEqualTo(204);
        assertThat(sandbox.journal()).isEmpty();
    }

    @Test
    void refusalsAreWrittenAsTheVersionsWriteThem() throws Exception {
        HttpResponse<String> stranger = http.send(HttpRequest.newBuilder(URI.create(sandbox.url() + SapSandbox.V4 + "/Cases")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(stranger.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(four("Cases('x')").at("/error/message").isTextual()).isTrue();
        assertThat(JsonText.object(send("GET", SapSandbox.V2 + "/Cases('x')").body()).at("/error/message/value").isTextual()).isTrue();
        assertThat(send("GET", SapSandbox.V4 + "/Cases(17)").statusCode()).isEqualTo(400);
        assertThat(send("GET", SapSandbox.V4 + "/Nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void itsStringsCanBePulledOverHttp() throws Exception {
        HttpResponse<String> mutated = http.send(HttpRequest.newBuilder(URI.create(sandbox.url() + "/_control/mutate"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"seed\": 7, \"count\": 25}")).build(), HttpResponse.BodyHandlers.ofString());
        ObjectNode changes = JsonText.object(mutated.body());
        assertThat(changes.path("changes")).hasSize(25);
        String id = sandbox.snapshot().lastKey();
        assertThat(send("GET", "/_control/records/" + id).body()).contains("\"Items\"");
        assertThat(send("DELETE", "/_control/records/" + id).statusCode()).isEqualTo(204);
        assertThat(send("GET", "/_control/records/" + id).statusCode()).isEqualTo(404);
        http.send(HttpRequest.newBuilder(URI.create(sandbox.url() + "/_control/faults")).POST(HttpRequest.BodyPublishers.ofString("/Teams -> html")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(send("GET", SapSandbox.V4 + "/Teams").body()).contains("Logon");
        assertThat(send("POST", "/_control/reset").statusCode()).isEqualTo(204);
        assertThat(sandbox.snapshot()).hasSize(250);
        assertThat(send("GET", "/_control").body()).contains("forget-deltas");
    }
}
