package io.syncline.source;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Auth;
import io.syncline.config.SourceConfig.HttpResource;
import io.syncline.config.SourceConfig.Limits;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.config.SourceConfig.Since;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.record.TimeFormat;
import io.syncline.record.WhenRead;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static io.syncline.source.FaultyServer.answer;
import static io.syncline.source.FaultyServer.json;
import static io.syncline.source.FaultyServer.raw;
import static io.syncline.source.HttpPagingTest.items;
import static io.syncline.source.SourceFixture.NONE;
import static io.syncline.source.SourceFixture.http;
import static io.syncline.source.SourceFixture.keys;
import static io.syncline.source.SourceFixture.read;
import static io.syncline.source.SourceFixture.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class HttpCallsTest {
    private static final String FINE = "{\"data\":[{\"id\":1}]}";

    private final FaultyServer server = new FaultyServer();
    private final SourceFixture fixture = new SourceFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
        server.close();
    }

    private List<Page> read(Auth auth, String... settings) {
        return fixture.pages(SourceFixture.read(http(server.url(), auth, Limits.DEFAULT, resource(NONE)), null, settings));
    }

    private SourceFailure failure(Auth auth, String... settings) {
        return catchThrowableOfType(SourceFailure.class, () -> read(auth, settings));
    }

    @Test
    void networkErrorsAndServerErrorsAreTriedAgainWithDoubledWaits() {
        server.script(raw(""), answer(500, ""), answer(408, ""), json(FINE));
        assertThat(keys(read(new Auth.None()))).containsExactly("1");
        assertThat(fixture.clock.pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void afterAllAttemptsItIsUnreachable() {
        server.script(answer(503, "SECRET"));
        assertThat(failure(new Auth.None())).hasMessage(
                "shop: GET /items: answered 503 4 times. The system has a problem of its own; try again later or tell its operator.");
        assertThat(server.received()).hasSize(4);
    }

    @Test
    void retryAfterIsHonouredInSecondsAndAsADateButNotForEver() {
        server.script(answer(429, "", "Retry-After", "7"), answer(429, "", "Retry-After", "Sat, 21 Nov 2026 10:00:30 GMT"),
                answer(503, "", "Retry-After", "86400"), json(FINE));
        assertThat(keys(read(new Auth.None()))).containsExactly("1");
        assertThat(fixture.clock.pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(30), Duration.ofMinutes(2));
    }

    /** A source whose clock goes an hour ahead or behind means its dates by that clock. */
    @Test
    void aDateToComeBackAtIsMeantByTheSourcesClock() {
        server.script(answer(429, "", "Date", "Sat, 21 Nov 2026 11:00:00 GMT", "Retry-After", "Sat, 21 Nov 2026 11:00:05 GMT"),
                answer(429, "", "Date", "Sat, 21 Nov 2026 09:00:00 GMT", "Retry-After", "Sat, 21 Nov 2026 09:00:06 GMT"), json(FINE));
        assertThat(keys(read(new Auth.None()))).containsExactly("1");
        assertThat(fixture.clock.pauses).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(6));
    }

    @Test
    void aTimeToComeBackAtThatIsOverIsNoReasonToHurry() {
        server.script(answer(429, "", "Retry-After", "0"), answer(429, "", "Retry-After", "Sat, 21 Nov 2020 10:00:00 GMT"),
                answer(429, "", "Retry-After", "-5"), json(FINE));
        assertThat(keys(read(new Auth.None()))).containsExactly("1");
        assertThat(fixture.clock.pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void everyWaitIsToldInTheLogWithoutSecrets() {
        Logger log = (Logger) LoggerFactory.getLogger(Retries.class);
        Level before = log.getLevel();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        try {
            server.script(answer(429, "SECRET", "Retry-After", "7"), answer(503, ""), json(FINE));
            read(new Auth.Bearer("SECRET"));
        } finally {
            log.detachAppender(lines);
            log.setLevel(before);
        }
        assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsOnly(Level.INFO);
        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("shop: GET /items is asked again in 7.0 s, attempt 2 of 4", "shop: GET /items is asked again in 2.0 s, attempt 3 of 4");
    }

    @Test
    void anotherClientErrorIsNeverTriedAgain() {
        server.script(answer(422, ""));
        assertThat(failure(new Auth.None()).kind()).isEqualTo(SourceFailure.Kind.REFUSED);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void noAnswerAtAllIsUnreachable() {
        server.close();
        SourceFailure failure = failure(new Auth.None());
        assertThat(failure.kind()).isEqualTo(SourceFailure.Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("nobody answers there, 4 times");
    }

    @Test
    void everyRequestCarriesItsCredentials() {
        server.script(json(FINE));
        read(new Auth.Basic("${USER}", "${PASSWORD}"), "USER", "jörg", "PASSWORD", "a:b");
        read(new Auth.Bearer("${TOKEN}"), "TOKEN", "t0ken");
        read(new Auth.Header("X-Api-Key", "${KEY}"), "KEY", "k3y");
        assertThat(server.received().get(0).headers()).containsEntry("authorization",
                "Basic " + Base64.getEncoder().encodeToString("jörg:a:b".getBytes(StandardCharsets.UTF_8)));
        assertThat(server.received().get(1).headers()).containsEntry("authorization", "Bearer t0ken");
        assertThat(server.received().get(2).headers()).containsEntry("x-api-key", "k3y").doesNotContainKey("authorization");
    }

    @Test
    void aClientCredentialsTokenIsFetchedOnceAndRenewedBeforeItExpires() {
        AtomicInteger tokens = new AtomicInteger();
        server.always(request -> request.target().equals("/oauth/token") ? json("{\"access_token\":\"t" + tokens.incrementAndGet() + "\",\"expires_in\":900}")
                : json(FINE));
        Auth oauth = new Auth.OAuth2("${URL}/oauth/token", "${ID}", "${SECRET}", "read all");
        String[] settings = {"URL", server.url(), "ID", "me&you", "SECRET", "s+cret"};
        read(oauth, settings);
        read(oauth, settings);
        fixture.clock.now = fixture.clock.now.plusSeconds(839);
        read(oauth, settings);
        fixture.clock.now = fixture.clock.now.plusSeconds(2);
        read(oauth, settings);
        assertThat(server.received()).filteredOn(request -> request.target().equals("/items")).extracting(request -> request.headers().get("authorization"))
                .containsExactly("Bearer t1", "Bearer t1", "Bearer t1", "Bearer t2");
        assertThat(server.received().get(0).body()).isEqualTo("grant_type=client_credentials&client_id=me%26you&client_secret=s%2Bcret&scope=read%20all");
        assertThat(server.received().get(0).headers()).containsEntry("content-type", "application/x-www-form-urlencoded");
    }

    @Test
    void aRefusedTokenIsRenewedOnceAndNoMore() {
        AtomicInteger tokens = new AtomicInteger();
        server.always(request -> request.target().equals("/login") ? json("{\"session\":{\"key\":\"t" + tokens.incrementAndGet() + "\"}}")
                : "Token t2".equals(request.headers().get("x-session")) ? json(FINE) : answer(401, ""));
        Auth login = new Auth.Login("/login", "{\"user\":\"me\",\"password\":\"${PASSWORD}\"}", List.of("session", "key"), null, "X-Session", "Token ");
        assertThat(keys(read(login, "PASSWORD", "\",\"admin\":\"1"))).containsExactly("1");
        assertThat(server.lines()).containsExactly("POST /login", "GET /items", "POST /login", "GET /items");
        assertThat(server.received().get(0).body()).isEqualTo("{\"user\":\"me\",\"password\":\"\\\",\\\"admin\\\":\\\"1\"}");
        server.always(request -> request.target().equals("/login") ? json("{\"session\":{\"key\":\"x\"}}") : answer(401, ""));
        assertThat(failure(login, "PASSWORD", "other").kind()).isEqualTo(SourceFailure.Kind.DENIED);
        assertThat(server.lines()).hasSize(8);
    }

    @Test
    void manyWhoNeedATokenAtOnceAskForItOnce() throws InterruptedException {
        server.always(request -> request.target().equals("/token") ? json("{\"access_token\":\"t\",\"expires_in\":\"900\"}") : json(FINE));
        Auth oauth = new Auth.OAuth2("/token", "id", "secret", null);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread reader = new Thread(() -> {
                try {
                    start.await();
                    read(oauth);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            reader.start();
            readers.add(reader);
        }
        start.countDown();
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(server.lines()).filteredOn("POST /token"::equals).hasSize(1);
        assertThat(server.lines()).filteredOn("GET /items"::equals).hasSize(8);
    }

    @Test
    void aTokenThatIsNotGivenSaysSoWithoutTheSecret() {
        Auth oauth = new Auth.OAuth2("/token", "id", "${SECRET}", null);
        server.script(answer(400, "{\"error\":\"CANARY-1 is wrong\"}"));
        assertThat(failure(oauth, "SECRET", "CANARY-1")).hasMessage(
                "shop: POST /token for a token: answered 400, we are not let in. Check the credentials of this organisation.");
        server.script(json("{\"error\":\"CANARY-1\"}"));
        assertThat(failure(oauth, "SECRET", "CANARY-1")).hasMessageContaining("holds no token at access_token").hasMessageNotContaining("CANARY");
    }

    @Test
    void whatASystemOrASettingSaysIsInNoMessage() {
        Auth bearer = new Auth.Bearer("${TOKEN}");
        HttpResource secret = new HttpResource("items", "GET", "/tenants/${TENANT}/items", Map.of("key", "${KEY}"), null, List.of("data"), NONE, null, null,
                List.of());
        for (FaultyServer.Answer each : List.of(answer(403, "CANARY"), answer(500, "CANARY"), json("{\"CANARY\":1}"), json("CANARY"), raw("CANARY"),
                answer(302, "", "Location", "http://CANARY/"))) {
            server.script(each);
            SourceFailure failure = catchThrowableOfType(SourceFailure.class, () -> fixture.pages(SourceFixture.read(
                    http(server.url(), bearer, Limits.DEFAULT, secret), null, "TOKEN", "CANARY", "TENANT", "CANARY", "KEY", "CANARY")));
            StringBuilder all = new StringBuilder();
            for (Throwable at = failure; at != null; at = at.getCause()) {
                all.append(at);
            }
            assertThat(all.toString()).startsWith("io.syncline.source.SourceFailure: shop: GET /tenants/${TENANT}/items: ").doesNotContain("CANARY");
        }
    }

    @Test
    void aSettingWithALineBreakBecomesNoHeader() {
        SourceConfig.Http http = http(server.url(), new Auth.Bearer("${TOKEN}"), Limits.DEFAULT, resource(NONE));
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(SourceFixture.read(http, null, "TOKEN", "a\r\nX-Evil: CANARY"))))
                .hasMessageContaining("Authorization").hasMessageNotContaining("CANARY");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void changesSinceAMarkAreAskedForWithTheOverlapInTheSourcesFormat() {
        server.script(json(FINE));
        Instant mark = Instant.parse("2026-01-02T03:04:05.678Z");
        Since blank = new Since("since", false, TimeFormat.of("uuuu-MM-dd HH:mm:ss.SSSxx", ZoneOffset.UTC), Duration.ofMinutes(5));
        fixture.pages(SourceFixture.read(http(server.url(), resource(NONE, Map.of("q", "a+b c/d", "active", "Any"), blank)), mark));
        fixture.pages(SourceFixture.read(http(server.url(), resource(NONE, Map.of(), new Since("$from", false, TimeFormat.ISO, Duration.ZERO))), mark));
        fixture.pages(SourceFixture.read(http(server.url(), resource(NONE, Map.of(), blank)), null));
        assertThat(server.lines().get(0)).contains("q=a%2Bb%20c%2Fd", "active=Any", "since=2026-01-02%2002%3A59%3A05.678%2B0000");
        assertThat(server.lines().subList(1, 3)).containsExactly("GET /items?$from=2026-01-02T03%3A04%3A05.678Z", "GET /items");
        HttpResource posted = new HttpResource("items", "POST", "/items", Map.of(), "{\"filter\":{}}", List.of("data"), NONE,
                new Since("filter.from", true, TimeFormat.of("epoch-millis", ZoneOffset.UTC), Duration.ZERO), null, List.of());
        fixture.pages(SourceFixture.read(http(server.url(), posted), mark));
        assertThat(server.received().get(3).body()).isEqualTo("{\"filter\":{\"from\":1767323045678}}");
    }

    @Test
    void aRecordIsAskedForByItsKeyAsOneSegment() {
        HttpResource wrapped = new HttpResource("items", "GET", "/items", Map.of(), null, List.of("data"), NONE, null, "/items/{id}/full", List.of("item"));
        server.always(request -> json("{\"item\":{\"id\":\"a/../b?c=d&e#f%2e é+ ${x} {{y}}\",\"name\":\"n\"}}"));
        Read read = SourceFixture.read(http(server.url() + "/api", wrapped), null);
        assertThat(fixture.sources.byId(read, "a/../b?c=d&e#f%2e é+ ${x} {{y}}")).map(Observed::isFit).contains(true);
        assertThat(server.lines()).containsExactly("GET /api/items/a%2F..%2Fb%3Fc%3Dd%26e%23f%252e%20%C3%A9%2B%20%24%7Bx%7D%20%7B%7By%7D%7D/full");
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.sources.byId(read, ".."))).hasMessageContaining("cannot stand in a path");
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.sources.byId(read, "5"))).hasMessageContaining("another record came");
        // A quota, an error, an empty list: answered 200, and no word about the record.
        server.always(request -> json("{\"item\":{\"error\":\"quota\"}}"));
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.sources.byId(read, "5"))).hasMessageContaining("what came has no readable key");
    }

    @Test
    void onlyTheSourcesWordProvesThatARecordIsGone() {
        Read read = SourceFixture.read(http(server.url(), resource(NONE)), null);
        assertThat(fixture.sources.readsById(read)).isTrue();
        for (int gone : new int[] {404, 410}) {
            server.script(answer(gone, ""));
            assertThat(fixture.sources.byId(read, "5")).isEmpty();
        }
        for (FaultyServer.Answer anythingElse : List.of(answer(403, ""), answer(500, ""), json("null"), json("[]"), json(""), answer(200, "<html>"),
                answer(204, ""))) {
            server.script(anythingElse);
            assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.sources.byId(read, "5"))).isNotNull();
        }
    }

    @Test
    void theMomentAskedIsTheSourcesOwnWhereItTellsIt() {
        server.script(json(FINE, "Date", "Sat, 21 Nov 2026 08:00:00 GMT"));
        Instant told = read(new Auth.None()).get(0).askedAt();
        assertThat(told).isBetween(Instant.parse("2026-11-21T07:59:49Z"), Instant.parse("2026-11-21T07:59:59Z"));
        server.script(json(FINE, "Date", "yesterday"));
        assertThat(read(new Auth.None()).get(0).askedAt()).isEqualTo(fixture.clock.now);
    }

    @Test
    void whatTheSourceSentOfAnUnfitRecordIsKept() {
        String broken = "{\"id\" : 2, \"price\":\"dear\", \"é\":[1, 2]}";
        server.script(json("\uFEFF{\"data\": [{\"id\":1}, " + broken + " , 7, {\"id\":3,\"price\":\"x\",\"long\":\"" + "é".repeat(40_000) + "\"}]}"));
        List<Observed> records = read(new Auth.None()).get(0).records();
        assertThat(records).extracting(Observed::raw).startsWith(null, broken, "7");
        assertThat(records.get(1).problems()).isNotEmpty();
        assertThat(records.get(3).raw().getBytes(StandardCharsets.UTF_8).length).isBetween(65_530, 65_536);
        assertThat(records.get(3).raw()).startsWith("{\"id\":3").endsWith("éé");
    }

    @Test
    void theNextPageIsFetchedWhileTheLastIsWorkedOn() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        server.always(request -> {
            if (asked.incrementAndGet() == 2) {
                second.countDown();
            }
            return json("{\"data\":" + items(asked.get()) + "}");
        });
        Paging paging = new Paging(Paging.Kind.PAGE, "page", false, 1, null, 0, null, null, null, null, Paging.End.EMPTY_PAGE, 50, false);
        BlockingQueue<Integer> read = new LinkedBlockingQueue<>();
        CountDownLatch over = new CountDownLatch(1);
        try (PageReader reader = fixture.sources.open(SourceFixture.read(http(server.url(), resource(paging)), null), null, new WhenRead() {
            @Override
            public void read(Page page) {
                read.add(page.number());
            }

            @Override
            public void over() {
                over.countDown();
            }
        })) {
            Page first = reader.next();
            assertThat(read.poll(60, TimeUnit.SECONDS)).as("told before it is taken").isEqualTo(first.number());
            assertThat(second.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(read.poll(60, TimeUnit.SECONDS)).as("told before anybody takes it").isEqualTo(2);
            assertThat(asked.get()).as("never more than one ahead").isEqualTo(2);
            assertThat(over.getCount()).isEqualTo(1);
        }
        assertThat(over.getCount()).isZero();
    }

    @Test
    void closingBreaksOffTheCallUnderWay() throws InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch second = new CountDownLatch(1);
        server.always(request -> asked.incrementAndGet() == 1 ? json("{\"data\":" + items(1) + "}") : to -> {
            second.countDown();
            try {
                for (;;) {
                    to.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.UTF_8));
                    to.flush();
                    new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
                }
            } finally {
                gone.countDown();
            }
        });
        Paging paging = new Paging(Paging.Kind.PAGE, "page", false, 1, null, 0, null, null, null, null, Paging.End.EMPTY_PAGE, 50, false);
        PageReader reader = fixture.sources.open(SourceFixture.read(http(server.url(), resource(paging)), null), null, page -> { });
        reader.next();
        assertThat(second.await(60, TimeUnit.SECONDS)).isTrue();
        reader.close();
        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    }
}
