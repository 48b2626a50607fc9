package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.run.AnotherRunIsActive;
import io.syncline.run.Mode;
import io.syncline.run.Runs;
import io.syncline.run.Ticket;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.KeptWaiting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Promises 22 and 23 through the whole product: who runs beside whom, and that every run ends. */
class TwoAtOnceTest extends OnePricebook {
    private final KeptWaiting reader = new KeptWaiting();

    @BeforeEach
    void nothingAsked() {
        book.sandbox.clearJournal();
    }

    @Override
    @AfterEach
    void everyRunEnds() {
        reader.letGo();
        super.everyRunEnds();
        until(() -> book.stagedRows() == 0);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return RunningSyncline.json(answer.body());
    }

    /** It has its first page of services and waits for the second until {@link #reader} lets it go. */
    private CompletableFuture<JsonNode> fullRunUnderWay() {
        book.sandbox.fault(FaultRule.on("/services", reader.fault()).page(2));
        CompletableFuture<JsonNode> run = CompletableFuture.supplyAsync(() -> json(book.syncline.call("POST", "/api/sync/pricebook/full", "{}")));
        reader.awaitAsked();
        return run;
    }

    @Test
    void anEqualRequestJoinsAndADifferentOneIsRefusedWithTheRunsNumber() {
        CompletableFuture<JsonNode> first = fullRunUnderWay();
        long active = book.one("select id from syncline.run where finished_at is null", Long.class);
        HttpResponse<String> different = book.syncline.call("POST", "/api/sync/pricebook/incremental", "{}");
        assertThat(different.statusCode()).as(different.body()).isEqualTo(409);
        assertThat(json(different).path("run").asLong()).isEqualTo(active);
        assertThat(json(different).path("detail").asText()).contains("Run " + active);
        CompletableFuture<HttpResponse<String>> asked = CompletableFuture.supplyAsync(() -> book.syncline.call("POST", "/api/sync/pricebook/full", "{}"));
        until(() -> book.count("syncline.activity where action = 'run-joined' and run_id = ?", active) == 1);
        reader.letGo();
        HttpResponse<String> equal = asked.join();
        assertThat(json(equal).path("run").asLong()).as(equal.body()).isEqualTo(active);
        assertThat(json(equal).path("joined").asBoolean()).isTrue();
        assertThat(state(first.join())).isEqualTo("published");
        assertThat(first.join().path("run").asLong()).isEqualTo(active);
    }

    @Test
    void singleRecordsAndDryRunsGoOnBesideALongRun() {
        long id = book.anyOf(Entity.MATERIALS);
        CompletableFuture<JsonNode> run = fullRunUnderWay();
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 61.5}");
        assertThat(counts(book.single("materials", id), "materials")).isEqualTo(Map.of("update", 1));
        assertThat(state(book.run(Mode.INCREMENTAL, true, null, "materials", null))).isEqualTo("planned");
        assertThat(run.isDone()).as("the long run is still under way").isFalse();
        reader.letGo();
        assertThat(state(run.join())).isEqualTo("published");
        assertThat(book.columns("materials", id, "cost")).as("what is older does not come back").isEqualTo("61.5");
    }

    /** Promises 9 and 30. */
    @Test
    void aRecordThatDoesNotTellItsOrderWaitsForTheLongRunBesideItAndTheReportSaysSo() {
        long id = book.anyOf(Entity.MATERIALS);
        book.sandbox.clock().set(book.sandbox.clock().now());
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 71}");
        book.full();
        book.sandbox.clearJournal();
        CompletableFuture<JsonNode> run = fullRunUnderWay();
        long active = book.one("select id from syncline.run where finished_at is null", Long.class);
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 72}");
        JsonNode report = book.single("materials", id);
        assertThat(run.isDone()).as("the long run is still under way").isFalse();
        assertThat(counts(report, "materials")).isEqualTo(Map.of("stale", 1));
        assertThat(Pricebook.reasons(report, "materials")).containsExactly(id + " stays as it was: may have been read before what was last agreed, because run "
                + active + " is under way and nothing in the record tells which of the two read it later; ask for it again when run " + active + " has ended.");
        reader.letGo();
        assertThat(state(run.join())).isEqualTo("published");
        assertThat(counts(book.single("materials", id), "materials")).hasSize(1).containsAnyOf(Map.entry("update", 1), Map.entry("unchanged", 1));
        assertThat(book.columns("materials", id, "cost")).isEqualTo("72");
        book.sandbox.clock().release();
    }

    @Test
    void twoProcessesShareOneLease() {
        Pricebook other = book.another(Map.of());
        try {
            CompletableFuture<JsonNode> run = fullRunUnderWay();
            long active = book.one("select id from syncline.run where finished_at is null", Long.class);
            Runs runs = other.syncline.bean(Runs.class);
            assertThat(runs.request(RunningSyncline.request("pricebook", Mode.FULL))).isEqualTo(new Ticket(active, true));
            assertThatThrownBy(() -> runs.request(RunningSyncline.request("pricebook", Mode.INCREMENTAL))).isInstanceOf(AnotherRunIsActive.class);
            reader.letGo();
            assertThat(runs.awaitEnd(active, Duration.ofMinutes(2))).as("one waits for the other's run").isTrue();
            assertThat(state(run.join())).isEqualTo("published");
            assertThat(state(other.incremental())).isEqualTo("published");
        } finally {
            other.stop();
        }
    }

    @Test
    void whatIsStillStagedOfARunThatHasEndedIsThrownAway() {
        long ended = book.one("select max(id) from syncline.run where finished_at is not null", Long.class);
        book.sql().sql("insert into syncline_staging.page (run_id, entity, number, seen) values (?, 'services', 1, '{1}')").param(ended).update();
        book.sql().sql("update syncline.run set finished_at = finished_at - interval '2 minutes' where id = ?").param(ended).update();
        Pricebook next = book.another(Map.of());
        try {
            until(() -> book.stagedRows() == 0);
        } finally {
            next.stop();
        }
    }

    /** Promise 23: being stopped is no end of a run; the next process goes on with it. */
    @Test
    void aRunWhoseProcessIsStoppedGoesOnInTheNext() {
        Pricebook stopped = book.another(Map.of());
        for (long id : book.sandbox.snapshot(Entity.SERVICES).keySet()) {
            book.sandbox.put(Entity.SERVICES, id, "{\"price\": 6543}");
        }
        book.sandbox.fault(FaultRule.on("/services", reader.fault()).page(2).call(1));
        long run = stopped.syncline.bean(Runs.class).request(RunningSyncline.request("pricebook", Mode.FULL)).run();
        reader.awaitAsked();
        until(() -> book.count("syncline_staging.page where run_id = ? and entity = 'services'", run) > 0);
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> stopped.syncline.bean(Runs.class).awaitEnd(run, Duration.ofMinutes(2)));
        stopped.stop();
        assertThat(waiting.join()).as("who waits there is told that it goes on").isFalse();
        assertThat(book.count("pricebook.services where price = 6543")).isZero();
        until(() -> book.count("syncline.run where id = ? and state = 'published' and takeovers = 1", run) == 1);
        assertThat(book.count("pricebook.services where price = 6543 and deleted_at is null")).isEqualTo(book.count("pricebook.services_live"));
        assertThat(book.asked("/services").stream().filter(query -> query.matches("(.*&)?page=1(&.*)?")).count()).as("its first page was read once").isOne();
    }
}
