package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.run.Runs;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.KeptWaiting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/** Promise 23: a run that nobody wants any more ends, and nothing of it has moved. */
class CancelTest {
    @TempDir
    private static Path folder;
    private static Pricebook book;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
        book.full();
        book.sandbox.clock().advance(Duration.ofHours(1));
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    private static HttpResponse<String> cancel(long run) {
        return book.syncline.call("POST", "/api/v1/runs/" + run + "/cancel", null);
    }

    @Test
    void aRunUnderWayEndsAtItsNextPageAndLeavesNothing() {
        Instant mark = book.mark("materials");
        book.sandbox.put(Entity.MATERIALS, book.anyOf(Entity.MATERIALS), "{\"cost\": 4321}");
        List<String> before = book.everythingStored();
        KeptWaiting reader = new KeptWaiting();
        book.sandbox.fault(FaultRule.on("/materials", reader.fault()).page(3));
        long run = book.syncline.bean(Runs.class).request(RunningSyncline.request("pricebook", Mode.FULL)).run();
        until(() -> book.count("syncline.run_page where run_id = ? and entity = 'materials'", run) == 2);
        CompletableFuture<HttpResponse<String>> cancelled = CompletableFuture.supplyAsync(() -> cancel(run));
        until(() -> book.count("syncline.run where id = ? and cancel_asked_by is not null", run) == 1);
        reader.letGo();
        HttpResponse<String> answer = cancelled.join();
        book.sandbox.clearFaults();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode report = Pricebook.checked(RunningSyncline.json(answer.body()));
        assertThat(state(report)).isEqualTo("cancelled");
        assertThat(report.path("failure").asText()).startsWith("Cancelled by ");
        assertThat(book.everythingStored()).isEqualTo(before);
        assertThat(book.mark("materials")).isEqualTo(mark);
        until(() -> book.stagedRows() == 0);
        assertThat(cancel(run).statusCode()).as("it has ended").isEqualTo(409);
        assertThat(state(book.incremental())).as("the lease is free").isEqualTo("published");
    }

    @Test
    void aRunThatThereIsNotIsNotFound() {
        assertThat(cancel(987_654).statusCode()).isEqualTo(404);
        assertThat(book.syncline.call("POST", "/api/v1/runs/x/cancel", null).statusCode()).isEqualTo(400);
    }
}
