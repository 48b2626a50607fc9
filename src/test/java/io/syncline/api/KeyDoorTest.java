package io.syncline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.access.Role;
import io.syncline.api.Doors.Answered;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class KeyDoorTest {
    private static Doors doors;

    @BeforeAll
    static void open() {
        doors = Doors.open();
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    @Test
    void aKeyIsShownOnceAndListedWithoutItsSecret() {
        String admin = doors.key("admin", "shown", Role.ADMIN);
        Answered made = doors.post("/api/v1/keys", admin, "{\"name\": \"nightly\", \"role\": \"operator\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        String key = made.json().path("key").asText();
        assertThat(doors.get("/api/v1/me", key).json().path("role").asText()).isEqualTo("operator");
        Answered listed = doors.get("/api/v1/keys", admin);
        JsonNode first = listed.json().path("items").get(0);
        assertThat(first.path("name").asText() + " " + first.path("createdBy").asText() + " " + first.path("start").asText()).isEqualTo("nightly admin "
                + key.substring(0, 12));
        assertThat(first.path("lastUsedAt").isNull()).isFalse();
        assertThat(first.path("revokedAt").isNull()).isTrue();
        assertThat(listed.text()).doesNotContain(key.substring(12), "hash");
        assertThat(doors.post("/api/v1/keys", admin, "{\"name\": \"nightly\", \"role\": \"viewer\"}").code()).isEqualTo("name-taken");
    }

    @Test
    void everyMistakeIsNamedAtOnceAndNothingElseIsTaken() {
        String admin = doors.key("admin", "mistaken", Role.ADMIN);
        Answered answer = doors.post("/api/v1/keys", admin, "{\"name\": \"a\\nb\", \"role\": \"root\", \"orgId\": \"globex\", \"id\": 7, \"__proto__\": {}}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").findValuesAsText("pointer")).containsExactlyInAnyOrder("/name", "/role", "/orgId", "/id", "/__proto__");
        for (String body : List.of("{}", "{\"name\": \"x\"}", "{\"role\": \"viewer\"}", "{\"name\": \"x\", \"role\": \"anyone\"}",
                "{\"name\": \"x\", \"role\": 7}",
                "{\"name\": \"jwt:ann\", \"role\": \"viewer\"}", "{\"name\": \"" + "x".repeat(91) + "\", \"role\": \"viewer\"}",
                        "{\"name\": null, \"role\": null}")) {
            assertThat(doors.post("/api/v1/keys", admin, body).code()).as(body).isEqualTo("invalid-request");
            assertThat(doors.post("/api/v1/links", admin, body).code()).as(body).isEqualTo("invalid-request");
        }
        assertThat(doors.get("/api/v1/keys", admin).json().path("items")).hasSize(1);
    }

    @Test
    void theListGoesOnWhereItStopped() {
        String admin = doors.key("admin", "many", Role.ADMIN);
        for (int number = 1; number <= 4; number++) {
            doors.key("key-" + number, "many", Role.VIEWER);
            doors.key("key-" + number, "others", Role.VIEWER);
        }
        List<String> names = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = doors.get("/api/v1/keys?limit=2" + cursor, admin).json();
            page.path("items").forEach(item -> names.add(item.path("name").asText()));
            cursor = page.path("next").isNull() ? null : "&cursor=" + page.path("next").asText();
        } while (cursor != null);
        assertThat(names).containsExactly("key-4", "key-3", "key-2", "key-1", "admin");
        assertThat(doors.get("/api/v1/keys?limit=0", admin).status()).isEqualTo(400);
        assertThat(doors.get("/api/v1/keys?cursor=x", admin).code()).isEqualTo("invalid-cursor");
    }

    @Test
    void theLastAdminKeyGoesOnlyWhenThatIsMeant() {
        String first = doors.key("first", "lonely", Role.ADMIN);
        String second = doors.key("second", "lonely", Role.ADMIN);
        assertThat(revoke(first, id("lonely", "second"), "").status()).isEqualTo(204);
        assertThat(doors.get("/api/v1/me", second).status()).isEqualTo(401);
        assertThat(revoke(first, id("lonely", "second"), "").status()).as("again").isEqualTo(204);
        Answered refused = revoke(first, id("lonely", "first"), "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("last-admin-key");
        assertThat(refused.detail()).contains("lastAdmin=true", "owns the host");
        assertThat(doors.get("/api/v1/me", first).status()).isEqualTo(200);
        assertThat(revoke(first, id("lonely", "first"), "?lastAdmin=true").status()).isEqualTo(204);
        assertThat(doors.get("/api/v1/me", first).status()).isEqualTo(401);
    }

    @Test
    void anothersKeyIsAnsweredLikeOneThatDoesNotExist() {
        String admin = doors.key("admin", "curious", Role.ADMIN);
        doors.key("secret", "elsewhere", Role.ADMIN);
        Answered others = revoke(admin, id("elsewhere", "secret"), "?lastAdmin=true");
        Answered none = revoke(admin, 987654321, "?lastAdmin=true");
        assertThat(others.status()).isEqualTo(404);
        assertThat(others.json().path("detail")).isEqualTo(none.json().path("detail"));
        assertThat(doors.sql.sql("select revoked_at is null from syncline.api_key where name = 'secret'").query(Boolean.class).single()).isTrue();
        assertThat(revoke(admin, 1, "x").status()).isEqualTo(400);
        assertThat(doors.send("DELETE", "/api/v1/keys/" + "9".repeat(30), admin, null).status()).isEqualTo(404);
    }

    private static Answered revoke(String key, long id, String rest) {
        return doors.send("DELETE", "/api/v1/keys/" + id + rest, key, null);
    }

    private static long id(String organisation, String name) {
        return doors.sql.sql("select id from syncline.api_key where organisation = ? and name = ?").params(organisation, name).query(Long.class).single();
    }
}
