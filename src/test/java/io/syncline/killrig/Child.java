package io.syncline.killrig;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.access.NewKey;
import org.awaitility.core.ConditionTimeoutException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The product as a process of its own. */
final class Child implements AutoCloseable {
    private static final String KEY = NewKey.make();
    private static final Pattern LISTENS = Pattern.compile("Syncline listens on (\\S+)");
    private static final Duration START = Duration.ofMinutes(4);

    private final Process process;
    private final Path log;
    private final HttpClient http = HttpClient.newHttpClient();
    private String url;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it with these settings and waits until it listens. */
    static Child start(Path folder, Path config, String... settings) {
        Child child = launch(folder, config, settings);
        child.awaitReady();
        return child;
    }

    static Child launch(Path folder, Path config, String... settings) {
        List<String> command = new ArrayList<>(Program.get().command());
        command.addAll(List.of("--syncline.config=" + config, "--server.port=0", "--SYNCLINE_ADMIN_KEY=" + KEY, "--syncline.api.patience=150s"));
        if (List.of(settings).stream().noneMatch(setting -> setting.startsWith("--syncline.schedules.enabled="))) {
            command.add("--syncline.schedules.enabled=false");
        }
        command.addAll(List.of(settings));
        try {
            Path log = Files.createTempFile(folder, "syncline-", ".log");
            return new Child(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() {
        try {
            await().atMost(START).pollInterval(Duration.ofMillis(25)).until(() -> !process.isAlive() || LISTENS.matcher(text()).find());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("it did not start: " + text(), e);
        }
        Matcher listens = LISTENS.matcher(text());
        assertThat(listens.find()).as(this::text).isTrue();
        url = listens.group(1);
    }

    String url() {
        return url;
    }

    Process process() {
        return process;
    }

    /** Asks a door; the answer may never come, because the process may be killed meanwhile. */
    CompletableFuture<HttpResponse<String>> call(String method, String path) {
        return call(method, path, "");
    }

    CompletableFuture<HttpResponse<String>> call(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + KEY);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.sendAsync(request.header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(3)).method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode answer(String method, String path) {
        return answer(method, path, "");
    }

    JsonNode answer(String method, String path, String body) {
        return RunningSyncline.json(call(method, path, body).join().body());
    }

    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGTERM; answers how long it took to end. */
    Duration stop() {
        long began = System.nanoTime();
        process.destroy();
        try {
            if (!process.waitFor(3, TimeUnit.MINUTES)) {
                throw new AssertionError("it does not stop: " + text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    String text() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
