package io.syncline;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source of any number of records of about 300 bytes, made as they are asked for: {@code /items?page=1&size=500} and {@code /items/17}. After
 * {@link #change} every hundredth is another, of each two hundred one is gone, and as many are new.
 */
final class GeneratedRecords implements AutoCloseable {
    static final String SYSTEM = """
            name: shop
            title: Shop
            source:
              kind: http
              baseUrl: ${SHOP_URL}
              allowPrivateNetwork: true
              paging: {kind: page, parameter: page, sizeParameter: size, size: 500, total: total, end: total}
              resources:
                items: {path: /items, records: items, byId: "/items/{id}"}
            """;
    static final String SYNC = """
            name: goods
            title: Goods
            system: shop
            side: sh
            entities:
              items:
                key: id
                modifiedAt: changed
                brake: {rows: 1000000, percent: 50}
                fields: {name: text, description: text, price: decimal, cost: decimal, active: boolean, hours: decimal, sku: text, position: integer}
            """;
    private static final Pattern PAGE = Pattern.compile("\\bpage=(\\d+)");
    private static final int SIZE = 500;
    /** Of so many in a row one goes: the one at this place. */
    private static final int BLOCK = 200;
    private static final int GOES = 7;

    private final int records;
    private final HttpServer server;
    private final ExecutorService lanes = Executors.newFixedThreadPool(2);
    private volatile boolean changed;

    /** @param records a multiple of 200 */
    GeneratedRecords(int records) {
        if (records % BLOCK != 0) {
            throw new IllegalArgumentException(records + " is not a multiple of " + BLOCK);
        }
        this.records = records;
        server = TestServer.create();
        server.createContext("/items", this::answer);
        server.setExecutor(lanes);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void change() {
        changed = true;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Matcher page = PAGE.matcher(String.valueOf(exchange.getRequestURI().getQuery()));
        StringBuilder answer = new StringBuilder();
        boolean found = true;
        if (page.find()) {
            page(answer, Integer.parseInt(page.group(1)));
        } else {
            int id = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
            found = !changed || id >= records || id % BLOCK != GOES;
            record(answer, id);
        }
        byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getRequestBody().close();
        exchange.sendResponseHeaders(found ? 200 : 404, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private void page(StringBuilder to, int number) {
        to.append("{\"total\":").append(records).append(",\"items\":[");
        int first = (number - 1) * SIZE;
        for (int rank = first; rank < Math.min(first + SIZE, records); rank++) {
            record(to.append(rank == first ? "" : ","), changed ? idAt(rank) : rank);
        }
        to.append("]}");
    }

    private int idAt(int rank) {
        int staying = records / BLOCK * (BLOCK - 1);
        if (rank >= staying) {
            return records + rank - staying;
        }
        int place = rank % (BLOCK - 1);
        return rank / (BLOCK - 1) * BLOCK + place + (place >= GOES ? 1 : 0);
    }

    private void record(StringBuilder to, int id) {
        boolean moved = changed && id % 100 == 3;
        to.append("{\"id\":").append(id).append(",\"name\":\"Item number ").append(id)
                .append("\",\"description\":\"A thing of some quality, made for people who need it often, in the size ").append(id % 97)
                .append("\",\"price\":").append(id % 1000).append(moved ? ".75" : ".50").append(",\"cost\":12.25,\"active\":true,\"hours\":1.5,\"sku\":\"SKU-")
                .append(id).append("\",\"position\":").append(id % 5000).append(",\"changed\":\"2026-0").append(moved ? 2 : 1).append("-01T10:00:00Z\"}");
    }

    @Override
    public void close() {
        server.stop(0);
        lanes.shutdownNow();
    }
}
