package io.syncline.api;

import io.syncline.access.Keys;
import io.syncline.access.Role;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.access.Keys;
import io.syncline.access.Role;
import io.syncline.run.Mode;
import io.syncline.run.Runs;
import io.syncline.schedule.Turnstile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How a sync stands and what its schedules do, as people and programs see it from outside, over the life of a small sync. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StateDoorTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String NEVER = "0 0 0 1 1 ? 2099";

    @TempDir
    private static Path folder;
    private static Turnstile source;
    private static String database;
    private static RunningSyncline syncline;
    private static String viewer;
    private static String operator;
    private static String stranger;

    @BeforeAll
    static void start() {
        source = new Turnstile();
        source.configure(folder, "{incremental: \"" + NEVER + "\", full: \"" + NEVER + "\", jitter: 30s}");
        database = TestPostgres.url();
        begin();
        viewer = key("Vera", "default", Role.VIEWER);
        operator = key("Otto", "default", Role.OPERATOR);
        stranger = key("Sam", "elsewhere", Role.ADMIN);
    }

    private static void begin() {
        syncline = RunningSyncline.start(folder, database, Map.of("syncline.schedules.enabled", "true"));
    }

    private static String key(String name, String organisation, Role role) {
        return syncline.bean(Keys.class).make(name, organisation, role, "test").text();
    }

    @AfterAll
    static void stop() {
        source.close();
        syncline.close();
    }

    private static HttpResponse<String> send(String method, String path, String key, String body) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(syncline.url() + "/api" + path)).header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", path, viewer, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** The sync once so many items are counted: where counting takes more than a moment, a look tells the counts from before and has new ones made. */
    private static JsonNode counted(long total) {
        return await().atMost(Duration.ofMinutes(1)).until(() -> get("/v1/syncs/goods"),
                state -> state.path("entities").get(0).path("total").asLong() == total);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The members that the contract declares. */
    private static List<String> declared(String schema) throws IOException {
        try (InputStream file = Contract.class.getResourceAsStream("/api/openapi.yaml")) {
            Map<?, ?> contract = new Yaml().load(file);
            Map<?, ?> schemas = (Map<?, ?>) ((Map<?, ?>) contract.get("components")).get("schemas");
            return ((Map<?, ?>) ((Map<?, ?>) schemas.get(schema)).get("properties")).keySet().stream().map(String.class::cast).toList();
        }
    }

    private static String colour(JsonNode state) {
        return state.path("status").asText() + ": " + state.path("why").get(0).asText();
    }

    @Test
    @Order(1)
    void aSyncThatHasNeverRunSaysSo() throws Exception {
        JsonNode state = get("/v1/syncs/goods");
        assertThat(colour(state)).isEqualTo("yellow: It has never run.");
        assertThat(names(state)).containsExactlyElementsOf(declared("SyncState"));
        assertThat(state.path("lastFull").isNull()).isTrue();
        assertThat(state.path("freshAsOf").isNull()).isTrue();
        assertThat(state.path("nextScheduled").asText()).isEqualTo("2099-01-01T00:00:00Z");
        assertThat(get("/sync/goods/status").path("lastFullSync").isNull()).isTrue();
    }

    @Test
    @Order(2)
    void aRunUnderWayIsSeenWithWhatItHasDone() throws Exception {
        source.shut();
        long run = syncline.bean(Runs.class).request(RunningSyncline.request("goods", Mode.FULL)).run();
        await().atMost(Duration.ofMinutes(1)).until(() -> get("/v1/syncs/goods").path("activity").path("phase").asText().equals("reading")
                && get("/v1/syncs/goods").path("activity").path("entities").size() == 1);
        JsonNode activity = get("/v1/syncs/goods").path("activity");
        assertThat(names(activity)).containsExactlyElementsOf(declared("Activity"));
        assertThat(activity.path("run").asLong()).isEqualTo(run);
        assertThat(activity.path("records").asLong()).isZero();
        source.open();
        await().atMost(Duration.ofMinutes(1)).until(() -> get("/v1/syncs/goods").path("activity").isNull());
    }

    @Test
    @Order(3)
    void afterASuccessItIsGreenWithItsNumbers() throws Exception {
        JsonNode state = counted(3);
        assertThat(colour(state)).isEqualTo("green: In step; nothing waits for anybody.");
        assertThat(names(state.path("lastFull"))).containsExactlyElementsOf(declared("LastRun"));
        assertThat(state.path("lastFull").path("state").asText()).isEqualTo("published");
        assertThat(state.path("lastIncremental").isNull()).isTrue();
        assertThat(state.path("freshAsOf").asText()).isEqualTo(state.path("lastFullSuccess").path("startedAt").asText());
        JsonNode items = state.path("entities").get(0);
        assertThat(names(items)).containsExactlyElementsOf(declared("EntityState"));
        assertThat(items.path("total").asLong()).isEqualTo(3);
        assertThat(items.path("synced").asLong()).isEqualTo(3);
        assertThat(items.path("watermark").isTextual()).isTrue();
    }

    @Test
    @Order(4)
    void theStatusOfTheToolsBeforeHasTheirShape() throws Exception {
        JsonNode status = get("/sync/goods/status");
        List<String> expected = new ArrayList<>(declared("SyncStatus"));
        expected.add("items");
        assertThat(names(status)).containsExactlyElementsOf(expected);
        assertThat(status.path("items")).isEqualTo(JSON.readTree("{\"total\": 3, \"synced\": 3, \"pending\": 0, \"conflicts\": 0}"));
        assertThat(status.path("lastFullSync").isTextual()).isTrue();
        assertThat(status.path("status").asText()).isEqualTo("green");
    }

    @Test
    @Order(5)
    void whatSomebodyEditsIsCountedAtTheNextLooks() throws Exception {
        syncline.sql().sql("update goods.items set name = 'Hose 2' where sk_id = '2'").update();
        syncline.sql().sql("delete from goods.items where sk_id = '3'").update();
        JsonNode items = counted(2).path("entities").get(0);
        assertThat(items.path("deleted").asLong()).isOne();
        assertThat(items.path("pending").asLong() + items.path("synced").asLong()).isEqualTo(2);
    }

    @Test
    @Order(5)
    void whatTheSystemDidNotTakeIsToldWithItsWords() throws Exception {
        JsonNode pushes = get("/v1/syncs/goods").path("pushes");
        assertThat(names(pushes)).containsExactlyElementsOf(declared("PushState"));
        assertThat(pushes.path("refused").asLong() + pushes.path("unknown").asLong()).isZero();
        push("parked", "Price must not be negative.");
        JsonNode refused = get("/v1/syncs/goods");
        assertThat(refused.path("status").asText()).isEqualTo("yellow");
        assertThat(refused.path("why").get(0).asText()).isEqualTo("1 edit was refused by the system; change it or discard it.");
        assertThat(refused.path("pushes").path("refused").asLong()).isOne();
        assertThat(refused.path("recentErrors").get(0).path("error").asText()).isEqualTo("update 4711: Price must not be negative.");
        push("unknown", "Nobody can tell.");
        assertThat(get("/sync/goods/status").path("status").asText()).isEqualTo("red");
        syncline.sql().sql("delete from syncline.push").update();
    }

    private static void push(String state, String reason) {
        syncline.sql().sql("""
                insert into syncline.push (sync, entity, organisation, row_id, key, action, state, document, hash, agreed, agreed_hash, run_id, created_at,
                    first_sent_at, reason)
                select 'goods', 'items', 'default', 4711 + (select count(*) from syncline.push), '4711', 'update', ?, '{}', '', '{}', '', max(id), now(),
                    now(), ? from syncline.run""").params(state, reason).update();
    }

    @Test
    @Order(6)
    void aFailedRunIsRedAndSaysWhy() throws Exception {
        source.breakDown(true);
        syncline.incremental("goods");
        source.breakDown(false);
        JsonNode state = get("/v1/syncs/goods");
        assertThat(state.path("status").asText()).isEqualTo("red");
        assertThat(state.path("why").get(0).asText()).startsWith("The last incremental run (").contains("500");
        assertThat(state.path("recentErrors").get(0).path("error").asText()).contains("500");
        assertThat(state.path("lastFull").path("state").asText()).isEqualTo("published");
    }

    @Test
    @Order(7)
    void theListHasAllOfAnOrganisationAndNothingOfOthers() throws Exception {
        JsonNode list = get("/v1/syncs");
        assertThat(list.path("items")).hasSize(1);
        assertThat(list.path("items").get(0).path("sync").asText()).isEqualTo("goods");
        assertThat(list.path("next").isNull()).isTrue();
        assertThat(JSON.readTree(send("GET", "/v1/syncs", stranger, "").body()).path("items")).isEmpty();
        assertThat(JSON.readTree(send("GET", "/v1/schedules", stranger, "").body()).path("items")).isEmpty();
        for (String path : List.of("/v1/syncs/goods", "/sync/goods/status", "/v1/syncs/nothing", "/sync/nothing/status")) {
            assertThat(send("GET", path, path.contains("nothing") ? viewer : stranger, "").statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    @Order(8)
    void schedulesAreListedPageByPage() throws Exception {
        JsonNode first = get("/v1/schedules?limit=1");
        assertThat(names(first.path("items").get(0))).containsExactlyElementsOf(declared("Schedule"));
        assertThat(first.path("items").get(0).path("name").asText()).isEqualTo("goods-default-full");
        assertThat(first.path("items").get(0).path("jitterSeconds").asInt()).isEqualTo(30);
        JsonNode second = get("/v1/schedules?limit=1&cursor=" + first.path("next").asText());
        assertThat(second.path("items").get(0).path("name").asText()).isEqualTo("goods-default-incremental");
        assertThat(second.path("next").isNull()).isTrue();
    }

    @Test
    @Order(9)
    void aPausedScheduleStaysSoOverARestartUntilItIsResumed() throws Exception {
        String path = "/v1/schedules/goods-default-full/";
        assertThat(send("POST", path + "pause", viewer, "").statusCode()).isEqualTo(403);
        assertThat(send("POST", path + "pause", stranger, "").statusCode()).isEqualTo(404);
        assertThat(send("POST", path + "pause", operator, "{\"until\": \"tomorrow\"}").statusCode()).isEqualTo(400);
        syncline.sql().sql("update syncline.schedule set owed_since = now() + interval '1 hour'").update();
        JsonNode paused = JSON.readTree(send("POST", path + "pause", operator, "").body());
        assertThat(paused.path("pausedBy").asText()).as(paused.toString()).isEqualTo("Otto");
        assertThat(paused.path("next").isNull()).isTrue();
        assertThat(paused.path("owedSince").isNull()).isTrue();
        syncline.close();
        begin();
        assertThat(get("/v1/schedules").path("items").get(0).path("pausedAt")).isEqualTo(paused.path("pausedAt"));
        assertThat(get("/v1/syncs/goods").path("why").toString()).contains("The schedule goods-default-full is paused by Otto.");
        JsonNode resumed = JSON.readTree(send("POST", path + "resume", operator, "").body());
        assertThat(resumed.path("paused").asBoolean()).isFalse();
        assertThat(resumed.path("next").asText()).isEqualTo("2099-01-01T00:00:00Z");
        assertThat(send("POST", "/v1/schedules/nothing/resume", operator, "").statusCode()).isEqualTo(404);
    }
}
