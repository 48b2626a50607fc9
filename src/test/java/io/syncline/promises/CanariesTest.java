package io.syncline.promises;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 28: what opens a system is found nowhere outside of the requests to it, not even where the system itself shouts it back. */
@ExtendWith(OutputCaptureExtension.class)
class CanariesTest {
    private static final String TOKEN = "canary-access-token";
    private static final String[] CANARIES = {TOKEN, "canary-client-secret", "canary-app-key"};

    /** How the system shouts. */
    private enum Mood { REFUSES_TO_SIGN_IN, BAD_REQUEST, FORBIDDEN, BROKEN, HTML, ELSEWHERE, NO_JSON }

    private volatile Mood mood;

    @Test
    void whatOpensASystemIsFoundNowhereElse(CapturedOutput log) throws IOException {
        HttpServer system = TestServer.create();
        system.createContext("/", this::answer);
        system.start();
        String url = "http://127.0.0.1:" + system.getAddress().getPort();
        try (RunningSyncline syncline = RunningSyncline.start(Path.of("config"), TestPostgres.url(), Map.of("SERVICETITAN_URL", url,
                "SERVICETITAN_TOKEN_URL", url + "/connect/token", "SERVICETITAN_PRIVATE_NETWORK", "true", "SERVICETITAN_TENANT", "7",
                "SERVICETITAN_CLIENT_ID", "c1", "SERVICETITAN_CLIENT_SECRET", CANARIES[1], "SERVICETITAN_APP_KEY", CANARIES[2]))) {
            List<String> answers = new ArrayList<>();
            for (Mood each : Mood.values()) {
                mood = each;
                HttpResponse<String> report = syncline.call("POST", "/api/sync/pricebook/full", null);
                assertThat(RunningSyncline.json(report.body()).path("state").asText()).as(each + ": " + report.body()).isIn("failed", "partial");
                answers.add(report.body());
                answers.add(syncline.call("POST", "/api/sync/pricebook/entity/services/1", null).body());
            }
            for (String path : everythingToLookAt()) {
                HttpResponse<String> answer = syncline.call("GET", path, null);
                assertThat(answer.statusCode()).as(path + ": " + answer.body()).isIn(200, 204, 404);
                answers.add(path + " " + answer.body() + answer.headers().map());
            }
            assertThat(answers).allSatisfy(answer -> assertThat(answer).doesNotContain(CANARIES));
            assertThat(answers.toString()).contains("failed", "syncline_outbound_requests_total");
            for (String table : List.of("run", "run_entity", "run_record", "attention", "activity", "idempotency")) {
                assertThat(syncline.sql().sql("select coalesce(string_agg(t::text, ' '), '') from syncline." + table + " t").query(String.class).single())
                        .doesNotContain(CANARIES);
            }
        } finally {
            system.stop(0);
        }
        assertThat(log.getAll()).contains("pricebook").doesNotContain(CANARIES);
    }

    /** Every address that the contract lets one look at, for something that is there, and the pages beside the contract. */
    private static List<String> everythingToLookAt() throws IOException {
        List<String> paths = new ArrayList<>(List.of("/metrics", "/health", "/readyz", "/livez"));
        try (InputStream contract = CanariesTest.class.getResourceAsStream("/api/openapi.yaml")) {
            Map<String, Map<String, Object>> declared = new Yaml().<Map<String, Map<String, Map<String, Object>>>>load(contract).get("paths");
            declared.forEach((path, methods) -> {
                if (methods.containsKey("get")) {
                    paths.add("/api" + path.replace("{sync}", "pricebook").replace("{entity}", "services").replace("{type}", "services")
                            .replaceAll("\\{[^}]*}", "1") + "?" + whatHasToBeSaid(methods.get("get")));
                }
            });
        }
        return paths;
    }

    @SuppressWarnings("unchecked")
    private static String whatHasToBeSaid(Object operation) {
        List<Map<String, Object>> parameters = ((Map<String, List<Map<String, Object>>>) operation).getOrDefault("parameters", List.of());
        return parameters.stream().filter(each -> "query".equals(each.get("in")) && Boolean.TRUE.equals(each.get("required")))
                .map(each -> each.get("name") + "=1").collect(Collectors.joining("&"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean signsIn = exchange.getRequestURI().getPath().equals("/connect/token");
        String heard = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8) + exchange.getRequestHeaders().entrySet() + String.join(" ",
                CANARIES);
        if (signsIn && mood != Mood.REFUSES_TO_SIGN_IN) {
            send(exchange, 200, "application/json", "{\"access_token\": \"" + TOKEN + "\", \"expires_in\": 900}");
            return;
        }
        exchange.getResponseHeaders().set("X-Heard", "Bearer " + TOKEN);
        switch (mood) {
            case REFUSES_TO_SIGN_IN -> send(exchange, 401, "application/json", "{\"error\": \"" + quoted(heard) + "\"}");
            case BAD_REQUEST -> send(exchange, 400, "application/json", "{\"message\": \"" + quoted(heard) + "\"}");
            case FORBIDDEN -> send(exchange, 403, "text/plain", heard);
            case BROKEN -> send(exchange, 500, "text/plain", heard);
            case HTML -> send(exchange, 200, "text/html", "<html>" + heard + "</html>");
            case ELSEWHERE -> {
                exchange.getResponseHeaders().set("Location", "http://elsewhere.example/?token=" + TOKEN);
                send(exchange, 302, "text/plain", heard);
            }
            case NO_JSON -> send(exchange, 200, "application/json", "{\"data\": " + heard);
        }
    }

    private static String quoted(String text) {
        return text.replace("\\", " ").replace("\"", " ");
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
