package io.syncline.killrig;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.TestServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A system with groups and items, in pages of 500 by number, each record to be had by its key. It counts what it is asked and stands still while it is
 * read.
 */
final class Shop implements AutoCloseable {
    static final int GROUPS = 40;
    static final int PAGE = 500;

    /** What was asked for, and when. */
    record Call(String what, Instant at) {
    }

    private final HttpServer server;
    private final ExecutorService hands = Executors.newFixedThreadPool(8);
    private final Trap trap;
    private final List<Call> calls = new ArrayList<>();
    private final TreeMap<Integer, Item> items = new TreeMap<>();
    private int lastId;
    private volatile Runnable beforeAnswer = () -> { };

    Shop(int size, Trap trap) {
        this.trap = trap;
        String modified = Instant.now().minusSeconds(3600).toString();
        for (int id = 1; id <= size; id++) {
            items.put(id, new Item(id, "Item " + id, id % 1000, 1, 1 + id % GROUPS, modified));
        }
        lastId = size;
        server = TestServer.create();
        server.setExecutor(hands);
        server.createContext("/", this::serve);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Writes the configuration of a product that reads this shop. */
    void configure(Path config) {
        try {
            Files.createDirectories(config.resolve("systems"));
            Files.createDirectories(config.resolve("syncs"));
            Files.writeString(config.resolve("systems/shop.yaml"), """
                    name: shop
                    title: Shop
                    source:
                      kind: http
                      baseUrl: %s
                      allowPrivateNetwork: true
                      paging: {kind: page, parameter: page, sizeParameter: size, size: %d, more: more, total: total}
                      resources:
                        groups: {path: /groups, records: data, byId: "/groups/{id}"}
                        items: {path: /items, records: data, byId: "/items/{id}", since: {parameter: since, overlap: 1s}}
                    """.formatted(url(), PAGE));
            Files.writeString(config.resolve("syncs/stock.yaml"), """
                    name: stock
                    title: Stock
                    system: shop
                    side: sh
                    entities:
                      groups: {key: id, fields: {name: text}}
                      items:
                        key: id
                        version: edition
                        modifiedAt: modified
                        fields: {name: text, price: decimal, edition: integer, group_id: {type: integer, references: groups}}
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One per cent changes, some come, some go. @param deletes none of them where only what changed is going to be asked for */
    synchronized void change(SplittableRandom random, boolean deletes) {
        String now = Instant.now().toString();
        List<Integer> ids = new ArrayList<>(items.keySet());
        for (int n = 0; n < Math.max(3, ids.size() / 100); n++) {
            items.computeIfPresent(ids.get(random.nextInt(ids.size())), (id, item) -> new Item(id, item.name() + "'", random.nextInt(1000), item.edition() + 1,
                    1 + random.nextInt(GROUPS), now));
        }
        for (int n = 0; n < 10; n++) {
            int id = ++lastId;
            items.put(id, new Item(id, "Item " + id, random.nextInt(1000), 1, 1 + random.nextInt(GROUPS), now));
            if (deletes) {
                items.remove(ids.remove(random.nextInt(ids.size())));
            }
        }
    }

    synchronized Map<Integer, Item> items() {
        return new TreeMap<>(items);
    }

    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized void forgetCalls() {
        calls.clear();
    }

    /** Done as each answer is about to be given. */
    void beforeAnswer(Runnable beforeAnswer) {
        this.beforeAnswer = beforeAnswer;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            synchronized (this) {
                calls.add(new Call(exchange.getRequestURI().toString(), Instant.now()));
            }
            Trap.Fate fate = trap.count(KillPoint.Kind.REQUEST, exchange.getRequestURI().toString());
            if (fate == Trap.Fate.NEVER_HAPPENS) {
                return;
            }
            beforeAnswer.run();
            answer(exchange);
            if (fate == Trap.Fate.HAPPENS_UNANSWERED) {
                trap.kill();
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
        String body = path.length == 2 ? one(path[0], Integer.parseInt(path[1])) : page(path[0], query(exchange.getRequestURI().getQuery()));
        byte[] bytes = (body == null ? "{}" : body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().close();
    }

    private synchronized String one(String kind, int id) {
        return kind.equals("groups") ? group(id) : items.containsKey(id) ? items.get(id).json() : null;
    }

    private synchronized String page(String kind, Map<String, String> query) {
        List<Supplier<String>> records = new ArrayList<>();
        if (kind.equals("groups")) {
            IntStream.rangeClosed(1, GROUPS).forEach(id -> records.add(() -> group(id)));
        } else {
            Instant since = query.containsKey("since") ? Instant.parse(query.get("since")) : null;
            items.values().stream().filter(item -> since == null || !Instant.parse(item.modified()).isBefore(since)).forEach(item -> records.add(item::json));
        }
        int number = Integer.parseInt(query.get("page"));
        String data = records.stream().skip((number - 1L) * PAGE).limit(PAGE).map(Supplier::get).collect(Collectors.joining(","));
        return "{\"data\":[" + data + "],\"total\":" + records.size() + ",\"more\":" + (number * PAGE < records.size()) + "}";
    }

    private static String group(int id) {
        return id > GROUPS ? null : "{\"id\":" + id + ",\"name\":\"Group " + id + "\"}";
    }

    private static Map<String, String> query(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter : query.split("&")) {
            String[] parts = parameter.split("=", 2);
            parameters.put(parts[0], parts[1]);
        }
        return parameters;
    }

    @Override
    public void close() {
        server.stop(0);
        hands.shutdownNow();
    }
}
