package io.syncline.api;

import io.syncline.access.HostAccess;
import io.syncline.access.Role;
import io.syncline.api.Doors.Answered;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Browsers sign in by a key or a link, and pages of other sites do nothing in their name. */
class SessionsTest {
    private static final String RUN = "/api/sync/pricebook/full";

    private static Doors doors;
    private static String admin;

    @BeforeAll
    static void open() {
        doors = Doors.open();
        admin = doors.key("ann", "acme", Role.ADMIN);
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    @Test
    void aKeyOpensASessionWhoseCookieNoScriptReadsAndNoOtherSiteSends() {
        Answered answer = signIn("{\"key\": \"" + admin + "\"}");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().path("by").asText()).isEqualTo("session");
        assertThat(answer.json().path("role").asText()).isEqualTo("admin");
        assertThat(answer.header("Set-Cookie")).matches("syncline=sln_session[0-9A-Za-z]{27}; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict");
        assertThat(answer.text()).doesNotContain(cookie(answer), admin);

        Answered me = doors.get("/api/v1/me", null, "Cookie", cookie(answer));
        assertThat(me.json().path("name").asText() + me.json().path("organisation").asText()).isEqualTo("annacme");
        String stored = doors.sql.sql("select string_agg(s::text, ' ') from syncline.session s").query(String.class).single();
        assertThat(stored).doesNotContain(cookie(answer).substring("syncline=".length()), "sln_session");
    }

    @Test
    void byHttpsTheCookieIsSecureAndNoOtherHostCanSetIt() {
        Answered answer = signIn("{\"key\": \"" + admin + "\"}", "X-Forwarded-Proto", "https");
        assertThat(answer.header("Set-Cookie")).startsWith("__Host-syncline=sln_session").endsWith("; HttpOnly; SameSite=Strict; Secure").contains("; Path=/;");
        String token = cookie(answer).substring("__Host-syncline=".length());
        assertThat(doors.get("/api/v1/me", null, "Cookie", "__Host-syncline=" + token, "X-Forwarded-Proto", "https").status()).isEqualTo(200);
        assertThat(doors.get("/api/v1/me", null, "Cookie", "syncline=" + token, "X-Forwarded-Proto", "https").status()).isEqualTo(401);
    }

    @Test
    void whatABrowserSendsByItselfChangesNothingUnlessOurOwnPageAsked() {
        String cookie = cookie(signIn("{\"key\": \"" + admin + "\"}"));
        int before = doors.runs.requests.size();
        for (String[] headers : new String[][] {{}, {"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
                {"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "same-origin", "Origin", "https://evil.example"}}) {
            String[] all = java.util.stream.Stream.concat(java.util.Arrays.stream(headers), java.util.stream.Stream.of("Cookie", cookie))
                    .toArray(String[]::new);
            assertThat(doors.post(RUN, null, "{}", all).code()).as(String.join(" ", headers)).isEqualTo("cross-origin");
        }
        assertThat(doors.post(RUN, null, "{}", "Cookie", cookie, "Content-Type", "text/plain").status()).isEqualTo(403);
        assertThat(doors.runs.requests).hasSize(before);
        assertThat(doors.post(RUN, null, "{}", "Cookie", cookie, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(200);
        assertThat(doors.post(RUN, null, "{}", "Cookie", cookie, "Origin", "http://127.0.0.1:" + doors.port()).status()).isEqualTo(200);
        assertThat(doors.runs.requests.get(before)).extracting("requestedBy", "organisation").containsExactly("ann", "acme");
    }

    @Test
    void aSessionEndsAtOnceWithItsKeyOrWhenItIsSignedOutOf() {
        String leaver = doors.key("leaver", "acme", Role.OPERATOR);
        String cookie = cookie(signIn("{\"key\": \"" + leaver + "\"}"));
        assertThat(status(cookie)).isEqualTo(200);
        long id = doors.sql.sql("select id from syncline.api_key where name = 'leaver'").query(Long.class).single();
        assertThat(doors.send("DELETE", "/api/v1/keys/" + id, admin, null).status()).isEqualTo(204);
        assertThat(status(cookie)).isEqualTo(401);
        assertThat(signIn("{\"key\": \"" + leaver + "\"}").status()).isEqualTo(401);

        String own = cookie(signIn("{\"key\": \"" + admin + "\"}"));
        String other = cookie(signIn("{\"key\": \"" + admin + "\"}"));
        Answered out = doors.send("DELETE", "/api/v1/session", null, null, "Cookie", own, "Sec-Fetch-Site", "same-origin");
        assertThat(out.status()).isEqualTo(204);
        assertThat(out.header("Set-Cookie")).startsWith("syncline=; Path=/; Max-Age=0");
        assertThat(status(own)).isEqualTo(401);
        assertThat(status(other)).isEqualTo(200);
    }

    @Test
    void aSessionThatWasIdleOrLivedForTooLongIsOver() {
        String idle = cookie(signIn("{\"key\": \"" + doors.key("idle", "acme", Role.VIEWER) + "\"}"));
        doors.sql.sql("update syncline.session set last_seen_at = last_seen_at - interval '7 hours 59 minutes' where name = 'idle'").update();
        assertThat(status(idle)).isEqualTo(200);
        doors.sql.sql("update syncline.session set last_seen_at = last_seen_at - interval '7 hours 59 minutes' where name = 'idle'").update();
        assertThat(status(idle)).as("seen in between").isEqualTo(200);
        doors.sql.sql("update syncline.session set last_seen_at = last_seen_at - interval '8 hours' where name = 'idle'").update();
        assertThat(status(idle)).isEqualTo(401);
        String old = cookie(signIn("{\"key\": \"" + doors.key("old", "acme", Role.VIEWER) + "\"}"));
        doors.sql.sql("update syncline.session set ends_at = clock_timestamp() where name = 'old'").update();
        assertThat(status(old)).isEqualTo(401);
    }

    @Test
    void aLinkOpensOneSessionOnceWithTheRoleThatWasSaid() {
        Answered made = doors.post("/api/v1/links", admin, "{\"name\": \"Bob\", \"role\": \"reviewer\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        String link = made.json().path("link").asText();
        assertThat(made.json().path("href").asText()).isEqualTo("/#link=" + link);
        assertThat(doors.sql.sql("select string_agg(l::text, ' ') from syncline.sign_in_link l").query(String.class).single()).doesNotContain(link);
        Answered opened = signIn("{\"link\": \"" + link + "\"}");
        assertThat(opened.json().path("name").asText() + " " + opened.json().path("organisation").asText() + " " + opened.json().path("role").asText())
                .isEqualTo("Bob acme reviewer");
        assertThat(status(cookie(opened))).isEqualTo(200);
        assertThat(signIn("{\"link\": \"" + link + "\"}").code()).isEqualTo("unauthenticated");
        assertThat(doors.get("/api/v1/keys", null, "Cookie", cookie(opened)).status()).isEqualTo(403);

        String late = doors.post("/api/v1/links", admin, "{\"name\": \"Late\", \"role\": \"viewer\"}").json().path("link").asText();
        doors.sql.sql("update syncline.sign_in_link set expires_at = clock_timestamp() where name = 'Late'").update();
        assertThat(signIn("{\"link\": \"" + late + "\"}").status()).isEqualTo(401);
    }

    @Test
    void aLinkAndItsSessionGoWithTheKeyOfWhoeverMadeThem() {
        String maker = doors.key("maker", "acme", Role.ADMIN);
        String first = doors.post("/api/v1/links", maker, "{\"name\": \"One\", \"role\": \"viewer\"}").json().path("link").asText();
        String second = doors.post("/api/v1/links", maker, "{\"name\": \"Two\", \"role\": \"viewer\"}").json().path("link").asText();
        String cookie = cookie(signIn("{\"link\": \"" + first + "\"}"));
        assertThat(status(cookie)).isEqualTo(200);
        doors.sql.sql("update syncline.api_key set revoked_at = now() where name = 'maker'").update();
        assertThat(status(cookie)).isEqualTo(401);
        assertThat(signIn("{\"link\": \"" + second + "\"}").status()).isEqualTo(401);
    }

    @Test
    void whoeverOwnsTheHostGetsInWhateverWasLost() {
        HostAccess host = doors.application.getBean(HostAccess.class);
        String key = host.newKey("rescue", "acme", Role.ADMIN).text();
        assertThat(doors.get("/api/v1/me", key).json().path("role").asText()).isEqualTo("admin");
        assertThat(host.keys("acme")).extracting("name").contains("rescue", "ann");
        Answered opened = signIn("{\"link\": \"" + host.newLink("Root", "acme", Role.ADMIN).text() + "\"}");
        assertThat(status(cookie(opened))).isEqualTo(200);
        long id = host.keys("acme").stream().filter(each -> each.name().equals("rescue")).findFirst().orElseThrow().id();
        assertThat(host.revokeKey("acme", id)).isTrue();
        assertThat(host.revokeKey("globex", id)).isFalse();
        assertThat(doors.get("/api/v1/me", key).status()).isEqualTo(401);
    }

    @Test
    void aSignInSaysOneThingAndNothingOpensByGuessing() {
        for (String body : List.of("{}", "{\"key\": \"" + admin + "\", \"link\": \"x\"}", "{\"key\": 7}", "{\"key\": \"\"}", "{\"password\": \"x\"}", "[]")) {
            assertThat(signIn(body).status()).as(body).isEqualTo(400);
        }
        for (String body : List.of("{\"key\": \"sln_nope\"}", "{\"link\": \"" + admin + "\"}", "{\"link\": \"sln_link000000000000000000000000000\"}",
                "{\"key\": \"a.b.c\"}")) {
            Answered answer = signIn(body);
            assertThat(answer.code()).as(body).isEqualTo("unauthenticated");
            assertThat(answer.header("Set-Cookie")).isNull();
        }
        for (String cookie : List.of("syncline=", "syncline=x", "syncline=sln_session000000000000000000000000000", "syncline=" + admin)) {
            assertThat(status(cookie)).as(cookie).isEqualTo(401);
        }
        assertThat(doors.get("/api/v1/me", "sln_nope", "Cookie", cookie(signIn("{\"key\": \"" + admin + "\"}"))).status())
                .as("a wrong key is not helped by a session").isEqualTo(401);
    }

    private static Answered signIn(String body, String... headers) {
        return doors.post("/api/v1/session", null, body, headers);
    }

    private static int status(String cookie) {
        return doors.get("/api/v1/me", null, "Cookie", cookie).status();
    }

    private static String cookie(Answered answer) {
        return answer.header("Set-Cookie").replaceFirst(";.*", "");
    }
}
