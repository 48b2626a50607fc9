package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;

import static org.assertj.core.api.Assertions.assertThat;

class AccessTest {
    private static final ServiceTitanSandbox.Options SMALL = ServiceTitanSandbox.Options.DEFAULT.size(40);
    private static ServiceTitanSandbox sandbox;
    private static Client client;

    @BeforeAll
    static void start() {
        sandbox = ServiceTitanSandbox.start(SMALL);
        client = new Client(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    void theTokenEndpointTakesClientCredentialsAsAForm() throws Exception {
        HttpResponse<String> answer = client.token(Client.form(sandbox));
        JsonNode token = Client.JSON.readTree(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(token.path("access_token").asText()).hasSizeGreaterThan(20);
        assertThat(token.path("expires_in").asInt()).isEqualTo(900);
        assertThat(token.path("token_type").asText()).isEqualTo("Bearer");
    }

    @Test
    void theTokenEndpointAlsoTakesBasicAuthentication() throws Exception {
        String basic = Base64.getEncoder().encodeToString((SMALL.clientId() + ":" + SMALL.clientSecret()).getBytes());
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(sandbox.tokenUrl())).header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString("grant_type=client_credentials")).build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void aFormWithoutALengthIsTakenToo() throws Exception {
        HttpRequest.BodyPublisher form = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(Client.form(sandbox).getBytes()));
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(sandbox.tokenUrl()))
                .header("Content-Type", "application/x-www-form-urlencoded").POST(form).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void aWrongSecretOrGrantGetsNoToken() throws Exception {
        assertThat(client.token(Client.form(sandbox).replace(SMALL.clientSecret(), "wrong")).body()).isEqualTo("{\"error\":\"invalid_client\"}");
        assertThat(client.token("grant_type=password").body()).isEqualTo("{\"error\":\"unsupported_grant_type\"}");
        HttpResponse<String> json = client.send(HttpRequest.newBuilder(URI.create(sandbox.tokenUrl())).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString());
        assertThat(json.statusCode()).isEqualTo(400);
    }

    @Test
    void everyCallNeedsAValidTokenAndTheAppKey() throws Exception {
        URI uri = client.request("/materials").build().uri();
        String token = client.request("/materials").build().headers().firstValue("Authorization").orElseThrow();
        assertRefused(401, HttpRequest.newBuilder(uri).header("ST-App-Key", SMALL.appKey()));
        assertRefused(401, HttpRequest.newBuilder(uri).header("ST-App-Key", SMALL.appKey()).header("Authorization", "Bearer made-up"));
        assertRefused(403, HttpRequest.newBuilder(uri).header("Authorization", token));
        assertRefused(403, HttpRequest.newBuilder(uri).header("Authorization", token).header("ST-App-Key", "another"));
        URI foreign = URI.create(uri.toString().replace(SMALL.tenant(), "42"));
        assertRefused(403, HttpRequest.newBuilder(foreign).header("Authorization", token).header("ST-App-Key", SMALL.appKey()));
    }

    @Test
    void aTokenEndsAfterItsLifetime() throws Exception {
        try (ServiceTitanSandbox hasty = ServiceTitanSandbox.start(SMALL.tokenLifetime(Duration.ZERO))) {
            assertThat(new Client(hasty).get("/materials").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void tokensCanBeExpiredAtOnceAndDoNotEndByTheSandboxClock() throws Exception {
        Client other = new Client(sandbox);
        sandbox.clock().advance(Duration.ofDays(2));
        assertThat(other.get("/materials").statusCode()).isEqualTo(200);
        sandbox.clock().release();
        sandbox.expireTokens();
        assertThat(other.get("/materials").statusCode()).isEqualTo(401);
    }

    @Test
    void whatCannotBeDoneWithAPathIsRefusedAndStandsInTheJournal() throws Exception {
        assertNotAllowed("POST", "/materials/8001", "GET, PATCH, DELETE");
        assertNotAllowed("PUT", "/materials/8001", "GET, PATCH, DELETE");
        assertNotAllowed("DELETE", "/materials", "GET, POST");
        assertNotAllowed("GET", "/pricebook", "POST, PATCH");
    }

    private static void assertNotAllowed(String method, String path, String allowed) throws Exception {
        HttpRequest write = client.request(path).method(method, BodyPublishers.ofString("{}")).build();
        HttpResponse<String> answer = client.send(write, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains(allowed);
        assertThat(sandbox.journal()).last().extracting(Call::method, Call::status, Call::effect).containsExactly(method, 405, false);
    }

    @Test
    void thePathThatIsNotThereIs404() throws Exception {
        assertThat(client.get("/discounts-and-fees").statusCode()).isEqualTo(404);
        assertThat(client.get("/materials/abc").statusCode()).isEqualTo(400);
        assertThat(client.get("/materials/9223372036854775807").statusCode()).isIn(400, 404);
    }

    private static void assertRefused(int status, HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Client.JSON.readTree(answer.body()).fieldNames()).toIterable().containsExactly("type", "title", "status", "traceId", "errors", "data");
    }
}
