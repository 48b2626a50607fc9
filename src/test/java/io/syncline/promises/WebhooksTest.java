package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Promise 25 over the running product; nothing looks by itself unless a test says so. */
class WebhooksTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String OLD = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static String database;
    private static ServiceTitanSandbox sandbox;
    private static RunningSyncline syncline;

    @BeforeAll
    static void open() {
        database = TestPostgres.url();
        sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(60));
        syncline = RunningSyncline.start(Path.of("config"), database, settings(Map.of()));
        syncline.full("pricebook");
    }

    @AfterAll
    static void close() {
        syncline.close();
        sandbox.close();
    }

    private static Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new TreeMap<>(Map.of("SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(),
                "SERVICETITAN_PRIVATE_NETWORK", "true", "SERVICETITAN_TENANT", sandbox.options().tenant(),
                "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(), "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(),
                "SERVICETITAN_APP_KEY", sandbox.options().appKey(), "SERVICETITAN_WEBHOOK_SECRET", SECRET, "SERVICETITAN_WEBHOOK_PREVIOUS_SECRET", OLD));
        settings.putAll(more);
        return settings;
    }

    @Test
    void whatIsToldIsKeptAndThenRead() {
        sandbox.put(Entity.MATERIALS, 8001, "{\"price\": 77.75}");
        HttpResponse<String> answer = tell("a-1", body("materials", "8001"), SECRET, 0);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        JsonNode kept = newest();
        assertThat(kept.path("state").asText()).isEqualTo("waiting");
        assertThat(kept.path("delivery").asText()).isEqualTo("a-1");
        assertThat(price(8001)).isNotEqualTo("77.75");
        look();
        await().atMost(Duration.ofSeconds(60)).until(() -> price(8001).equals("77.75"));
        assertThat(settled(kept.path("id").asLong()).path("state").asText()).isEqualTo("done");
        JsonNode run = RunningSyncline.json(syncline.call("GET", settled(kept.path("id").asLong()).path("runHref").asText(), null).body());
        assertThat(run.path("trigger").asText()).isEqualTo("webhook");
    }

    @Test
    void theSameMessageAgainDoesNothing() {
        byte[] body = body("materials", "8002");
        assertThat(tell("b-1", body, SECRET, 0).body()).contains("true");
        long rows = rows();
        HttpResponse<String> again = tell("b-1", body, SECRET, -200);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.body()).contains("false");
        settle();
        assertThat(tell("b-1", body, SECRET, 0).body()).as("also once it has been read").contains("false");
        assertThat(rows()).isEqualTo(rows);
        assertThat(tell("b-1", body("materials", "8003"), SECRET, 0).body()).as("another message under the same id is not lost").contains("true");
    }

    @Test
    void whoIsNotKnownIsNotTold() {
        byte[] body = body("materials", "8001");
        long rows = rows();
        assertRefused(tell("c-1", body, "whsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB", 0));
        assertRefused(tell("c-1", body, SECRET, 400));
        assertRefused(tell("c-1", body, SECRET, -310));
        assertRefused(send("servicetitan", body, Map.of()));
        Map<String, String> signed = signed("c-1", body, SECRET, 0);
        assertRefused(send("servicetitan", new String(body, StandardCharsets.UTF_8).replace(":", ": ").getBytes(StandardCharsets.UTF_8), signed));
        assertThat(rows()).isEqualTo(rows);
        assertThat(send("sap", body, signed).statusCode()).isEqualTo(404);
        assertThat(send("nothing", body, signed).body().replaceAll("\"requestId\".*", ""))
                .isEqualTo(send("sap", body, signed).body().replaceAll("\"requestId\".*", ""));
    }

    @Test
    void theSecretBeforeIsGoodWhileANewOneIsIntroduced() {
        assertThat(tell("d-1", body("materials", "8004"), OLD, 0).statusCode()).isEqualTo(202);
        settle();
    }

    @Test
    void manyMessagesGatherInFewRuns() {
        settle();
        long runs = runs();
        for (int at = 0; at < 30; at++) {
            tell("e-" + at, body("materials", Integer.toString(8005 + at % 10)), SECRET, 0);
        }
        look();
        settle();
        assertThat(runs() - runs).isLessThanOrEqualTo(2);
        assertThat(syncline.sql().sql("select count(*) from syncline.webhook where delivery like 'e-%' and state = 'done'").query(Integer.class).single())
                .isEqualTo(30);
    }

    @Test
    void whatIsToldWhileARecordIsBeingReadIsReadAfterIt() throws SQLException {
        settle();
        sandbox.put(Entity.MATERIALS, 8020, "{\"price\": 1.25}");
        sandbox.clearJournal();
        try (Connection publisher = DriverManager.getConnection(database)) {
            publisher.setAutoCommit(false);
            publisher.createStatement().execute("select from syncline.turn where sync = 'pricebook' and organisation = 'default' for update");
            tell("f-1", body("materials", "8020"), SECRET, 0);
            look();
            await().atMost(Duration.ofSeconds(60)).until(() -> sandbox.journal().stream().anyMatch(call -> call.path().endsWith("/materials/8020")));
            sandbox.put(Entity.MATERIALS, 8020, "{\"price\": 2.25}");
            tell("f-2", body("materials", "8020"), SECRET, 0);
            look();
            assertThat(syncline.sql().sql("select delivery || ' ' || state from syncline.webhook where key = '8020' order by delivery").query(String.class)
                    .list()).as("what was read cannot be published yet").containsExactly("f-1 reading", "f-2 waiting");
            publisher.rollback();
        }
        settle();
        assertThat(price(8020)).isEqualTo("2.25");
    }

    @Test
    void whatCannotBeReadIsReadAgainLater() {
        settle();
        sandbox.put(Entity.MATERIALS, 8021, "{\"price\": 3.25}");
        sandbox.fault("/materials/8021 call=1 -> status 403");
        tell("g-1", body("materials", "8021"), SECRET, 0);
        look();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            look();
            return syncline.sql().sql("select attempts from syncline.webhook where delivery = 'g-1'").query(Integer.class).single() > 0;
        });
        JsonNode waits = one("g-1");
        assertThat(waits.path("state").asText()).isEqualTo("waiting");
        assertThat(waits.path("reason").asText()).contains("403");
        settle();
        assertThat(price(8021)).isEqualTo("3.25");
        sandbox.clearFaults();
    }

    /** B12: nobody has to look for a message that led to nothing. It is over once its record was read, by whatever. */
    @Test
    void whatCouldNotBeReadAtAllColoursTheStatusUntilItIsRead() {
        settle();
        for (long id : new long[] {8022, 8023}) {
            String delivery = "h-" + id;
            sandbox.fault("/materials/" + id + " call=1 -> status 403");
            tell(delivery, body("materials", Long.toString(id)), SECRET, 0);
            syncline.sql().sql("update syncline.webhook set attempts = 9 where delivery = ?").param(delivery).update();
            await().atMost(Duration.ofSeconds(120)).until(() -> {
                look();
                return one(delivery).path("state").asText().equals("failed");
            });
        }
        long last = one("h-8023").path("id").asLong();
        JsonNode state = state();
        assertThat(state.path("status").asText()).isEqualTo("yellow");
        assertThat(state.path("webhooks").path("failed").asInt()).isEqualTo(2);
        assertThat(state.path("webhooks").path("last").asLong()).isEqualTo(last);
        assertThat(state.path("webhooks").path("reason").asText()).contains("403");
        assertThat(state.path("why").toString()).contains("2 records that the system told of by webhooks could not be read, the last by webhook " + last,
                "Have it replayed, or run in full.");
        assertThat(state.path("recentErrors").path(0).path("mode").asText() + state.path("recentErrors").path(0).path("error").asText())
                .startsWith("webhookwebhook " + last + ", record 8023: ");
        sandbox.clearFaults();
        syncline.call("POST", "/api/v1/webhooks/" + last + "/replay", null);
        settle();
        assertThat(state().path("webhooks").path("failed").asInt()).isOne();
        syncline.full("pricebook");
        assertThat(state().path("webhooks").toString()).isEqualTo("{\"waiting\":0,\"failed\":0,\"last\":null,\"reason\":null}");
        assertThat(state().path("why").toString()).doesNotContain("webhook");
    }

    private static JsonNode state() {
        return RunningSyncline.json(syncline.call("GET", "/api/v1/syncs/pricebook", null).body());
    }

    @Test
    void whatLeadsNowhereIsKeptWithItsReason() {
        tell("h-1", body("invoices", "1"), SECRET, 0);
        assertThat(one("h-1").path("state").asText()).isEqualTo("ignored");
        assertThat(one("h-1").path("reason").asText()).isEqualTo("No entity that is read record by record comes from \"invoices\".");
        tell("h-2", "{\"hello\": [1]}".getBytes(StandardCharsets.UTF_8), SECRET, 0);
        assertThat(one("h-2").path("reason").asText()).isEqualTo("It does not say what it is about, at data.entity.");
        tell("h-3", "not json".getBytes(StandardCharsets.UTF_8), SECRET, 0);
        assertThat(one("h-3").path("reason").asText()).isEqualTo("It is not JSON.");
        tell("h-5", "{\"data\": {\"entity\": \"materials\", \"id\": \"\\ud800\"}}".getBytes(StandardCharsets.UTF_8), SECRET, 0);
        assertThat(one("h-5").path("reason").asText()).as("half of a character").isEqualTo("It does not say which record it is about, at data.id.");
        tell("h-4", body("invoices", "\"${sys.user.home}\""), SECRET, 0);
        assertThat(one("h-4").path("key").asText()).isEqualTo("${sys.user.home}");
    }

    @Test
    void anOperatorHasItReadAgain() {
        tell("i-1", body("materials", "8022"), SECRET, 0);
        settle();
        long id = one("i-1").path("id").asLong();
        sandbox.put(Entity.MATERIALS, 8022, "{\"price\": 4.25}");
        JsonNode again = RunningSyncline.json(syncline.call("POST", "/api/v1/webhooks/" + id + "/replay", null).body());
        assertThat(again.path("state").asText()).isEqualTo("waiting");
        settle();
        assertThat(price(8022)).isEqualTo("4.25");
        assertThat(syncline.call("POST", "/api/v1/webhooks/987654/replay", null).statusCode()).isEqualTo(404);
        assertThat(syncline.sql().sql("select count(*) from syncline.activity where action = 'webhook-replayed' and key = '8022'").query(Integer.class)
                .single()).isEqualTo(1);
        assertThat(syncline.call("GET", "/api/v1/webhooks?state=some", null).statusCode()).isEqualTo(400);
    }

    @Test
    void whatWaitedWhenTheProcessDiedIsReadByTheNext() {
        settle();
        sandbox.put(Entity.EQUIPMENT, 2_000_001, "{\"price\": 5.25}");
        tell("j-1", body("equipment", "2000001"), SECRET, 0);
        try (RunningSyncline next = RunningSyncline.start(Path.of("config"), database, settings(Map.of("syncline.schedules.enabled", "true")))) {
            await().atMost(Duration.ofSeconds(120)).until(() -> next.sql().sql("select state from syncline.webhook where delivery = 'j-1'")
                    .query(String.class).single().equals("done"));
            assertThat(next.sql().sql("select price from pricebook.equipment where st_id = '2000001'").query(String.class).single()).isEqualTo("5.25");
        }
    }

    @Test
    void theSandboxTellsOfItsChanges() {
        settle();
        sandbox.webhooks(syncline.url() + "/webhook/servicetitan", SECRET);
        sandbox.put(Entity.MATERIALS, 8033, "{\"price\": 6.25}");
        sandbox.remove(Entity.MATERIALS, 8034);
        await().atMost(Duration.ofSeconds(60)).until(() -> syncline.sql().sql("select count(*) from syncline.webhook where key in ('8033', '8034')")
                .query(Integer.class).single() == 2);
        sandbox.noWebhooks();
        settle();
        assertThat(price(8033)).isEqualTo("6.25");
        assertThat(syncline.sql().sql("select deleted_at is not null from pricebook.materials where st_id = '8034'").query(Boolean.class).single()).isTrue();
    }

    private static void look() {
        syncline.bean(ProducerTemplate.class).sendBody("direct:webhooks", null);
    }

    private static void settle() {
        await().atMost(Duration.ofSeconds(120)).until(() -> {
            look();
            return syncline.sql().sql("select count(*) from syncline.webhook where state in ('waiting', 'reading')").query(Integer.class).single() == 0;
        });
    }

    private static JsonNode settled(long id) {
        settle();
        for (JsonNode item : RunningSyncline.json(syncline.call("GET", "/api/v1/webhooks?limit=1000", null).body()).path("items")) {
            if (item.path("id").asLong() == id) {
                return item;
            }
        }
        throw new AssertionError("no webhook " + id);
    }

    private static JsonNode one(String delivery) {
        long id = syncline.sql().sql("select id from syncline.webhook where delivery = ?").param(delivery).query(Long.class).single();
        for (JsonNode item : RunningSyncline.json(syncline.call("GET", "/api/v1/webhooks?limit=1000&system=servicetitan", null).body()).path("items")) {
            if (item.path("id").asLong() == id) {
                return item;
            }
        }
        throw new AssertionError("no webhook " + delivery);
    }

    private static JsonNode newest() {
        return RunningSyncline.json(syncline.call("GET", "/api/v1/webhooks?limit=1", null).body()).path("items").path(0);
    }

    private static long rows() {
        return syncline.sql().sql("select count(*) from syncline.webhook").query(Long.class).single();
    }

    private static long runs() {
        return syncline.sql().sql("select count(*) from syncline.run").query(Long.class).single();
    }

    private static String price(long id) {
        return syncline.sql().sql("select price from pricebook.materials where st_id = ?").param(Long.toString(id)).query(String.class).single();
    }

    private static byte[] body(String entity, String id) {
        return ("{\"type\":\"changed\",\"data\":{\"entity\":\"" + entity + "\",\"id\":" + id + "}}").getBytes(StandardCharsets.UTF_8);
    }

    private static HttpResponse<String> tell(String id, byte[] body, String secret, long later) {
        return send("servicetitan", body, signed(id, body, secret, later));
    }

    private static Map<String, String> signed(String id, byte[] body, String secret, long later) {
        String time = Long.toString(Instant.now().getEpochSecond() + later);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256"));
            mac.update((id + "." + time + ".").getBytes(StandardCharsets.UTF_8));
            return Map.of("webhook-id", id, "webhook-timestamp", time, "webhook-signature", "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> send(String system, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(syncline.url() + "/webhook/" + system)).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("The message is not signed as it should be.");
    }
}
