package io.syncline.api;

import io.syncline.access.Role;
import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.api.Doors.Answered;
import io.syncline.api.Listener.Event;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class RunEventsTest {
    private static final String QUERY = "left join syncline.run_entity e on e.run_id = r.id";

    private static Doors doors;
    private static StoredRuns runs;
    private static String key;

    @BeforeAll
    static void open() {
        doors = Doors.open("--syncline.api.watchers=6", "--logging.level.org.springframework.jdbc.core.JdbcTemplate=debug");
        runs = new StoredRuns(doors.sql);
        key = doors.key("looker", "acme", Role.VIEWER);
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    private static String events(long run) {
        return "/api/v1/runs/" + run + "/events";
    }

    private static int watchers() {
        return doors.application.getBean(RunFeed.class).watchers();
    }

    /** Whoever watched for the test before is gone, which the next comment finds out: six seats are few, so each test waits for all of them. */
    @BeforeEach
    void awaitAllSeats() {
        await().atMost(Duration.ofMinutes(2)).until(() -> watchers() == 0);
    }

    @Test
    void theCountsMoveWhileTheRunDoesAndTheEndEndsIt() {
        long run = runs.running("acme", "pricebook", "full");
        runs.page(run, "services", 1, 10, "{\"UNCHANGED\": 7}", 3);
        try (Listener listener = Listener.to(doors, events(run), key)) {
            assertThat(listener.status()).isEqualTo(200);
            assertThat(listener.header("Content-Type")).startsWith("text/event-stream");
            assertThat(listener.next()).isEqualTo("retry: 2000");
            Event first = listener.event();
            assertThat(first.type()).isEqualTo("progress");
            assertThat(first.data().path("phase").asText()).isEqualTo("reading");
            JsonNode services = first.data().path("entities").get(0);
            assertThat(services.toString()).isEqualTo("{\"entity\":\"services\",\"state\":\"reading\",\"pages\":1,\"delivered\":10,\"total\":null,"
                    + "\"counts\":{\"unchanged\":7},\"planned\":3}");

            runs.page(run, "services", 2, 20, "{\"UNCHANGED\": 20}", 0);
            Event moved = listener.event(data -> data.path("delivered").asLong() == 30);
            assertThat(RunFeed.EVERY_MILLIS).as("the next look tells it, and comes soon").isLessThanOrEqualTo(1000);
            assertThat(moved.data().path("entities").get(0).path("counts").path("unchanged").asInt()).isEqualTo(27);
            assertThat(moved.id()).isNotEqualTo(first.id());

            doors.sql.sql("update syncline.run_entity set state = 'planned' where run_id = ?").param(run).update();
            assertThat(listener.event(data -> !data.path("phase").asText().equals("reading")).data().path("phase").asText()).isEqualTo("planning");
            doors.sql.sql("update syncline.run set state = 'publishing' where id = ?").param(run).update();
            listener.event(data -> data.path("phase").asText().equals("publishing"));

            runs.end(run, "published");
            Event end = listener.event(data -> data.path("phase").asText().equals("ended"));
            assertThat(end.type()).isEqualTo("end");
            assertThat(end.data().path("state").asText()).isEqualTo("published");
            listener.untilClosed();
            assertThat(doors.get(events(run), key, "Last-Event-ID", end.id()).status()).as("it need not come back").isEqualTo(204);
            assertThat(doors.get(events(run), key, "Last-Event-ID", moved.id()).text()).as("whoever missed the end is told").contains("event: end");
        }
    }

    @Test
    void theRateIsThatOfTheLastSeconds() {
        Pace pace = new Pace();
        assertThat(pace.at(0, 100)).isZero();
        assertThat(pace.at(1_000_000_000L, 600)).isEqualTo(500);
        assertThat(pace.at(2_000_000_000L, 1101)).isEqualTo(500.5);
        assertThat(pace.at(20_000_000_000L, 1101)).isZero();
        assertThat(pace.at(21_000_000_000L, 1111)).isLessThan(11);
    }

    @Test
    void whatWasSeenBeforeIsNotToldAgain() {
        long run = runs.running("acme", "pricebook", "full");
        runs.page(run, "services", 1, 10, "{}", 10);
        String seen;
        try (Listener listener = Listener.to(doors, events(run), key)) {
            seen = listener.event().id();
        }
        try (Listener again = Listener.to(doors, events(run), key, "Last-Event-ID", seen)) {
            assertThat(again.next()).isEqualTo("retry: 2000");
            assertThat(again.next()).as("nothing but that it is alive").startsWith(":");
        }
    }

    @Test
    void anotherOrganisationsRunIsAnsweredLikeOneThatDoesNotExist() {
        long run = runs.running("acme", "pricebook", "full");
        String stranger = doors.key("stranger", "other", Role.ADMIN);
        Answered theirs = doors.get(events(run), stranger, "X-Request-Id", "same");
        assertThat(theirs.status()).isEqualTo(404);
        assertThat(theirs.text()).isEqualTo(doors.get(events(999_999), stranger, "X-Request-Id", "same").text());
    }

    @Test
    void whoeverMayNotWatchAnyMoreSeesNothingMore() {
        long run = runs.running("acme", "pricebook", "full");
        String leaver = doors.key("leaver", "acme", Role.VIEWER);
        try (Listener listener = Listener.to(doors, events(run), leaver)) {
            listener.event();
            doors.sql.sql("update syncline.api_key set revoked_at = now() where name = 'leaver'").update();
            assertThat(listener.comment()).contains("may not watch");
            listener.untilClosed();
        }
    }

    @Test
    void soManyWatchAndNoMoreAndWhoeverGoesMakesRoom() {
        long run = runs.running("acme", "pricebook", "full");
        List<Listener> listeners = new ArrayList<>();
        for (int each = 0; each < 6; each++) {
            listeners.add(Listener.to(doors, events(run), key));
            listeners.get(each).event();
        }
        Answered refused = doors.get(events(run), key);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("too-many-watchers");
        assertThat(refused.header("Retry-After")).isEqualTo("5");
        listeners.forEach(Listener::close);
        awaitAllSeats();
        try (Listener next = Listener.to(doors, events(run), key)) {
            next.event();
        }
    }

    @Test
    void howeverManyWatchTheRunIsLookedAtOnceASecond(CapturedOutput output) {
        long run = runs.running("acme", "pricebook", "full");
        List<Listener> listeners = new ArrayList<>();
        for (int each = 0; each < 6; each++) {
            listeners.add(Listener.to(doors, events(run), key));
            listeners.get(each).event();
        }
        long began = System.nanoTime();
        int before = queries(output);
        for (int page = 1; page <= 4; page++) {
            runs.page(run, "services", page, 1, "{}", 1);
            long delivered = page;
            listeners.forEach(listener -> listener.event(data -> data.path("delivered").asLong() == delivered));
        }
        int looks = queries(output) - before;
        long seconds = (System.nanoTime() - began) / 1_000_000_000L;
        assertThat(looks).isBetween(3, (int) seconds + 2);
        listeners.forEach(Listener::close);
    }

    private static int queries(CapturedOutput output) {
        return output.getOut().split(QUERY, -1).length - 1;
    }

    @Test
    void aStopWaitsForNobodyWhoWatches(CapturedOutput output) {
        Doors stopped = Doors.open("--logging.level.org.springframework.boot.web.embedded.tomcat.GracefulShutdown=info");
        long run = new StoredRuns(stopped.sql).running("acme", "pricebook", "full");
        try (Listener listener = Listener.to(stopped, events(run), stopped.key("looker", "acme", Role.VIEWER))) {
            listener.event();
            stopped.close();
            listener.untilClosed();
            assertThat(output.getOut()).contains("Graceful shutdown complete").doesNotContain("Graceful shutdown aborted");
        }
    }
}
