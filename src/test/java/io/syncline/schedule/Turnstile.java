package io.syncline.schedule;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.TestServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A system of three records whose answers wait while it is closed, so that a run is under way for as long as a test wants. */
public final class Turnstile implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService hands = Executors.newCachedThreadPool();
    private volatile CountDownLatch open = new CountDownLatch(0);
    private volatile boolean broken;

    public Turnstile() {
        server = TestServer.create();
        server.setExecutor(hands);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Writes the configuration of a sync {@code goods} that reads it. */
    public Path configure(Path config, String schedules) {
        try {
            Files.createDirectories(config.resolve("systems"));
            Files.createDirectories(config.resolve("syncs"));
            Files.writeString(config.resolve("systems/stock.yaml"), """
                    name: stock
                    title: Stock
                    source:
                      kind: http
                      baseUrl: http://127.0.0.1:%d
                      allowPrivateNetwork: true
                      limits: {attempts: 1}
                      paging: {kind: none}
                      resources:
                        items: {path: /items, records: data}
                    """.formatted(server.getAddress().getPort()));
            Files.writeString(config.resolve("syncs/goods.yaml"), """
                    name: goods
                    title: Goods
                    system: stock
                    side: sk
                    schedules: %s
                    entities:
                      items: {key: id, fields: {name: text}}
                    """.formatted(schedules));
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void shut() {
        open = new CountDownLatch(1);
    }

    public void open() {
        open.countDown();
    }

    public void breakDown(boolean broken) {
        this.broken = broken;
    }

    private void answer(HttpExchange call) throws IOException {
        try (call) {
            open.await();
            byte[] body = "{\"data\": [{\"id\": 1, \"name\": \"Pump\"}, {\"id\": 2, \"name\": \"Hose\"}, {\"id\": 3, \"name\": \"Seal\"}]}"
                    .getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders().set("Content-Type", "application/json");
            call.sendResponseHeaders(broken ? 500 : 200, body.length);
            call.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        open();
        server.stop(0);
        hands.shutdownNow();
    }
}
