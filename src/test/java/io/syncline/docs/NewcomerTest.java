package io.syncline.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static io.syncline.RunningSyncline.entity;
import static org.assertj.core.api.Assertions.assertThat;

/** The newcomer's way: the files of docs/how-to-add-a-system.md, and nothing else, keep a table in step with an API nobody had heard of. */
class NewcomerTest {
    private static final Pattern FILE = Pattern.compile("\\*\\*`(config/[^`]+)`\\*\\*\n\n```yaml\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void anInventedApiIsKeptInStepWithoutALineOfJava() throws IOException {
        writeTheFilesOfThePage();
        try (Marina marina = new Marina();
             RunningSyncline syncline = RunningSyncline.start(folder.resolve("config"), TestPostgres.url(),
                     Map.of("MARINA_URL", marina.url(), "MARINA_PRIVATE_NETWORK", "true", "MARINA_KEY", Marina.KEY))) {
            for (int number = 1; number <= 250; number++) {
                marina.boat(number, "{\"boatName\": \"Boat %d\", \"length\": 9.80, \"berth\": {\"pier\": \"B\", \"place\": %d}, \"state\": \"moored\"}"
                        .formatted(number, number));
            }

            JsonNode first = syncline.full("harbour");
            assertThat(entity(first, "boats").path("counts").path("create").asInt()).as(first.toPrettyString()).isEqualTo(250);
            assertThat(entity(first, "boats").path("pages").asInt()).isEqualTo(3);
            assertThat(row(syncline, 17)).isEqualTo("Boat 17, 9.80, B, 17, moored");

            marina.boat(17, "{\"berth\": {\"pier\": \"C\", \"place\": 5}}");
            marina.boat(18, "{\"state\": \"sold\"}");
            marina.boat(251, "{\"boatName\": \"Late\", \"state\": \"moored\"}");
            marina.boat(252, "{\"boatName\": null}");
            JsonNode second = syncline.incremental("harbour");
            JsonNode counts = entity(second, "boats").path("counts");
            assertThat(List.of(counts.path("update").asInt(), counts.path("delete").asInt(), counts.path("create").asInt(), counts.path("rejected").asInt()))
                    .as(second.toPrettyString()).containsExactly(1, 1, 1, 1);
            assertThat(row(syncline, 17)).isEqualTo("Boat 17, 9.80, C, 5, moored");
            assertThat(syncline.sql().sql("select reason from syncline.attention where state = 'open'").query(String.class).single())
                    .contains("boat_name", "is required");

            marina.boat(252, "{\"boatName\": \"Named at last\"}");
            marina.gone(19);
            JsonNode third = syncline.full("harbour");
            assertThat(entity(third, "boats").path("counts").path("delete").asInt()).as(third.toPrettyString()).isEqualTo(1);
            assertThat(syncline.sql().sql("select count(*) from harbour.boats_live").query(Integer.class).single()).isEqualTo(250);
            assertThat(syncline.sql().sql("select count(*) from syncline.attention where state = 'open'").query(Integer.class).single()).isZero();
        }
    }

    private static String row(RunningSyncline syncline, int number) {
        return syncline.sql().sql("select concat_ws(', ', boat_name, length, pier, place, state) from harbour.boats_live where mar_id = ?")
                .param(Integer.toString(number)).query(String.class).single().replace("9.8,", "9.80,");
    }

    private void writeTheFilesOfThePage() throws IOException {
        for (Matcher file = FILE.matcher(Files.readString(Path.of("docs/how-to-add-a-system.md"))); file.find(); ) {
            Path path = folder.resolve(file.group(1));
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.group(2));
        }
    }

    /** The harbour office as the page describes it. */
    private static final class Marina implements AutoCloseable {
        static final String KEY = "pier-17-key";
        private static final ObjectMapper JSON = new ObjectMapper();

        private final Map<Integer, ObjectNode> boats = new TreeMap<>();
        private final HttpServer server;

        Marina() {
            server = TestServer.create();
            server.createContext("/v1/boats", this::answer);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        synchronized void boat(int number, String fields) throws IOException {
            ObjectNode boat = boats.computeIfAbsent(number, n -> JSON.createObjectNode().put("number", n));
            boat.setAll((ObjectNode) JSON.readTree(fields));
            boat.put("changed", Instant.now().toString());
        }

        synchronized void gone(int number) {
            boats.remove(number);
        }

        private synchronized void answer(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath();
            if (!KEY.equals(exchange.getRequestHeaders().getFirst("X-Marina-Key"))) {
                send(exchange, 401, "{}");
            } else if (path.equals("/v1/boats")) {
                send(exchange, 200, list(exchange.getRequestURI().getRawQuery()));
            } else {
                ObjectNode boat = boats.get(Integer.parseInt(path.substring("/v1/boats/".length())));
                send(exchange, boat == null ? 404 : 200, boat == null ? "{}" : boat.toString());
            }
        }

        private String list(String query) {
            Map<String, String> asked = Arrays.stream(query.split("&")).map(pair -> pair.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
            Instant after = asked.containsKey("changed_after") ? Instant.parse(asked.get("changed_after")) : Instant.MIN;
            List<ObjectNode> found = boats.values().stream().filter(boat -> !Instant.parse(boat.path("changed").asText()).isBefore(after)).toList();
            int size = Integer.parseInt(asked.get("per_page"));
            ObjectNode answer = JSON.createObjectNode();
            ArrayNode page = answer.putArray("boats");
            found.stream().skip((Integer.parseInt(asked.get("page")) - 1L) * size).limit(size).forEach(page::add);
            return answer.put("count", found.size()).toString();
        }

        private static void send(HttpExchange exchange, int status, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
