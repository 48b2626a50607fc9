package io.syncline.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

class FaultTest {
    private static final String FIRST = "/materials?active=Any&includeTotal=true&pageSize=100&page=1";
    private static final String SECOND = "/materials?active=Any&includeTotal=true&pageSize=100&page=2";
    private static ServiceTitanSandbox sandbox;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(400));
        client = new Client(sandbox);
        client.get(FIRST);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @AfterEach
    void reset() {
        sandbox.reset();
    }

    @Test
    void aResetConnectionGivesNoAnswer() {
        sandbox.fault("/materials -> reset");
        assertThatThrownBy(() -> client.get(FIRST)).isInstanceOf(IOException.class);
        assertThat(sandbox.journal()).first().extracting(Call::status, Call::fault).containsExactly(0, "reset");
    }

    @Test
    void aDelayedAnswerIsTheRightOne() throws Exception {
        sandbox.fault(FaultRule.on("/materials", new Fault.Delay(Duration.ofMillis(120))).call(1));
        long start = System.nanoTime();
        assertThat(client.ids(FIRST)).hasSize(100);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(110));
    }

    @Test
    void tooManyRequestsSaysWhenToComeBackInSecondsOrAsADate() throws Exception {
        sandbox.clock().set(Instant.parse("2026-03-01T00:00:30Z"));
        sandbox.fault("""
                # first seconds, then a date
                /materials call=1 -> status 429 retry-after 7
                /materials call=2 -> status 429 retry-after-date 40
                """);
        HttpResponse<String> first = client.get(FIRST);
        assertThat(first.statusCode()).isEqualTo(429);
        assertThat(first.headers().firstValue("Retry-After")).contains("7");
        assertThat(client.get(FIRST).headers().firstValue("Retry-After")).contains("Sun, 01 Mar 2026 00:01:10 GMT");
        assertThat(client.get(FIRST).statusCode()).isEqualTo(200);
    }

    @Test
    void anErrorStrikesOnlyWhereAndWhenItIsSaid() throws Exception {
        sandbox.fault("/materials page=2 call=2..3 -> status 500");
        assertThat(client.get(SECOND).statusCode()).isEqualTo(200);
        assertThat(client.get(FIRST).statusCode()).isEqualTo(200);
        assertThat(client.get(SECOND).statusCode()).isEqualTo(500);
        assertThat(client.get(SECOND).statusCode()).isEqualTo(500);
        assertThat(client.get(SECOND).statusCode()).isEqualTo(200);
    }

    @Test
    void oneRecordCanBeForbidden() throws Exception {
        sandbox.fault("/materials/8001 -> status 403");
        assertThat(client.get("/materials/8001").statusCode()).isEqualTo(403);
        assertThat(client.get("/materials/8002").statusCode()).isEqualTo(200);
    }

    @Test
    void theTokenEndpointCanFailToo() throws Exception {
        sandbox.fault("/connect/token call=1 -> status 401");
        assertThat(client.token(Client.form(sandbox)).statusCode()).isEqualTo(401);
        assertThat(client.token(Client.form(sandbox)).statusCode()).isEqualTo(200);
    }

    @Test
    void aMaintenancePageComesWith200() throws Exception {
        sandbox.fault("* -> html");
        HttpResponse<String> answer = client.get(FIRST);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    }

    @Test
    void anAnswerCanBeEmpty() throws Exception {
        sandbox.fault("/materials call=1 -> empty-body\n/materials call=2 -> empty-page");
        assertThat(client.get(FIRST).body()).isEmpty();
        JsonNode page = client.json(FIRST);
        assertThat(page.path("data")).isEmpty();
        assertThat(page.path("hasMore").asBoolean()).isFalse();
        assertThat(page.path("totalCount").asInt()).isZero();
    }

    @Test
    void halfABodyBreaksTheConnection() {
        sandbox.fault("/materials -> half-body");
        assertThatThrownBy(() -> client.get(FIRST)).isInstanceOf(IOException.class);
    }

    @Test
    void jsonCutInHalfIsNoticedOnlyByItsParser() throws Exception {
        sandbox.fault("/materials -> cut-json");
        assertThat(client.get(FIRST).statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> client.json(FIRST)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void aDrippingAnswerIsCompleteInTheEnd() throws Exception {
        sandbox.fault("/materials -> drip 200");
        long start = System.nanoTime();
        assertThat(client.ids(FIRST)).hasSize(100);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }

    @Test
    void aWrongCharsetIsNoUtf8() throws Exception {
        sandbox.fault("/materials -> wrong-charset");
        HttpResponse<byte[]> answer = client.send(client.request(FIRST).build(), BodyHandlers.ofByteArray());
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json; charset=utf-8");
        assertThatThrownBy(() -> StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(answer.body()))).isInstanceOf(CharacterCodingException.class);
    }

    @Test
    void dataAndTotalCanBeNull() throws Exception {
        sandbox.fault("/materials call=1 -> null-data\n/materials call=2 -> null-total");
        assertThat(client.json(FIRST).path("data").isNull()).isTrue();
        assertThat(client.json(FIRST).path("totalCount").isNull()).isTrue();
    }

    @Test
    void thereCanBeMoreForEver() throws Exception {
        sandbox.fault("/materials -> more-forever");
        JsonNode page = client.json("/materials?active=Any&includeTotal=true&pageSize=100&page=50");
        assertThat(page.path("hasMore").asBoolean()).isTrue();
        assertThat(page.path("data")).isEmpty();
        assertThat(page.path("totalCount").asInt()).isEqualTo(250);
    }

    @Test
    void aPageCanComeTwice() throws Exception {
        List<Long> first = client.ids(FIRST);
        sandbox.fault("/materials page=2 -> repeated-page");
        assertThat(client.ids(SECOND)).isEqualTo(first);
        assertThat(client.json(SECOND).path("page").asInt()).isEqualTo(2);
    }

    @Test
    void rowsCanStandOnAPageTwice() throws Exception {
        sandbox.fault("/materials -> duplicate-rows 2");
        List<Long> ids = client.ids(FIRST);
        assertThat(ids).hasSize(102);
        assertThat(ids.subList(100, 102)).isEqualTo(ids.subList(0, 2));
    }

    @Test
    void rowsCanSlipBetweenPages() throws Exception {
        long last = client.ids(FIRST).get(99);
        sandbox.fault("/materials page=2 call=1 -> shift 3\n/materials page=2 call=2 -> shift -3");
        assertThat(client.ids(SECOND).get(0)).isEqualTo(last + 4);
        assertThat(client.ids(SECOND).get(0)).isEqualTo(last - 2);
    }

    @Test
    void theDataCanChangeInTheMiddleOfARead() throws Exception {
        sandbox.fault("/materials page=2 call=1 -> mutate 3 10");
        sandbox.fault(FaultRule.on("/materials", new Fault.Act(() -> sandbox.remove(Entity.MATERIALS, 8_001))).call(3));
        var before = sandbox.snapshot(Entity.MATERIALS);
        client.get(FIRST);
        assertThat(sandbox.snapshot(Entity.MATERIALS)).isEqualTo(before);
        client.get(SECOND);
        assertThat(sandbox.snapshot(Entity.MATERIALS)).isNotEqualTo(before);
        client.get(FIRST);
        assertThat(sandbox.record(Entity.MATERIALS, 8_001)).isEmpty();
    }

    @Test
    void aConnectionCanGoStaleAfterItsAnswer() throws Exception {
        sandbox.fault("/x call=1 -> reset-after");
        byte[] request = "GET /x HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Socket connection = new Socket("127.0.0.1", URI.create(sandbox.url()).getPort())) {
            connection.getOutputStream().write(request);
            assertThat(connection.getInputStream().read()).isEqualTo('H');
            connection.getOutputStream().write(request);
            assertThatThrownBy(() -> connection.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
        }
        assertThat(sandbox.journal()).extracting(Call::status).containsExactly(404);
    }

    @Test
    void duringAnOutageNobodyCanConnectAndAfterItEverythingIsAsBefore() throws Exception {
        sandbox.fault("/materials call=1 -> outage 60000");
        assertThatThrownBy(() -> client.get(FIRST)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> client.get(FIRST)).isInstanceOf(ConnectException.class);
        sandbox.endOutage();
        assertThat(client.ids(FIRST)).hasSize(100);
        sandbox.fault("/materials call=1 -> outage 1");
        // It may be over before Java's client, which asks once more where a kept connection was reset, has given up.
        catchThrowable(() -> client.get(FIRST));
        sandbox.endOutage();
        assertThat(client.ids(FIRST)).as("the port is still the same").hasSize(100);
    }

    @Test
    void aChunkCanBeCutInHalf() {
        sandbox.fault("/materials -> half-chunk");
        assertThatThrownBy(() -> client.get(FIRST)).isInstanceOf(IOException.class);
    }

    @Test
    void answersCanComeInOtherCharsets() throws Exception {
        sandbox.fault("/materials call=1 -> foreign-charset\n/materials call=2 -> utf16\n/materials call=3 -> byte-order-mark");
        assertThat(client.get(FIRST).headers().firstValue("Content-Type")).contains("application/json; charset=iso-8859-1");
        assertThat(client.send(client.request(FIRST).build(), BodyHandlers.ofByteArray()).body()).startsWith(0, '{');
        assertThat(client.get(FIRST).body()).startsWith("\uFEFF{");
    }

    @Test
    void aFilterCanBePassedOverAndAMomentCanBeTooLongAgo() throws Exception {
        String changes = FIRST + "&modifiedOnOrAfter=2999-01-01T00:00:00Z";
        assertThat(client.ids(changes)).isEmpty();
        sandbox.fault("/materials call=1 -> since-ignored\n/materials call=2..3 -> since-expired");
        assertThat(client.ids(changes)).hasSize(100);
        assertThat(client.get(changes).statusCode()).isEqualTo(410);
        assertThat(client.get(FIRST).statusCode()).as("everything can still be asked for").isEqualTo(200);
    }

    @Test
    void aFieldCanGoOrChangeItsForm() throws Exception {
        sandbox.fault("/materials call=1 -> without-field code\n/materials call=2 -> field-as-object code\n/materials/8001 -> without-field code");
        assertThat(client.json(FIRST).path("data").findValues("code")).isEmpty();
        assertThat(client.json(FIRST).path("data")).allMatch(record -> record.path("code").path("value").isTextual());
        assertThat(client.json("/materials/8001").has("code")).isFalse();
    }

    @Test
    void everyFaultIsWrittenAsItIsRead() {
        String script = """
                * -> delay 250
                /connect/token call=2..2 -> status 401
                /materials call=1..2 -> status 429 retry-after 2
                /materials call=3.. -> status 429 retry-after-date 2
                /materials page=3 -> reset
                /x -> html
                /x -> empty-body
                /x -> half-body
                /x -> cut-json
                /x -> drip 500
                /x -> wrong-charset
                /x -> null-data
                /x -> null-total
                /x -> more-forever
                /x -> repeated-page
                /x -> duplicate-rows 2
                /x -> shift -3
                /x -> empty-page
                /x -> reset-after
                /x -> outage 5000
                /x -> half-chunk
                /x -> foreign-charset
                /x -> utf16
                /x -> byte-order-mark
                /x -> since-ignored
                /x -> since-expired
                /x -> without-field code
                /x -> field-as-object price
                /x -> mutate 7 25
                /x method=PATCH every=20 -> lost-answer
                /x method=POST call=2..9 every=3 -> late-answer 50
                /x -> status-after 502
                """;
        assertThat(String.join("\n", FaultScript.parse(script).stream().map(FaultScript::text).toList()) + "\n").isEqualTo(script);
    }

    @Test
    void aRuleThatIsNotUnderstoodIsNamedWithItsLineAndWhatMayStandThere() {
        assertThatThrownBy(() -> sandbox.fault("/x -> reset\n/x -> explode")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 2: \"explode\" is not a fault. Write one of: reset; reset-after; lost-answer; late-answer MILLIS;");
        assertThatThrownBy(() -> sandbox.fault("/x reset")).hasMessage("line 1: \"/x reset\" is not a rule. "
                + "Write <path> [method=M] [page=N] [call=N..M] [every=N] -> <fault>.");
        assertThatThrownBy(() -> sandbox.fault("/x call=soon -> reset")).hasMessageContaining("call=2..4");
        assertThatThrownBy(() -> sandbox.fault("/x -> status 99")).hasMessage("line 1: \"99\" is not an HTTP status.");
        assertThatThrownBy(() -> sandbox.fault("/x -> delay soon")).hasMessage("line 1: \"soon\" is not a number.");
    }
}
