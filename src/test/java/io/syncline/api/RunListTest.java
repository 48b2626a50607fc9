package io.syncline.api;

import io.syncline.access.Role;
import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.api.Doors.Answered;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class RunListTest {
    private static final String REPORT = """
            {"entities":[{"entity":"services","delivered":5,"counts":{"create":2,"unchanged":3},"notPublished":0},
                         {"entity":"materials","delivered":4,"counts":{"unchanged":1},"notPublished":3}]}""";

    private static Doors doors;
    private static String key;

    @BeforeAll
    static void open() {
        doors = Doors.open();
        key = doors.key("looker", "acme", Role.VIEWER);
        StoredRuns runs = new StoredRuns(doors.sql);
        runs.ended("acme", "pricebook", "full", "published", "schedule", "pricebook-full", "2026-11-01T00:00:00Z", REPORT);
        runs.ended("acme", "pricebook", "single", "failed", "api", "ann", "2026-11-02T00:00:00Z", null);
        runs.ended("other", "pricebook", "full", "published", "api", "stranger", "2026-11-02T00:00:00Z", REPORT);
        runs.ended("acme", "stock", "incremental", "partial", "api", "ann", "2026-11-03T00:00:00Z", REPORT);
        long open = runs.running("acme", "pricebook", "full");
        runs.page(open, "services", 1, 10, "{\"UNCHANGED\": 7}", 3);
        runs.page(open, "materials", 1, 4, "{\"UNCHANGED\": 4}", 0);
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    private static List<Integer> numbers(String query) {
        Answered answer = doors.get("/api/v1/runs" + query, key);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return numbers(answer.json());
    }

    private static List<Integer> numbers(JsonNode list) {
        List<Integer> numbers = new ArrayList<>();
        list.path("items").forEach(item -> numbers.add(item.path("run").asInt()));
        return numbers;
    }

    @Test
    void theNewestComesFirstAndOtherOrganisationsRunsAreNotThere() {
        assertThat(numbers("")).containsExactly(5, 4, 2, 1);
        assertThat(doors.get("/api/v1/runs", doors.key("nobodys", "empty", Role.VIEWER)).json().toString()).isEqualTo("{\"items\":[],\"next\":null}");
    }

    @Test
    void filtersCombine() {
        assertThat(numbers("?sync=stock")).containsExactly(4);
        assertThat(numbers("?mode=full")).containsExactly(5, 1);
        assertThat(numbers("?mode=record")).containsExactly(2);
        assertThat(numbers("?mode=single")).containsExactly(2);
        assertThat(numbers("?state=running")).containsExactly(5);
        assertThat(numbers("?trigger=schedule")).containsExactly(1);
        assertThat(numbers("?requestedBy=ann")).containsExactly(4, 2);
        assertThat(numbers("?requestedBy=ann&sync=pricebook")).containsExactly(2);
        assertThat(numbers("?entity=materials")).containsExactly(5);
        assertThat(numbers("?from=2026-11-02T00:00:00Z&to=2026-11-03T00:00:00Z")).containsExactly(2);
        assertThat(numbers("?requestedBy=stranger")).isEmpty();
        assertThat(numbers("?sync=x%27%20or%20true--")).isEmpty();
    }

    @Test
    void aPageSaysWhereTheNextBegins() {
        JsonNode first = doors.get("/api/v1/runs?limit=3", key).json();
        assertThat(numbers(first)).containsExactly(5, 4, 2);
        JsonNode second = doors.get("/api/v1/runs?limit=3&cursor=" + first.path("next").asText(), key).json();
        assertThat(numbers(second)).containsExactly(1);
        assertThat(second.path("next").isNull()).isTrue();
        assertThat(doors.get("/api/v1/runs?limit=4", key).json().path("next").isNull()).isTrue();
        assertThat(doors.get("/api/v1/runs?cursor=nonsense", key).code()).isEqualTo("invalid-cursor");
    }

    @Test
    void countsAreThoseOfAllEntitiesAlsoWhileTheRunGoesOn() {
        JsonNode items = doors.get("/api/v1/runs", key).json().path("items");
        assertThat(items.get(3).path("counts").toString()).isEqualTo("{\"create\":2,\"unchanged\":4}");
        assertThat(items.get(3).path("delivered").asInt()).isEqualTo(9);
        assertThat(items.get(3).path("notPublished").asInt()).isEqualTo(3);
        assertThat(items.get(3).path("durationMs").asInt()).isEqualTo(1500);
        assertThat(items.get(0).path("counts").toString()).isEqualTo("{\"unchanged\":11}");
        assertThat(items.get(0).path("delivered").asInt()).isEqualTo(14);
        assertThat(items.get(0).path("notPublished").asInt()).isEqualTo(3);
        assertThat(items.get(0).path("durationMs").isNull()).isTrue();
        assertThat(items.get(2).path("failure").asText()).isEqualTo("it failed");
    }

    @Test
    void everyMistakeIsNamed() {
        Answered answer = doors.get("/api/v1/runs?mode=big&state=ended&from=yesterday&limit=0", key);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").findValuesAsText("parameter")).containsExactlyInAnyOrder("mode", "state", "from", "limit");
    }
}
