package io.syncline.api;

import io.syncline.access.NewKey;
import io.syncline.access.Role;
import io.syncline.api.Contract.Operation;
import io.syncline.api.Doors.Answered;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for every operation of the contract, also for those that are added tomorrow: strangers, other organisations and smaller roles get nowhere, and
 * nothing that a client writes does more than it says. An operation whose path or body this test cannot fill fails with what to add.
 */
class EveryOperationTest {
    /** Where one organisation has its own beside another's of the same name, or the source is asked: another's is not there to be asked for. */
    private static final Set<String> SHARED = Set.of("import", "table", "sync", "type", "entity");
    private static final Set<String> ASK_THE_SOURCE = Set.of("startRecordRun");
    private static final String[] STEERING = {"CamelHttpUri", "CAmelHttpUri", "camelhttpuri", "CamelBeanMethodName", "CamelFileName", "CamelHttpResponseCode",
            "CamelHttpPath", "CamelHttpMethod", "CamelDirectName", "org.apache.camel.Exchange", "breadcrumbId", "organisation", "X-HTTP-Method-Override",
                    "X-Original-URL"};
    private static final List<String> HOSTILE = List.of("'; drop table syncline.run; --", "\"; select pg_sleep(600); --", "../../../etc/passwd",
            "${sys.user.home}",
            "{{env:PATH}}", "#{T(java.lang.Runtime).getRuntime()}", "${bean:keys}", "<script>alert(1)</script>", "9".repeat(40), "-1", "0", "1e9", "\u0661",
                    "null",
            "__proto__", "x".repeat(3000), "\u202e\ufeff", "a|b", "%2e%2e", "0x10", " ");
    /** Less than whoever got the database to sleep would have it do so. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    static Path folder;
    private static TwoOrganisations house;
    private static String admin;
    private static String neighbour;
    private static String stranger;

    @BeforeAll
    static void open() {
        house = new TwoOrganisations(folder);
        admin = house.key("acme", Role.ADMIN);
        neighbour = house.key("globex", Role.ADMIN);
        stranger = house.key("initech", Role.ADMIN);
    }

    @AfterAll
    static void close() {
        house.close();
    }

    static List<Operation> operations() {
        return Contract.read().operations();
    }

    /** All but those that are open to anybody. */
    static List<Operation> guarded() {
        return operations().stream().filter(operation -> operation.role() != Role.ANYONE).toList();
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void nobodyGetsInWithoutAKeyOrWithASmallerRole(Operation operation) {
        for (String key : Arrays.asList(null, "nonsense", NewKey.make(), "a.b.c")) {
            assertProblem(send(operation, house.samples(operation), key), 401, "unauthenticated");
        }
        for (Role role : Role.given()) {
            if (!role.may(operation.role())) {
                assertProblem(send(operation, house.samples(operation), house.key("acme", role)), 403, "forbidden");
            }
        }
    }

    /** Promise 29. The stranger has no sync at all, the neighbour has the same one. */
    @ParameterizedTest
    @MethodSource("guarded")
    void whatIsAnothersIsAnsweredLikeWhatDoesNotExist(Operation operation) {
        Map<String, String> samples = house.samples(operation);
        if (samples.isEmpty()) {
            for (String key : List.of(stranger, neighbour)) {
                Answered answer = send(operation, samples, key);
                assertThat(answer.text()).as(operation.id()).doesNotContain("acme", "of-acme");
                assertThat(answer.status()).as(answer.text()).isLessThan(500);
                if (answer.status() == 200 && answer.header("Content-Type").startsWith("application/json") && answer.json().has("items")
                        && key.equals(stranger)) {
                    assertThat(answer.json().path("items")).allSatisfy(item -> assertThat(item.toString()).contains("initech"));
                    assertThat(answer.json().path("next").isNull()).as(answer.text()).isTrue();
                }
            }
            return;
        }
        assertLikeNone(operation, samples, stranger);
        if (!SHARED.containsAll(samples.keySet()) && !ASK_THE_SOURCE.contains(operation.id())) {
            assertLikeNone(operation, samples, neighbour);
        }
        Answered own = send(operation, samples, admin);
        assertThat(own.status()).as("what acme has is there for acme, else this shows nothing: " + own.text()).isNotIn(401, 403, 404).isLessThan(500);
    }

    private static void assertLikeNone(Operation operation, Map<String, String> samples, String key) {
        Answered others = send(operation, samples, key);
        assertThat(others.status()).as(operation.id() + ": " + others.text()).isEqualTo(404);
        Map<String, String> nothing = new LinkedHashMap<>(samples);
        nothing.replaceAll((name, value) -> SHARED.contains(name) ? value : value.matches("[0-9]+") ? "987654321" : "nothing-here");
        assertThat(anonymous(others, samples)).isEqualTo(anonymous(send(operation, nothing, key), nothing));
        assertThat(others.text()).doesNotContain("acme", "acmes own name");
    }

    /** A problem without what tells one request from another. */
    private static String anonymous(Answered answer, Map<String, String> values) {
        String text = answer.text().replaceAll("\"requestId\" : \"[^\"]*\"", "");
        for (String value : values.values()) {
            text = text.replaceAll("\\b" + Pattern.quote(value) + "\\b", "?");
        }
        return answer.status() + text;
    }

    @ParameterizedTest
    @MethodSource("operations")
    void whatIsTooLargeOrNoJsonOrNotDeclaredIsRefused(Operation operation) throws IOException {
        Map<String, String> samples = house.samples(operation);
        String path = TwoOrganisations.path(operation, samples);
        assertThat(raw(operation.method() + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + admin
                + "\r\nContent-Type: application/json\r\nContent-Length: 11000000\r\n\r\n")).startsWith("HTTP/1.1 413").contains("body-too-large");
        assertThat(send(operation.method(), path, admin, "{}", "Content-Type", "text/plain").status()).isEqualTo(415);
        assertThat(send(operation.method(), path, admin, "a=b", "Content-Type", "application/x-www-form-urlencoded").status()).isEqualTo(415);
        assertThat(send(operation.method(), path + "?CamelHttpUri=x", admin, house.body(operation), house.headers(operation)).status()).isEqualTo(400);
        String body = house.body(operation);
        if (body == null || operation.anyHeader()) {
            // What a system sends is in its own words, and is looked at once it is known who sent it.
            return;
        }
        for (String broken : List.of("{", "[]", "\"x\"", "{\"a\": 1, \"a\": 2}", "{}}", "\u0000", "[".repeat(200_000), "{\"a\":".repeat(5000))) {
            Answered answer = send(operation.method(), path, admin, broken, house.headers(operation));
            assertThat(answer.status()).as("%s %s", operation.id(), answer.text()).isEqualTo(400);
        }
        for (String member : List.of("orgId", "organisation", "version", "__proto__", "constructor", "CamelBeanMethodName")) {
            String more = body.equals("{}") ? "{\"" + member + "\":\"globex\"}" : body.replaceFirst("\\{", "{\"" + member + "\":\"globex\",");
            Answered answer = send(operation.method(), path, admin, more, house.headers(operation));
            assertProblem(answer, 400, "invalid-request");
            assertThat(answer.detail()).as(operation.id()).contains(member);
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aHostileIdentifierIsATextLikeAnyOther(Operation operation) {
        Map<String, String> samples = house.samples(operation);
        for (String name : samples.keySet()) {
            for (String hostile : HOSTILE) {
                Map<String, String> values = new LinkedHashMap<>(samples);
                values.put(name, hostile);
                Answered answer = send(operation, values, admin);
                assertThat(answer.status()).as("%s %s: %s", operation.id(), hostile, answer.text()).isLessThan(500);
                if (answer.status() >= 400) {
                    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
                }
                assertThat(answer.text()).doesNotContain("Exception", "org.apache", "org.postgresql", "SQL state", "/home/", "root:x:",
                        System.getProperty("user.home") + "/");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void nothingOfARequestSteersCamel(Operation operation) {
        Map<String, String> samples = house.samples(operation);
        String[] steering = Arrays.stream(STEERING).flatMap(name -> Stream.of(name, "http://127.0.0.1:1/nope")).toArray(String[]::new);
        Answered plain = send(operation, samples, stranger);
        Answered steered = send(operation, samples, stranger, steering);
        assertThat(steered.status()).as("the same; or it was done already").isIn(plain.status(), 409);
        assertThat(steered.response().headers().map().keySet()).noneMatch(name -> Arrays.stream(STEERING).anyMatch(name::equalsIgnoreCase));
        if (operation.method().equals("GET")) {
            assertThat(send(operation, samples, admin, steering).status()).isEqualTo(send(operation, samples, admin).status());
        }
        assertThat(plain.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(plain.header("Content-Security-Policy")).contains("default-src 'none'", "frame-ancestors 'none'");
        assertThat(plain.header("Cache-Control")).isEqualTo("no-store");
    }

    private static Answered send(Operation operation, Map<String, String> values, String key, String... headers) {
        String[] all = Stream.concat(Arrays.stream(house.headers(operation)), Arrays.stream(headers)).toArray(String[]::new);
        return send(operation.method(), TwoOrganisations.path(operation, values), key, house.body(operation), all);
    }

    private static Answered send(String method, String path, String key, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(house.product.url() + path)).timeout(PATIENCE)
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        List<String> all = new ArrayList<>(Arrays.asList(headers));
        if (key != null) {
            all.addAll(List.of("Authorization", "Bearer " + key));
        }
        if (body != null && !all.contains("Content-Type")) {
            all.addAll(List.of("Content-Type", "application/json"));
        }
        if (!all.isEmpty()) {
            request.headers(all.toArray(String[]::new));
        }
        try {
            return new Answered(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String raw(String request) throws IOException {
        URI address = URI.create(house.product.url());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return answer(socket.getInputStream());
        }
    }

    /** Up to the end of the problem document; the server still waits for the body that was announced. */
    private static String answer(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\n}") < 0) {
            int read = in.read();
            if (read < 0) {
                break;
            }
            text.append((char) read);
        }
        return text.toString();
    }

    private static void assertProblem(Answered answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    }
}
