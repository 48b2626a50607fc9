package io.syncline.source;

import io.syncline.config.SourceConfig.Auth;
import io.syncline.config.SourceConfig.Limits;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.config.SourceConfig.Paging.End;
import io.syncline.config.SourceConfig.Paging.Kind;
import io.syncline.source.FaultyServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import static io.syncline.source.FaultyServer.answer;
import static io.syncline.source.FaultyServer.json;
import static io.syncline.source.FaultyServer.raw;
import static io.syncline.source.HttpPagingTest.items;
import static io.syncline.source.HttpPagingTest.range;
import static io.syncline.source.SourceFixture.http;
import static io.syncline.source.SourceFixture.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Promise 5: a failed, truncated, repeated or non-2xx page is never the end of the data. */
class HttpFailuresTest {
    private static final Paging CURSOR = new Paging(Kind.CURSOR, "cursor", false, 0, null, 0, List.of("next"), null, null, null, End.EMPTY_PAGE, 4, false);
    private static final Paging MORE = new Paging(Kind.PAGE, "page", false, 1, "size", 2, null, List.of("hasMore"), List.of("total"), null, End.EMPTY_PAGE, 4,
            false);

    private final FaultyServer server = new FaultyServer();
    private final SourceFixture fixture = new SourceFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
        server.close();
    }

    private SourceFailure failure(Paging paging, Answer... answers) {
        server.script(answers);
        return failure(paging);
    }

    private SourceFailure failure(Paging paging) {
        return failure(paging, Limits.DEFAULT);
    }

    private SourceFailure failure(Paging paging, Limits limits) {
        Read read = SourceFixture.read(http(server.url(), new Auth.None(), limits, resource(paging)), null);
        SourceFailure failure = catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read));
        assertThat(failure).as("the read fails").isNotNull();
        assertThat(failure.getMessage()).startsWith("shop: GET /items").doesNotContain("SECRET", "127.0.0.1").endsWith(".");
        return failure;
    }

    private static void says(SourceFailure failure, SourceFailure.Kind kind, String what) {
        assertThat(failure).hasMessageContaining(what);
        assertThat(failure.kind()).isEqualTo(kind);
    }

    private void nonsense(String what, Paging paging, Answer... answers) {
        says(failure(paging, answers), SourceFailure.Kind.NONSENSE, what);
    }

    @Test
    void aStatusOtherThan200IsNoPage() {
        says(failure(SourceFixture.NONE, answer(401, "SECRET")), SourceFailure.Kind.DENIED, "answered 401");
        says(failure(SourceFixture.NONE, answer(403, "SECRET")), SourceFailure.Kind.DENIED, "answered 403");
        says(failure(SourceFixture.NONE, answer(404, "SECRET")), SourceFailure.Kind.DENIED, "answered 404");
        says(failure(SourceFixture.NONE, answer(400, "SECRET")), SourceFailure.Kind.REFUSED, "answered 400");
        says(failure(SourceFixture.NONE, answer(206, "{\"data\":[]}")), SourceFailure.Kind.NONSENSE, "answered 206");
        nonsense("answered 204", SourceFixture.NONE, raw("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));
        assertThat(fixture.clock.pauses).as("none of these is tried again").isEmpty();
    }

    @Test
    void aRedirectIsNotFollowed() {
        try (FaultyServer elsewhere = new FaultyServer()) {
            says(failure(SourceFixture.NONE, answer(302, "", "Location", elsewhere.url() + "/stolen")), SourceFailure.Kind.FORBIDDEN_ADDRESS,
                    "answered 302, a redirect");
            assertThat(elsewhere.received()).isEmpty();
        }
    }

    @Test
    void anAnswerThatIsNotWhatIsDeclaredIsNoPage() {
        nonsense("a web page", SourceFixture.NONE, answer(200, "<html>SECRET</html>", "Content-Type", "text/html"));
        nonsense("the answer is empty", SourceFixture.NONE, json(""));
        nonsense("data is null, not a list", SourceFixture.NONE, json("{\"data\":null}"));
        nonsense("data is an object, not a list", SourceFixture.NONE, json("{\"data\":{}}"));
        nonsense("no list of records at data", SourceFixture.NONE, json("{\"items\":[]}"));
        nonsense("no list of records at data", SourceFixture.NONE, json("[]"));
        nonsense("no list of records at data", SourceFixture.NONE, json("\"SECRET\""));
        nonsense("holds data twice", SourceFixture.NONE, json("{\"data\":[],\"data\":[]}"));
        nonsense("after the end", SourceFixture.NONE, json("{\"data\":[]} {}"));
        nonsense("no proper JSON", SourceFixture.NONE, json("{\"data\":[]} SECRET"));
        nonsense("stops in the middle", SourceFixture.NONE, json("{\"data\":[{\"id\":1,\"na"));
        nonsense("no proper JSON", SourceFixture.NONE, json("{\"data\":[{\"id\":01}]}"));
    }

    @Test
    void pagingMembersThatAreMissingOrOfTheWrongTypeFail() {
        nonsense("whether there is more", MORE, json("{\"total\":1,\"data\":" + items(1) + "}"));
        nonsense("hasMore is null, not true or false", MORE, json("{\"total\":1,\"hasMore\":null,\"data\":[]}"));
        nonsense("hasMore is a text, not true or false", MORE, json("{\"total\":1,\"hasMore\":\"no\",\"data\":[]}"));
        nonsense("total is null, not a number", MORE, json("{\"total\":null,\"hasMore\":false,\"data\":[]}"));
        nonsense("total is a text, not a number", MORE, json("{\"total\":\"many\",\"hasMore\":false,\"data\":[]}"));
        nonsense("does not say how many", MORE, json("{\"hasMore\":false,\"data\":[]}"));
        nonsense("holds hasMore twice", MORE, json("{\"total\":0,\"hasMore\":true,\"data\":[],\"hasMore\":false}"));
        nonsense("next is a list, not where", CURSOR, json("{\"next\":[],\"data\":" + items(1) + "}"));
    }

    @Test
    void answersThatContradictThemselvesFail() {
        nonsense("promises more than the 2 records", MORE, json("{\"total\":2,\"hasMore\":true,\"data\":" + items(1, 2) + "}"));
        nonsense("empty but says that there is more", MORE, json("{\"total\":2,\"hasMore\":true,\"data\":[]}"));
        nonsense("holds 1 records but says there are 2", new Paging(Kind.NONE, null, false, 0, null, 0, null, null, List.of("total"), null, End.EMPTY_PAGE, 1,
                false),
                json("{\"total\":2,\"data\":" + items(1) + "}"));
        nonsense("only 1 of 2 records have come", new Paging(Kind.OFFSET, "o", false, 0, null, 0, null, null, List.of("total"), null, End.TOTAL, 9, false),
                json("{\"total\":2,\"data\":" + items(1) + "}"), json("{\"total\":2,\"data\":[]}"));
        nonsense("the source cuts pages at its own size", new Paging(Kind.PAGE, "p", false, 1, "size", 500, null, null, List.of("total"), null, End.SHORT_PAGE,
                9, false),
                json("{\"total\":900,\"data\":" + items(range(0, 100)) + "}"));
    }

    @Test
    void goingInCirclesFails() {
        nonsense("read already", CURSOR, json("{\"next\":\"a\",\"data\":" + items(1) + "}"), json("{\"next\":\"b\",\"data\":" + items(2) + "}"),
                json("{\"next\":\"a\",\"data\":" + items(3) + "}"));
        nonsense("the same page came again", new Paging(Kind.PAGE, "page", false, 1, null, 0, null, null, null, null, End.EMPTY_PAGE, 9, false),
                json("{\"data\":" + items(1, 2) + "}"));
        nonsense("still more pages after 4", CURSOR, json("{\"next\":\"a\",\"data\":" + items(1) + "}"), json("{\"next\":\"b\",\"data\":" + items(2) + "}"),
                json("{\"next\":\"c\",\"data\":" + items(3) + "}"), json("{\"next\":\"d\",\"data\":" + items(4) + "}"));
    }

    @Test
    void aBodyCutInHalfIsNoPage() {
        SourceFailure cut = failure(SourceFixture.NONE, raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"data\":[]}"));
        says(cut, SourceFailure.Kind.UNREACHABLE, "broke off or never came, 4 times");
        says(failure(SourceFixture.NONE, raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"data\":[]}\r\n")),
                SourceFailure.Kind.UNREACHABLE, "broke off or never came");
        nonsense("stops in the middle", SourceFixture.NONE,
                raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"data\":[{\"id\":1},"));
    }

    @Test
    void otherLettersThanUtf8Fail() {
        nonsense("calls itself iso-8859-1", SourceFixture.NONE, answer(200, "{\"data\":[]}", "Content-Type", "application/json; charset=iso-8859-1"));
        nonsense("no UTF-8", SourceFixture.NONE, answer(200, "{\"data\":[{\"id\":\"M\u00fcller\"}]}".getBytes(StandardCharsets.ISO_8859_1)));
        nonsense("UTF-16", SourceFixture.NONE, answer(200, "{\"data\":[]}".getBytes(StandardCharsets.UTF_16LE)));
        nonsense("UTF-16", SourceFixture.NONE, answer(200, "{\"data\":[{\"id\":1,\"name\":{}}]}".getBytes(StandardCharsets.UTF_16BE)));
        nonsense("UTF-16", SourceFixture.NONE, answer(200, "{\"data\":[]}".getBytes(StandardCharsets.UTF_16)));
    }

    @Test
    void bombsAreCut() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            byte[] blanks = new byte[1 << 20];
            Arrays.fill(blanks, (byte) ' ');
            for (int i = 0; i < 200; i++) {
                gzip.write(blanks);
            }
        }
        nonsense("larger than 10485760 bytes unpacked", SourceFixture.NONE, answer(200, packed.toByteArray(), "Content-Encoding", "gzip"));
        nonsense("nested deeper than 100", SourceFixture.NONE, json("{\"data\":" + "[".repeat(100_000)));
        nonsense("longer than allowed", SourceFixture.NONE, json("{\"data\":[{\"id\":" + "9".repeat(100_000) + "}]}"));
        nonsense("longer than allowed", SourceFixture.NONE, json("{\"data\":[{\"id\":\"" + "x".repeat(5 << 20) + "\"}]}"));
        assertThat(server.received()).as("none of these is tried again").hasSize(4);
    }

    @Test
    void anEndlessAnswerIsCutAtTheLimitNotByTheClock() {
        byte[] blanks = new byte[1 << 16];
        Arrays.fill(blanks, (byte) ' ');
        long[] sent = {0};
        nonsense("larger than 10485760 bytes", SourceFixture.NONE, to -> {
            to.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            for (;;) {
                to.write(blanks);
                sent[0] += blanks.length;
            }
        });
        assertThat(sent[0]).as("bytes that the server got rid of").isLessThan(50 << 20);
    }

    @Test
    void anAnswerPackedWithinTheLimitIsRead() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(("{\"data\":" + items(1, 2) + "}").getBytes(StandardCharsets.UTF_8));
        }
        server.script(answer(200, packed.toByteArray(), "Content-Encoding", "gzip"));
        assertThat(SourceFixture.keys(fixture.pages(SourceFixture.read(http(server.url(), resource(SourceFixture.NONE)), null)))).containsExactly("1", "2");
        assertThat(server.received().get(0).headers().get("accept-encoding")).contains("gzip");
    }

    @Test
    void aSlowDripIsCutAtTheLimit() {
        Limits brief = new Limits(Duration.ofMillis(300), 10 << 20, 1, Duration.ofSeconds(1), Duration.ofMinutes(2));
        Answer drip = to -> {
            to.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"data\":[".getBytes(StandardCharsets.UTF_8));
            for (;;) {
                to.write(' ');
                to.flush();
                new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
            }
        };
        server.script(drip);
        long started = System.nanoTime();
        says(failure(SourceFixture.NONE, brief), SourceFailure.Kind.UNREACHABLE, "no whole answer in time, once");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(30));
    }
}
