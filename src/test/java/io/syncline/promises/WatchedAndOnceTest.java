package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.KeptWaiting;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/** Real runs of the whole product, asked for once or twice with one key, and watched from their beginning to their end. */
class WatchedAndOnceTest extends OnePricebook {
    private static final String RUNS = "/api/v1/syncs/pricebook/runs";

    private final String key = UUID.randomUUID().toString();

    private static HttpResponse<String> post(Pricebook at, String path, String body, String key) {
        try {
            return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(at.syncline.url() + path))
                    .header("Authorization", "Bearer " + RunningSyncline.KEY)
                    .header("Content-Type", "application/json").header("Idempotency-Key", key).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return RunningSyncline.json(answer.body());
    }

    private static long runs() {
        return book.count("syncline.run");
    }

    @Test
    void twoEqualStartsAtOnceAreOneRunAndTheAnswerIsRepeatedAfterItsEnd() {
        long before = runs();
        List<CompletableFuture<HttpResponse<String>>> both = Stream.generate(() ->
                CompletableFuture.supplyAsync(() -> post(book, RUNS, "{\"mode\":\"verify\"}", key))).limit(2).toList();
        assertThat(both.stream().map(CompletableFuture::join).map(HttpResponse::statusCode)).contains(202).isSubsetOf(202, 409);
        until(() -> book.count("syncline.run where finished_at is null") == 0);
        HttpResponse<String> again = post(book, RUNS, "{\"mode\":\"verify\"}", key);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(runs() - before).as("comparisons never join one another").isOne();
    }

    /** What a process leaves that was killed between the run's acceptance and its answer. */
    @Test
    void aRequestWhoseProcessDiedIsAnsweredWithTheRunThatItStarted() {
        HttpResponse<String> first = post(book, RUNS, "{\"mode\":\"full\",\"dryRun\":true}", key);
        long run = json(first).path("run").asLong();
        assertThat(book.one("select run_id from syncline.idempotency where key = ?", Long.class, key)).isEqualTo(run);
        book.sql().sql("update syncline.idempotency set status = null, media_type = null, headers = null, body = null where key = ?").param(key).update();
        Pricebook next = book.another(Map.of());
        try {
            long before = runs();
            HttpResponse<String> again = post(next, RUNS, "{\"mode\":\"full\",\"dryRun\":true}", key);
            assertThat(again.statusCode()).isEqualTo(202);
            assertThat(json(again).path("run").asLong()).isEqualTo(run);
            assertThat(again.headers().firstValue("Idempotent-Replayed")).as("it is answered anew").isEmpty();
            assertThat(runs()).isEqualTo(before);
            assertThat(post(next, RUNS, "{\"mode\":\"full\",\"dryRun\":true}", key).headers().firstValue("Idempotent-Replayed")).contains("true");
        } finally {
            next.stop();
        }
    }

    @Test
    void theReportOfAnEndIsRepeatedAsItWas() {
        HttpResponse<String> first = post(book, "/api/sync/pricebook/incremental", "{\"dryRun\":true}", key);
        assertThat(state(json(first))).isEqualTo("planned");
        HttpResponse<String> again = post(book, "/api/sync/pricebook/incremental", "{\"dryRun\":true}", key);
        assertThat(again.body()).isEqualTo(first.body());
    }

    @Test
    void aRunIsWatchedFromItsPagesToItsEnd() throws Exception {
        KeptWaiting reader = new KeptWaiting();
        book.sandbox.fault(FaultRule.on("/services", reader.fault()).page(2));
        long run = json(post(book, RUNS, "{\"mode\":\"full\"}", key)).path("run").asLong();
        List<String> lines = new ArrayList<>();
        List<JsonNode> seen = new ArrayList<>();
        HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(book.syncline.url() + "/api/v1/runs/" + run + "/events"))
                .header("Authorization", "Bearer " + RunningSyncline.KEY).build(), HttpResponse.BodyHandlers.ofLines()).body().forEach(line -> {
                    lines.add(line);
                    if (line.startsWith("data: ")) {
                        seen.add(RunningSyncline.json(line.substring(6)));
                        if (tellsATotal(seen.get(seen.size() - 1))) {
                            reader.letGo();
                        }
                    }
                });
        assertThat(seen).hasSizeGreaterThanOrEqualTo(2);
        assertThat(seen.get(0).path("phase").asText()).isIn("waiting", "reading");
        assertThat(seen).as("the source says how many there are").anyMatch(WatchedAndOnceTest::tellsATotal);
        JsonNode end = seen.get(seen.size() - 1);
        assertThat(end.path("state").asText()).isEqualTo("published");
        JsonNode report = RunningSyncline.json(book.syncline.call("GET", "/api/v1/runs/" + run, null).body());
        for (JsonNode entity : end.path("entities")) {
            JsonNode told = RunningSyncline.entity(report, entity.path("entity").asText());
            assertThat(entity.path("counts")).isEqualTo(told.path("counts"));
            assertThat(entity.path("delivered")).isEqualTo(told.path("delivered"));
            assertThat(entity.path("planned").asInt()).isZero();
        }
        assertThat(lines.stream().filter(line -> line.startsWith("event: "))).last().isEqualTo("event: end");
    }

    private static boolean tellsATotal(JsonNode event) {
        return event.findValuesAsText("total").stream().anyMatch(total -> !total.equals("null"));
    }
}
