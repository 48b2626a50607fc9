package io.syncline;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Promise 26, with the packaged product as a process of its own in little memory: a first full run, one without changes, one with 1 % updated and 0.5 % new
 * and deleted each, and a comparison. {@code -Dsyncline.million=1000000 -Dsyncline.million.heap=256m} makes it what its name says; bench/README.md has more.
 */
class MillionRecordsIT {
    private static final int RECORDS = Integer.getInteger("syncline.million", 100_000);
    private static final String HEAP = System.getProperty("syncline.million.heap", "128m");
    private static final Pattern KEY = Pattern.compile("sln_[0-9A-Za-z]+");
    private static final Pattern LISTENS = Pattern.compile("Syncline listens on (\\S+)");
    private static final Pattern COLLECTED = Pattern.compile("Pause .*?(\\d+)M->(\\d+)M\\((\\d+)M\\)");

    @TempDir
    private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process product;

    @AfterEach
    void stop() throws InterruptedException {
        if (product != null) {
            product.destroy();
            if (!product.waitFor(60, TimeUnit.SECONDS)) {
                product.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void memoryIsBoundedByAPageHoweverManyRecordsThereAre() throws Exception {
        try (GeneratedRecords source = new GeneratedRecords(RECORDS)) {
            start(source);
            int gone = RECORDS / 200;
            long load = run("load", "full", Map.of("create", RECORDS));
            run("no change", "full", Map.of("unchanged", RECORDS));
            source.change();
            long changed = run("1 % changed", "full",
                    Map.of("update", RECORDS / 100, "create", gone, "delete", gone, "unchanged", RECORDS - RECORDS / 100 - gone));
            run("compare", "verify", Map.of("matched", RECORDS));
            assertThat(changed).as("milliseconds for 1 % of the records; all of them took %d", load).isLessThan(2 * load);
        }
    }

    private void start(GeneratedRecords source) throws IOException {
        Files.createDirectories(folder.resolve("config/systems"));
        Files.createDirectories(folder.resolve("config/syncs"));
        Files.writeString(folder.resolve("config/systems/shop.yaml"), GeneratedRecords.SYSTEM);
        Files.writeString(folder.resolve("config/syncs/goods.yaml"), GeneratedRecords.SYNC);
        ProcessBuilder command = new ProcessBuilder(PackagedProduct.java(), "-Xmx" + HEAP,
                "-Xlog:gc:file=" + folder.resolve("gc.log"), "-XX:+ExitOnOutOfMemoryError", "-jar", PackagedProduct.unpacked().toString(), "--server.port=0",
                "--syncline.database.port=0", "--syncline.config=" + folder.resolve("config"), "--syncline.data-directory=" + folder.resolve("data"));
        TestPostgres.lendPrograms(folder.resolve("data"));
        command.environment().put("SHOP_URL", source.url());
        product = command.redirectErrorStream(true).redirectOutput(folder.resolve("product.log").toFile()).start();
        await().atMost(Duration.ofSeconds(120)).until(() -> {
            assertThat(product.isAlive()).as(this::log).isTrue();
            return LISTENS.matcher(log()).find();
        });
    }

    private long run(String phase, String mode, Map<String, Integer> expected) throws Exception {
        JsonNode answer = call("POST", "/api/sync/goods/" + mode);
        JsonNode[] report = {answer};
        await().atMost(Duration.ofMinutes(30)).pollInterval(Duration.ofMillis(200)).until(() -> {
            assertThat(product.isAlive()).as(this::log).isTrue();
            report[0] = call("GET", "/api/v1/runs/" + answer.path("run").asLong());
            return report[0].has("finishedAt");
        });
        JsonNode items = RunningSyncline.entity(report[0], "items");
        Map<String, Integer> counts = new TreeMap<>();
        items.path("counts").fields().forEachRemaining(count -> counts.put(count.getKey(), count.getValue().asInt()));
        assertThat(counts).as(report[0].toPrettyString()).isEqualTo(new TreeMap<>(expected));
        long millis = report[0].path("durationMs").asLong();
        System.out.printf("MEASURE %s: %,d records in %.1f s, %,d/s, -Xmx%s, live after a collection at most %d MB, process at most %s%n", phase, RECORDS,
                millis / 1000.0, RECORDS * 1000L / Math.max(1, millis), HEAP, mostLive(), mostResident());
        return millis;
    }

    private JsonNode call(String method, String path) throws IOException, InterruptedException {
        Matcher listens = LISTENS.matcher(log());
        Matcher key = KEY.matcher(log());
        assertThat(listens.find() && key.find()).isTrue();
        HttpRequest request = HttpRequest.newBuilder(URI.create(listens.group(1) + path)).header("Authorization", "Bearer " + key.group())
                .method(method, HttpRequest.BodyPublishers.noBody()).build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 202);
        return RunningSyncline.json(response.body());
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("product.log"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** In megabytes, by the log of the garbage collector: what its collections could not free includes young garbage, so it is an upper bound. */
    private long mostLive() throws IOException {
        try (var lines = Files.lines(folder.resolve("gc.log"))) {
            return lines.map(COLLECTED::matcher).filter(Matcher::find).mapToLong(line -> Long.parseLong(line.group(2))).max().orElse(0);
        }
    }

    /** Where the system tells it. */
    private String mostResident() throws IOException {
        Path status = Path.of("/proc", Long.toString(product.pid()), "status");
        List<String> lines = Files.exists(status) ? Files.readAllLines(status) : List.of();
        return lines.stream().filter(line -> line.startsWith("VmHWM")).map(line -> line.replaceAll("\\D+", ""))
                .map(kilobytes -> Long.parseLong(kilobytes) / 1024 + " MB").findFirst().orElse("unknown");
    }
}
