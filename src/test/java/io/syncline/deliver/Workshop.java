package io.syncline.deliver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.TestServer;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.source.Sent;
import io.syncline.source.WriteOrder;
import io.syncline.source.Writing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A system with shelves and things on them that is read over HTTP and written to by orders; it keeps a journal of what took effect, and can be told to fail.
 */
final class Workshop implements Writing, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory PARSERS = new JsonFactory();

    /** What goes wrong with one order. */
    enum Fault { LOST_ANSWER, LOST_ORDER, DOWN, SLOW_DOWN, COME_BACK_IN_YEARS, BARRED, REFUSED, HANGS, FAILS_INSIDE, SAYS_NOTHING }

    private final HttpServer server = TestServer.create();
    private final Map<String, TreeMap<String, ObjectNode>> records = Map.of("shelves", new TreeMap<>(), "things", new TreeMap<>());
    private final Map<UUID, String> done = new HashMap<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final List<String> effects = new ArrayList<>();
    private final List<WriteOrder> orders = new ArrayList<>();
    private final List<WriteOrder> lookUps = new ArrayList<>();
    private int lastId = 100;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger mostInside = new AtomicInteger();
    private volatile Duration takes = Duration.ZERO;
    private volatile boolean tellsNothing;
    private volatile List<Observed> alike = List.of();
    private CountDownLatch hanging = new CountDownLatch(1);
    private final List<UUID> hung = new ArrayList<>();
    private volatile CountDownLatch looking = new CountDownLatch(0);

    Workshop() {
        server.createContext("/", this::serve);
        server.start();
    }

    void configure(Path config) {
        configure(config, 4);
    }

    void configure(Path config, int writesAtOnce) {
        try {
            Files.createDirectories(config.resolve("systems"));
            Files.createDirectories(config.resolve("syncs"));
            Files.writeString(config.resolve("systems/workshop.yaml"), """
                    name: workshop
                    title: Workshop
                    source:
                      kind: http
                      baseUrl: http://127.0.0.1:%d
                      allowPrivateNetwork: true
                      limits: {writesAtOnce: %d}
                      paging: {kind: page, parameter: page, sizeParameter: size, size: 1000, more: more, total: total}
                      resources:
                        shelves:
                          path: /shelves
                          records: data
                          byId: /shelves/{id}
                          writes: {create: {path: /shelves}, update: {path: "/shelves/{id}"}, delete: {path: "/shelves/{id}"}}
                        things:
                          path: /things
                          records: data
                          byId: /things/{id}
                          writes: {create: {path: /things}, update: {path: "/things/{id}"}, delete: {path: "/things/{id}"}, restore: {path: "/things/{id}"}}
                    """.formatted(server.getAddress().getPort(), writesAtOnce));
            Files.writeString(config.resolve("syncs/stock.yaml"), """
                    name: stock
                    title: Stock
                    system: workshop
                    side: ws
                    entities:
                      shelves: {key: id, match: [name], fields: {name: text}}
                      things:
                        key: id
                        match: [name]
                        version: edition
                        deletedWhen: {path: gone, is: true}
                        fields: {name: text, price: decimal, shelf: {type: integer, references: shelves}}
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole product, which is configured here, waits for nothing longer than it must, and writes to this workshop. */
    RunningSyncline product(Path folder, Map<String, String> own) {
        return product(folder, TestPostgres.url(), own);
    }

    RunningSyncline product(Path folder, String database, Map<String, String> own) {
        Map<String, String> settings = new HashMap<>(Map.of("syncline.push.after-save", "true", "syncline.push.deliver", "true", "syncline.push.first", "50ms",
                "syncline.push.most", "200ms", "syncline.push.debounce", "50ms", "syncline.push.due", "0/1 * * * * ?", "syncline.push.look", "0/1 * * * * ?"));
        settings.putAll(own);
        return RunningSyncline.start(folder, database, settings,
                context -> context.registerBean(Writing.class, () -> this, definition -> definition.setPrimary(true)));
    }

    /** Somebody there writes a record. */
    synchronized void put(String entity, String id, String json) {
        try {
            ObjectNode record = (ObjectNode) JSON.readTree(json);
            JsonNode before = records.get(entity).get(id);
            records.get(entity).put(id, record.put("id", id).put("edition", before == null ? 1 : before.path("edition").asInt() + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Somebody there removes a record, so that nothing is left of it. */
    synchronized void remove(String entity, String id) {
        records.get(entity).remove(id);
    }

    synchronized JsonNode get(String entity, String id) {
        JsonNode record = records.get(entity).get(id);
        return record == null ? JSON.nullNode() : record.deepCopy();
    }

    synchronized List<JsonNode> all(String entity) {
        return List.copyOf(records.get(entity).values());
    }

    synchronized void fault(Fault... next) {
        faults.addAll(List.of(next));
    }

    /** So long it thinks about each order. */
    void takes(Duration time) {
        takes = time;
    }

    /** How many orders it had at the same time since it was asked last. */
    int mostAtOnce() {
        return mostInside.getAndSet(0);
    }

    /** Look-ups find nothing out. */
    void tellsNothing(boolean nothing) {
        tellsNothing = nothing;
    }

    /** The same, but for records that could be what was made. */
    void tellsOnlyOf(List<Observed> records) {
        tellsNothing = !records.isEmpty();
        alike = records;
    }

    /** Until it goes on, nothing is answered to whoever looks up what became of an order. */
    void holdLookUps() {
        looking = new CountDownLatch(1);
    }

    /** Whoever had hung by now, or looked, is answered. */
    synchronized void goOn() {
        looking.countDown();
        hanging.countDown();
        hanging = new CountDownLatch(1);
        hung.clear();
    }

    /** The orders that took effect, and whose answers do not come before it goes on. */
    synchronized List<UUID> hung() {
        return List.copyOf(hung);
    }

    synchronized List<String> effects() {
        return List.copyOf(effects);
    }

    synchronized List<WriteOrder> orders() {
        return List.copyOf(orders);
    }

    synchronized List<WriteOrder> lookUps() {
        return List.copyOf(lookUps);
    }

    @Override
    public Sent send(WriteOrder order) {
        mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
        try {
            LockSupport.parkNanos(takes.toNanos());
            return sent(order);
        } finally {
            inside.decrementAndGet();
        }
    }

    private Sent sent(WriteOrder order) {
        Fault fault;
        CountDownLatch answers;
        synchronized (this) {
            orders.add(order);
            fault = faults.poll();
            answers = hanging;
        }
        if (fault == null) {
            return take(order);
        }
        return switch (fault) {
            case DOWN -> new Sent.NotSent("no connection", null);
            case SLOW_DOWN -> new Sent.NotSent("asks for time", Duration.ofMillis(700));
            case COME_BACK_IN_YEARS -> new Sent.NotSent("asks for years", Duration.ofDays(10_000));
            case BARRED -> new Sent.Barred("the password has changed");
            case REFUSED -> new Sent.Refused(422, "price: must not be negative <b>");
            case LOST_ORDER -> new Sent.Unclear("the connection broke");
            case FAILS_INSIDE -> throw new IllegalStateException("a fault of ours");
            case LOST_ANSWER -> {
                take(order);
                yield new Sent.Unclear("no answer came");
            }
            case SAYS_NOTHING -> {
                take(order);
                yield new Sent.Taken(null);
            }
            case HANGS -> {
                Sent taken = hang(order, answers);
                await(answers);
                yield taken;
            }
        };
    }

    private synchronized Sent hang(WriteOrder order, CountDownLatch answers) {
        Sent taken = take(order);
        if (answers == hanging) {
            hung.add(order.id());
        }
        return taken;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Sent take(WriteOrder order) {
        TreeMap<String, ObjectNode> all = records.get(order.entity().name());
        if (done.containsKey(order.id())) {
            return new Sent.Taken(observed(order, all.get(done.get(order.id()))));
        }
        ObjectNode record = order.key() == null ? JSON.createObjectNode() : all.get(order.key());
        if (record == null) {
            return switch (order.action()) {
                case DELETE -> new Sent.Taken(null);
                case RESTORE -> new Sent.Moved("nothing is left of it", true);
                default -> new Sent.Moved("it is no longer there");
            };
        }
        if (order.key() != null && order.agreedHash() != null && !observed(order, record).document().hasHash(order.agreedHash())) {
            return new Sent.Moved("it is not as agreed");
        }
        String id = order.key() == null ? Integer.toString(++lastId) : order.key();
        record.put("id", id).put("edition", record.path("edition").asInt() + 1).put("gone", order.action() == WriteOrder.Action.DELETE);
        if (order.action() != WriteOrder.Action.DELETE) {
            record.setAll(content(order.document()));
            record.put("name", record.path("name").asText().trim());
        }
        all.put(id, record);
        done.put(order.id(), id);
        effects.add(order.action() + " " + id + " " + order.document().text());
        return new Sent.Taken(observed(order, record));
    }

    @Override
    public Sent lookUp(WriteOrder order) {
        await(looking);
        return lookedUp(order);
    }

    private synchronized Sent lookedUp(WriteOrder order) {
        lookUps.add(order);
        if (tellsNothing) {
            return new Sent.CannotTell("Nothing there tells whether it arrived.", null, alike);
        }
        if (order.key() == null) {
            return records.get(order.entity().name()).values().stream().filter(each -> each.path("name").equals(content(order.document()).path("name")))
                    .findFirst().<Sent>map(each -> new Sent.Taken(observed(order, each))).orElse(new Sent.NotSent("it never arrived", null));
        }
        Observed now = observed(order, records.get(order.entity().name()).get(order.key()));
        if (now.deleted() ? order.action() == WriteOrder.Action.DELETE : now.document().equals(order.document())) {
            return new Sent.Taken(now);
        }
        return now.document().hasHash(order.agreedHash()) ? new Sent.NotSent("it never arrived", null) : new Sent.Moved("it is neither as sent nor as agreed");
    }

    private static ObjectNode content(Document document) {
        try {
            return (ObjectNode) JSON.readTree(document.utf8());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Observed observed(WriteOrder order, ObjectNode record) {
        try (JsonParser parser = PARSERS.createParser(record.toString())) {
            parser.nextToken();
            return order.entity().mapping().read(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
            String body;
            synchronized (this) {
                TreeMap<String, ObjectNode> all = records.get(path[0]);
                if (path.length == 2) {
                    body = all.containsKey(path[1]) ? all.get(path[1]).toString() : null;
                } else {
                    ArrayNode data = JSON.createArrayNode().addAll(all.values());
                    body = JSON.createObjectNode().put("more", false).put("total", data.size()).set("data", data).toString();
                }
            }
            byte[] bytes = (body == null ? "{}" : body).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.getResponseHeaders().add("Date", java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.now()
                    .atOffset(java.time.ZoneOffset.UTC)));
            exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        goOn();
        server.stop(0);
    }
}
