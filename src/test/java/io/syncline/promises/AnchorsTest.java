package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.RunningSyncline;
import io.syncline.TestServer;
import io.syncline.access.Role;
import io.syncline.audit.AnchorLine;
import io.syncline.promises.Visitor.Answered;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Anchors get out of the database by themselves, and what keeps one from it is told and overcome. */
class AnchorsTest {
    private static final String EVERY_SECOND = "* * * * * ?";

    @TempDir
    private Path folder;
    private HttpServer notary;
    private volatile int answer = 204;
    private final List<Map.Entry<Map<String, String>, String>> posts = new CopyOnWriteArrayList<>();
    private Pricebook book;

    @BeforeEach
    void aNotaryListens() {
        notary = TestServer.create();
        notary.createContext("/", this::take);
        notary.start();
    }

    private void take(HttpExchange post) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        post.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        posts.add(Map.entry(headers, new String(post.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        post.getResponseHeaders().set("Location", "http://127.0.0.1:" + notary.getAddress().getPort() + "/elsewhere");
        post.sendResponseHeaders(answer, -1);
        post.close();
    }

    @AfterEach
    void stop() {
        if (book != null) {
            book.close();
        }
        notary.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + notary.getAddress().getPort() + "/anchors";
    }

    private void open(String... settings) {
        Map<String, String> all = new TreeMap<>(Map.of("syncline.anchor.private-network", "true"));
        for (int at = 0; at < settings.length; at += 2) {
            all.put(settings[at], settings[at + 1]);
        }
        book = Pricebook.open(folder.resolve("config"), all);
        book.full();
    }

    private JsonNode json(String path) {
        return RunningSyncline.json(book.syncline.call("GET", path, null).body());
    }

    private Answered export() {
        var answered = book.syncline.call("POST", "/api/v1/anchors", null);
        return new Answered(answered.statusCode(), answered.body(), null, null);
    }

    @Test
    void oneComesByItselfSignedAndOnceADay() throws Exception {
        Path file = folder.resolve("anchors.jsonl");
        String secret = "whsec_" + Base64.getEncoder().encodeToString("a secret of thirty-two bytes....".getBytes(StandardCharsets.UTF_8));
        open("syncline.schedules.enabled", "true", "syncline.anchor.look", EVERY_SECOND, "syncline.anchor.file", file.toString(), "syncline.anchor.url", url(),
                "syncline.anchor.secret", secret);
        Pricebook.until(() -> !posts.isEmpty() && json("/api/v1/anchors").path("items").size() == 2);
        AnchorLine line = AnchorLine.read(Files.readAllLines(file).get(0)).orElseThrow();
        assertThat(line.organisation()).isEqualTo("default");
        assertThat(line.chains()).singleElement().satisfies(link -> {
            assertThat(link.sync()).isEqualTo("pricebook");
            assertThat(link.digest()).isEqualTo(book.one("select encode(digest, 'hex') from syncline.snapshot where number = " + link.number(), String.class));
        });
        Map<String, String> headers = posts.get(0).getKey();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("a secret of thirty-two bytes....".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertThat(headers.get("webhook-signature")).isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal((headers.get("webhook-id") + "."
                + headers.get("webhook-timestamp") + "." + posts.get(0).getValue()).getBytes(StandardCharsets.UTF_8))));
        assertThat(json("/api/v1/anchors").path("items")).hasSize(2).allSatisfy(item -> assertThat(item.path("askedBy").isNull()).isTrue());
        assertThat(json("/api/v1/anchors").toString()).doesNotContain("whsec_", "127.0.0.1");
        Pricebook another = book.another(Map.of("syncline.schedules.enabled", "true", "syncline.anchor.look", EVERY_SECOND, "syncline.anchor.every", "1s",
                "syncline.anchor.file", file.toString()));
        try {
            Pricebook.until(() -> lines(file) >= 3);
            assertThat(posts).as("nothing more within a day where a day is a day").hasSize(1);
        } finally {
            another.stop();
        }
    }

    private static long lines(Path file) {
        try {
            return Files.readString(file).lines().count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatCannotGetOutIsToldAndTriedAgain() {
        answer = 500;
        open("syncline.schedules.enabled", "true", "syncline.anchor.look", EVERY_SECOND, "syncline.anchor.url", url(), "syncline.anchor.retry", "1ms");
        Pricebook.until(() -> json("/health").path("anchorTroubles").size() == 1);
        JsonNode trouble = json("/api/v1/syncs/pricebook/chain").path("anchorTroubles").get(0);
        assertThat(trouble.path("reason").asText()).contains("answered 500").doesNotContain("127.0.0.1");
        assertThat(json("/health").path("status").asText()).isEqualTo("yellow");
        assertThat(json("/api/v1/anchors").path("items")).isEmpty();
        Pricebook.until(() -> json("/api/v1/anchors").path("anchorTroubles").path(0).path("attempts").asInt() > 1);
        Visitor stranger = Visitor.of(book.syncline, "Zed", "globex", Role.ADMIN);
        assertThat(stranger.get("/health").json().path("anchorTroubles")).isEmpty();
        answer = 200;
        Pricebook.until(() -> json("/health").path("anchorTroubles").isEmpty());
        assertThat(json("/api/v1/anchors").path("items")).isNotEmpty();
    }

    @Test
    void aRedirectIsNotFollowedAndAPrivateAddressNotReachedUnlessSaid() {
        answer = 307;
        open("syncline.anchor.url", url());
        Answered moved = export();
        assertThat(moved.status()).isEqualTo(503);
        assertThat(moved.code()).isEqualTo("anchor-failed");
        assertThat(moved.detail()).contains("redirects are not followed");
        assertThat(posts).hasSize(1);
        Pricebook strict = book.another(Map.of("syncline.anchor.url", url()));
        try {
            assertThat(strict.syncline.call("POST", "/api/v1/anchors", null).body()).contains("an address that is not allowed");
            assertThat(posts).hasSize(1);
        } finally {
            strict.stop();
        }
        assertThatThrownBy(() -> book.another(Map.of("syncline.anchor.url", "https://user:secret@anchors.example.com/")))
                .rootCause().hasMessageContaining("syncline.anchor.url").hasMessageNotContaining("secret");
    }

    @Test
    void theFileOnlyGrowsAlsoAfterACrashInTheMiddleOfALine() throws IOException {
        Path file = folder.resolve("anchors.jsonl");
        open("syncline.anchor.file", file.toString());
        assertThat(export().status()).isEqualTo(201);
        String first = Files.readString(file);
        Files.writeString(file, "{\"at\":\"2026-", StandardOpenOption.APPEND);
        assertThat(export().status()).isEqualTo(201);
        assertThat(Files.readString(file)).startsWith(first + "{\"at\":\"2026-\n{\"at\":").endsWith("}\n");
        assertThat(AnchorLine.read(Files.readAllLines(file).get(2))).isPresent();
        assertThat(json("/api/v1/anchors").path("items").get(0).path("askedBy").asText()).isEqualTo("first-admin");
    }

    @Test
    void aFolderThatIsNotThereIsToldWithWhatToDo() {
        open("syncline.anchor.file", folder.resolve("not/there.jsonl").toString());
        Answered failed = export();
        assertThat(failed.status()).isEqualTo(503);
        assertThat(failed.detail()).contains("its folder is not there", "syncline.anchor.file").doesNotContain(folder.toString());
        assertThat(json("/api/v1/syncs/pricebook/chain").path("anchorTroubles").get(0).path("attempts").asInt()).isEqualTo(1);
        assertThat(json("/api/v1/syncs/pricebook/chain").path("anchored")).isEmpty();
    }

    @Test
    void withoutAPlaceNothingPretendsToBeAnchored() {
        open();
        assertThat(export().code()).isEqualTo("no-place-for-anchors");
        assertThat(json("/api/v1/syncs/pricebook/chain").path("anchoring").asBoolean()).isFalse();
        assertThat(json("/api/v1/syncs/pricebook/chain").path("verification").isNull()).isTrue();
    }
}
