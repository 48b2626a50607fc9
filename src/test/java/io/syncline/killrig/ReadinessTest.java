package io.syncline.killrig;

import io.syncline.RunningSyncline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What those who watch are told while PostgreSQL is gone, and when it is back. */
class ReadinessTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void whileTheDatabaseIsGoneItIsAliveButNotReadyAndItIsReadyAgainByItself(@TempDir Path folder) throws Exception {
        try (PostgresServer server = new PostgresServer(folder, Map.of());
             RunningSyncline syncline = RunningSyncline.start(Path.of("src/test/resources/no-syncs"), server.url(), Map.of())) {
            assertThat(get(syncline, "/readyz").statusCode()).isEqualTo(200);
            server.kill();
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(get(syncline, "/readyz").statusCode()).isEqualTo(503));
            long began = System.nanoTime();
            HttpResponse<String> away = get(syncline, "/readyz");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as("a probe waits for seconds only").isLessThan(Duration.ofSeconds(9));
            assertThat(away.body()).isEqualToIgnoringWhitespace("{\"status\":\"not-ready\",\"waitingFor\":[\"database\"]}");
            assertThat(away.headers().firstValue("Retry-After")).isPresent();
            assertThat(get(syncline, "/livez").statusCode()).isEqualTo(200);
            assertThat(get(syncline, "/health").body()).isEqualToIgnoringWhitespace("{\"status\":\"red\"}");
            server.startAgain();
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(get(syncline, "/readyz").statusCode()).isEqualTo(200));
        }
    }

    private HttpResponse<String> get(RunningSyncline syncline, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(syncline.url() + path)).timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
