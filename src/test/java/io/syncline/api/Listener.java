package io.syncline.api;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Listens to server-sent events over a socket of its own. */
final class Listener implements AutoCloseable {
    private static final String CLOSED = "(closed)";

    private final BlockingQueue<String> blocks = new LinkedBlockingQueue<>();
    private final HttpResponse<InputStream> response;

    private Listener(HttpResponse<InputStream> response) {
        this.response = response;
        Thread reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
    }

    static Listener to(Doors doors, String path, String key, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + doors.port() + path)).header("Authorization", "Bearer " + key);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Listener(HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            List<String> block = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    blocks.add(String.join("\n", block));
                    block.clear();
                } else {
                    block.add(line);
                }
            }
            blocks.add(CLOSED);
        } catch (IOException e) {
            blocks.add("(broken) " + e);
        }
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    /** The next of all that comes, comments among it. */
    String next() {
        try {
            String block = blocks.poll(60, TimeUnit.SECONDS);
            if (block == null) {
                throw new AssertionError("nothing came for 60 s");
            }
            return block;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String next(Predicate<String> wanted) {
        String block = next();
        while (!wanted.test(block)) {
            if (block.startsWith("(")) {
                throw new AssertionError("it ended instead: " + block);
            }
            block = next();
        }
        return block;
    }

    Event event() {
        return Event.of(next(block -> block.contains("data: ")));
    }

    Event event(Predicate<JsonNode> wanted) {
        return Event.of(next(block -> block.contains("data: ") && wanted.test(Event.of(block).data())));
    }

    String comment() {
        return next(block -> block.startsWith(":"));
    }

    /** What comes until the server ends it. */
    void untilClosed() {
        next(CLOSED::equals);
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Event(String id, String type, JsonNode data) {
        static Event of(String block) {
            return new Event(field(block, "id"), field(block, "event"), json(field(block, "data")));
        }

        private static String field(String block, String name) {
            return Arrays.stream(block.split("\n")).filter(line -> line.startsWith(name + ": "))
                    .map(line -> line.substring(name.length() + 2)).findFirst().orElse("");
        }

        private static JsonNode json(String text) {
            try {
                return Doors.JSON.readTree(text);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + text, e);
            }
        }
    }
}
