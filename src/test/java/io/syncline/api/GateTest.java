package io.syncline.api;

import io.syncline.access.ApiKey;
import io.syncline.access.Caller;
import io.syncline.access.NewKey;
import io.syncline.access.Role;
import io.syncline.api.Contract.Operation;
import io.syncline.api.Doors.Answered;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class GateTest {
    private static final String DOOR = "/api/sync/pricebook/full";

    private static Doors doors;
    private static String operator;

    @BeforeAll
    static void open() {
        doors = Doors.open();
        operator = doors.key("nightly", "acme", Role.OPERATOR);
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    /** Those that are not open to anybody. */
    static List<Operation> operations() {
        return Contract.read().operations().stream().filter(operation -> operation.role() != Role.ANYONE).toList();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyOperationRefusesWhoeverHasNoKeyOrTooSmallARole(Operation operation) {
        String path = operation.path().text().replaceAll("\\{[^}]*}", "1");
        for (String key : new String[] {null, "", "sln_", "nonsense", NewKey.make(), operator.substring(0, operator.length() - 1)}) {
            Answered answer = doors.send(operation.method(), path, key, null);
            assertThat(answer.status()).as("key %s", key).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer realm=\"syncline\"");
            assertProblem(answer, 401, "unauthenticated");
        }
        for (Role role : Role.given()) {
            String key = doors.key(operation.id() + "-" + role.word(), "acme", role);
            Answered answer = doors.send(operation.method(), path, key, null);
            if (role.may(operation.role())) {
                assertThat(answer.status()).as(role.word()).isNotIn(401, 403);
            } else {
                assertProblem(answer, 403, "forbidden");
                assertThat(answer.detail()).contains(operation.role().word()).contains(role.word());
            }
        }
    }

    @Test
    void whateverChangesSomethingTakesMoreThanAViewer() {
        assertThat(operations()).isNotEmpty().allSatisfy(operation ->
                assertThat(operation.method().equals("GET") || !Role.VIEWER.may(operation.role()) || operation.id().equals("signOut")).as(operation.id())
                        .isTrue());
    }

    @Test
    void aRevokedKeyIsRefusedAtTheNextCall() {
        String key = doors.key("leaver", "acme", Role.ADMIN);
        assertThat(doors.post(DOOR, key, null).status()).isEqualTo(200);
        doors.sql.sql("update syncline.api_key set revoked_at = now() where name = 'leaver'").update();
        assertProblem(doors.post(DOOR, key, null), 401, "unauthenticated");
    }

    @Test
    void aKeyIsTakenFromEitherHeader() {
        assertThat(doors.post(DOOR, null, null, "X-Api-Key", operator).status()).isEqualTo(200);
        assertThat(doors.post(DOOR, null, null, "authorization", "bEARER " + operator).status()).isEqualTo(200);
        assertThat(doors.post(DOOR, null, null, "Authorization", "Basic " + operator).status()).isEqualTo(401);
    }

    @Test
    void theDatabaseHoldsNoKeyAndUseIsNotedOnceAMinute() {
        String key = doors.key("counted", "acme", Role.OPERATOR);
        doors.post(DOOR, key, null);
        OffsetDateTime first = lastUse("counted");
        assertThat(first).isNotNull();
        doors.post(DOOR, key, null);
        assertThat(lastUse("counted")).isEqualTo(first);
        doors.sql.sql("update syncline.api_key set last_used_at = last_used_at - interval '61 seconds' where name = 'counted'").update();
        doors.post(DOOR, key, null);
        assertThat(lastUse("counted")).isAfter(first);

        String dump = doors.sql.sql("select string_agg(k::text, ' ') from syncline.api_key k").query(String.class).single();
        String secret = key.substring(12, 39);
        assertThat(dump).contains(key.substring(4, 12)).doesNotContain(secret, ApiKey.MARK);
        String bytes = doors.sql.sql("select string_agg(encode(hash, 'escape'), ' ') from syncline.api_key").query(String.class).single();
        assertThat(bytes).doesNotContain(secret);
    }

    @Test
    void whatIsNotInTheContractIsNotThere() {
        for (String path : new String[] {"/nope", "/api", "/api/", "/api/sync/pricebook", "/api/sync//full", "/api/sync/pricebook/full/",
                "/API/sync/pricebook/full", "/api/v1/runs/1;x=y/z", "/error", "/actuator", "/actuator/env",
                "/WEB-INF/web.xml", "/api/sync/pricebook/entity/a/b/../c"}) {
            assertProblem(doors.get(path, operator), 404, "not-found");
            assertProblem(doors.get(path, null), 404, "not-found");
        }
    }

    @Test
    void aWrongMethodIsAnsweredWithTheRightOne() {
        for (String method : new String[] {"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"}) {
            Answered answer = doors.send(method, DOOR, operator, null);
            assertProblem(answer, 405, "method-not-allowed");
            assertThat(answer.header("Allow")).isEqualTo("POST");
        }
        assertThat(doors.send("HEAD", DOOR, operator, null).status()).isEqualTo(405);
    }

    @Test
    void onlyJsonIsTaken() {
        for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "nonsense",
                "application/json; charset=ISO-8859-1", "application/x-java-serialized-object"}) {
            assertProblem(doors.post(DOOR, operator, "{}", "Content-Type", type), 415, "unsupported-media-type");
        }
        assertProblem(doors.post(DOOR, operator, "{}", "Content-Encoding", "gzip"), 415, "unsupported-media-type");
        assertThat(doors.post(DOOR, operator, "{}", "Content-Type", "application/json; charset=utf-8").status()).isEqualTo(200);
    }

    @Test
    void aPageOfAnotherSiteIsRefused() {
        for (String origin : new String[] {"https://evil.example", "null", "http://127.0.0.1:1", "::"}) {
            assertProblem(doors.post(DOOR, operator, "{}", "Origin", origin), 403, "cross-origin");
        }
        assertProblem(doors.post(DOOR, operator, "{}", "Content-Type", "text/plain", "Sec-Fetch-Site", "cross-site"), 403, "cross-origin");
        assertThat(doors.post(DOOR, operator, "{}", "Origin", "http://127.0.0.1:" + doors.port(), "Sec-Fetch-Site", "same-origin").status()).isEqualTo(200);
    }

    @Test
    void aBodyThatComesByteByByteKeepsNoThreadFromOthers() throws IOException {
        try (Doors hurried = Doors.open("--syncline.api.body-within=300ms"); Socket socket = new Socket("127.0.0.1", hurried.port())) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream().write(("POST /webhook/servicetitan HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).until(() -> {
                int there = socket.getInputStream().available();
                if (there == 0) {
                    socket.getOutputStream().write('a');
                }
                answer.writeBytes(socket.getInputStream().readNBytes(there));
                return answer.toString(StandardCharsets.UTF_8).contains("body-too-slow");
            });
            assertThat(answer.toString(StandardCharsets.UTF_8)).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedWhetherItSaysSoOrNot() throws IOException {
        // Nothing of it is on its way when the server closes: what is would break the connection before a client has read the answer.
        assertThat(doors.raw("POST " + DOOR + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: " + ((10 << 20) + 1)
                + "\r\nConnection: close\r\nAuthorization: Bearer " + operator + "\r\n\r\n")).startsWith("HTTP/1.1 413")
                .contains("application/problem+json", "\"body-too-large\"");
        String chunk = "a".repeat(1 << 20);
        String chunks = ("100000\r\n" + chunk + "\r\n").repeat(11);
        assertThat(doors.raw("POST " + DOOR + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + operator
                + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n")).startsWith("HTTP/1.1 413").contains("body-too-large");
    }

    @Test
    void aBodyIsNotReadForWhoeverHasNoKey() throws IOException {
        String answer = doors.raw("POST " + DOOR + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n"
                + "Connection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 401").contains("\"unauthenticated\"");
    }

    @Test
    void nothingOfARequestSteersCamel() {
        String[] attacks = {"CamelHttpUri", "CAmelHttpUri", "camelhttpuri", "CamelBeanMethodName", "CamelFileName", "CamelHttpResponseCode",
                "CamelHttpPath", "CamelHttpMethod", "CamelDirectName", "org.apache.camel.Exchange",
                "breadcrumbId", "sync", "id", "call", "organisation", "Transfer-Type"};
        String[] headers = Arrays.stream(attacks).flatMap(name -> Arrays.stream(new String[] {name, "http://127.0.0.1:1/nope"})).toArray(String[]::new);
        int before = doors.runs.requests.size();
        Answered answer = doors.post(DOOR, operator, "{\"dryRun\":true}", headers);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(doors.runs.requests).hasSize(before + 1);
        assertThat(doors.runs.requests.get(before)).extracting("sync", "organisation", "requestedBy").containsExactly("pricebook", "acme", "nightly");
        assertThat(answer.response().headers().map().keySet()).allMatch(name -> Arrays.stream(attacks).noneMatch(name::equalsIgnoreCase));

        for (String name : attacks) {
            assertProblem(doors.post(DOOR + "?" + name + "=x", operator, null), 400, "unknown-parameter");
            Answered member = doors.post(DOOR, operator, "{\"" + name + "\":\"x\"}");
            assertProblem(member, 400, "invalid-request");
        }
        assertThat(doors.runs.requests).hasSize(before + 1);
    }

    @Test
    void expressionsInARequestStayText() {
        for (String text : new String[] {"${sys.user.home}", "{{env:PATH}}", "#{T(java.lang.Runtime)}", "${bean:keys}"}) {
            String encoded = text.chars().mapToObj(each -> "%%%02X".formatted(each)).reduce("", String::concat);
            assertThat(doors.post("/api/sync/pricebook/entity/services/" + encoded, operator, "{}").status()).isEqualTo(200);
            assertThat(doors.runs.requests.get(doors.runs.requests.size() - 1).key()).isEqualTo(text);
            assertThat(doors.post(DOOR, operator, "{\"entity\":\"" + text + "\"}").status()).isEqualTo(200);
            assertThat(doors.runs.requests.get(doors.runs.requests.size() - 1).entity()).isEqualTo(text);
        }
    }

    @Test
    void everyAnswerCarriesItsRequestIdAndTheSecurityHeaders() {
        for (Answered answer : List.of(doors.post(DOOR, operator, null, "X-Request-Id", "order-7.a_b"),
                doors.get("/nope", null, "X-Request-Id", "order-7.a_b"))) {
            assertThat(answer.header("X-Request-Id")).isEqualTo("order-7.a_b");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Content-Security-Policy")).startsWith("default-src 'none'");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("Server")).isNull();
        }
        for (String insane : new String[] {"", "a b", "<script>", "x".repeat(65), "-starts-with-a-dash", "\u00e4", operator}) {
            assertThat(doors.get("/nope", null, "X-Request-Id", insane).header("X-Request-Id")).matches("[0-9a-f-]{36}");
        }
    }

    @Test
    void whatIsHardlyHttpIsAnsweredWithAProblemToo() throws IOException {
        String longHeader = "X-Long: " + "a".repeat(40_000) + "\r\n";
        for (String request : new String[] {
                "GET /api/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /api/%ff%fe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /api/%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /a\"b<c> HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /api/../../x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /api/a%5Cb HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "TRACE /api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "POST " + DOOR + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + operator
                        + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "GET /api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + longHeader + "\r\n",
                "GET /api HTTP/1.1\r\nConnection: close\r\n\r\n"}) {
            String answer = doors.raw(request);
            assertThat(answer).as(request.substring(0, Math.min(60, request.length()))).startsWith("HTTP/1.1 4")
                    .contains("application/problem+json").contains("\"requestId\"").contains("X-Content-Type-Options: nosniff")
                    .doesNotContain("Tomcat", "<html", "org.apache", "java.");
        }
    }

    @Test
    void whatTheServerDoesNotSpeakIsNoFailureOfOurs() throws IOException {
        for (String request : new String[] {
                "GET /api HTTP/9.9\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "POST " + DOOR + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: identity\r\n\r\n"}) {
            assertThat(doors.raw(request)).startsWith("HTTP/1.1 50").contains("bad-request", "HTTP/1.1, with bodies that are plain or chunked");
        }
    }

    @Test
    void whateverAClientSendsTheLogStaysReadable(CapturedOutput output) throws IOException {
        doors.raw("GET /api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Long: " + "a".repeat(40_000) + "\r\n\r\n");
        doors.get("/api/" + "x".repeat(10_000), null);
        // The line is written when the answer is on its way already.
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(output.getAll()).doesNotContain("IllegalArgumentException").contains("x…")
                .doesNotContain("x".repeat(300)));
    }

    /** Whoever is known and still refused used to stand in the log as nobody. */
    @Test
    void theLogNamesWhoeverIsKnownAlsoWhereTheRequestIsRefused(CapturedOutput output) {
        String viewer = doors.key("peeping", "acme", Role.VIEWER);
        assertThat(doors.post(DOOR, viewer, "{}").status()).isEqualTo(403);
        assertThat(doors.get("/api/v1/runs?nonsense=1", viewer).status()).isEqualTo(400);
        assertThat(doors.post(DOOR, null, "{}").status()).isEqualTo(401);
        String nobody = Caller.NOBODY.name();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(output.getAll())
                .containsPattern("POST " + DOOR + " 403 in \\d+ ms, peeping, request")
                .containsPattern("GET /api/v1/runs 400 in \\d+ ms, peeping, request").containsPattern("POST " + DOOR + " 401 in \\d+ ms, " + nobody));
    }

    @Test
    void anUnreachableDatabaseIsSaidWithoutDetail() {
        try (Doors cut = Doors.open()) {
            String key = cut.key("op", "acme", Role.OPERATOR);
            cut.application.getBean(com.zaxxer.hikari.HikariDataSource.class).close();
            Answered answer = cut.post(DOOR, key, null);
            assertProblem(answer, 503, "database-unavailable");
            assertThat(answer.text()).doesNotContain("Hikari", "jdbc", "postgres");
        }
    }

    private static OffsetDateTime lastUse(String name) {
        return doors.sql.sql("select last_used_at from syncline.api_key where name = ?").param(name).query(OffsetDateTime.class).single();
    }

    private static void assertProblem(Answered answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("status").intValue()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:syncline:problem:" + code);
        assertThat(answer.json().path("title").asText()).isNotBlank();
        assertThat(answer.detail()).isNotBlank();
        assertThat(answer.json().path("requestId").asText()).isEqualTo(answer.header("X-Request-Id"));
    }
}
