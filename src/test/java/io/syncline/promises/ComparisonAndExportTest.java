package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.access.Role;
import io.syncline.cli.Cli;
import io.syncline.parquet.ParquetFile;
import io.syncline.parquet.Row;
import io.syncline.parquet.UnreadableFile;
import io.syncline.promises.Visitor.Answered;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two snapshots compared, and an entity exported as it was. Promises 19, 26 and 29. */
class ComparisonAndExportTest {
    private static final String NOT_REMOVED = "\"removed_how\":null,";
    private static final String ENTITY = "/api/v1/syncs/pricebook/entities/materials";
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static Visitor viewer;
    private static Visitor reviewer;
    private static Visitor stranger;
    private static long next = 980_000;

    private long id;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
        book.full();
        viewer = Visitor.of(book.syncline, "Vera", "default", Role.VIEWER);
        reviewer = Visitor.of(book.syncline, "Rita", "default", Role.REVIEWER);
        stranger = Visitor.of(book.syncline, "Zed", "globex", Role.ADMIN);
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void threeMaterials() {
        id = next;
        next += 10;
        for (long each = id; each < id + 3; each++) {
            put(each, "{\"code\": \"M\", \"displayName\": \"Pump\", \"price\": 20, \"cost\": 9007199254740993}");
        }
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.incremental();
    }

    private static void put(long id, String record) {
        book.sandbox.clock().advance(Duration.ofSeconds(1));
        book.sandbox.put(Entity.MATERIALS, id, record);
    }

    private long publish() {
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.incremental();
        return newest();
    }

    private static long newest() {
        return book.one("select max(number) from syncline.snapshot where sync = 'pricebook'", Long.class);
    }

    private static JsonNode compare(long from, long to, String more) {
        Answered answer = viewer.get(ENTITY + "/compare?from=" + from + "&to=" + to + more);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static List<String> told(JsonNode comparison) {
        List<String> told = new ArrayList<>();
        comparison.path("items").forEach(item -> told.add(item.path("key").asText() + " " + item.path("kind").asText() + " " + item.path("changed")));
        return told;
    }

    @Test
    void addedRemovedAndChangedRecordsAreToldWithEachFieldAsItWasAndIs() {
        long before = newest();
        put(id, "{\"price\": 21}");
        put(id + 1, "{\"active\": false}");
        put(id + 3, "{\"code\": \"N\", \"displayName\": \"New\", \"price\": 1}");
        long between = publish();
        put(id, "{\"price\": 22}");
        put(id + 2, "{\"price\": 30}");
        publish();
        put(id + 2, "{\"price\": 20}");
        long after = publish();
        book.sql().sql("update pricebook.materials set price = 99 where st_id = ?").param(Long.toString(id)).update();

        JsonNode all = compare(before, after, "");
        assertThat(all.path("counts").toString()).as("one that changed there and back says the same").isEqualTo("{\"added\":1,\"removed\":1,\"changed\":1}");
        assertThat(told(all)).hasSize(3).anyMatch(each -> each.startsWith((id + 1) + " removed [") && !each.contains("\"to\""))
                .anyMatch(each -> each.startsWith((id + 3) + " added [") && !each.contains("\"from\""))
                .contains(id + " changed [{\"field\":\"price\",\"from\":20,\"to\":22}]");
        assertThat(told(compare(after, before, ""))).contains(id + " changed [{\"field\":\"price\",\"from\":22,\"to\":20}]")
                .anyMatch(each -> each.startsWith((id + 1) + " added")).anyMatch(each -> each.startsWith((id + 3) + " removed"));
        assertThat(told(compare(between, after, ""))).containsExactly(id + " changed [{\"field\":\"price\",\"from\":21,\"to\":22}]");
        assertThat(told(compare(after, after, ""))).isEmpty();
        JsonNode removed = compare(before, after, "&kind=removed");
        assertThat(told(removed)).hasSize(1).allMatch(each -> each.startsWith(id + 1 + " removed"));
        assertThat(removed.path("counts")).isEqualTo(all.path("counts"));
        JsonNode step = compare(before, after, "&limit=2");
        List<String> steps = new ArrayList<>(told(step));
        steps.addAll(told(compare(before, after, "&limit=2&cursor=" + step.path("next").asText())));
        assertThat(steps).isEqualTo(told(all));
        assertThat(compare(before, after, "&limit=3").path("next").isNull()).isTrue();
    }

    /** Every pair of snapshots says what a comparison of the two states, made from time travel, says. */
    @Test
    void aComparisonIsTheDifferenceOfTheTwoStates() {
        for (int round = 0; round < 4; round++) {
            for (long each = id; each < id + 6; each++) {
                if ((each * 7 + round * 3) % 4 < 2) {
                    put(each, "{\"code\": \"M\", \"displayName\": \"P\", \"price\": " + (round % 2) + ", \"active\": " + ((each + round) % 3 > 0) + "}");
                }
            }
            publish();
        }
        long last = newest();
        for (long from = last - 4; from <= last; from++) {
            for (long to = last - 4; to <= last; to++) {
                Map<String, String> early = state(from);
                Map<String, String> late = state(to);
                Map<String, String> expected = new TreeMap<>();
                late.forEach((key, document) -> {
                    if (!document.equals(early.get(key))) {
                        expected.put(key, early.containsKey(key) ? "changed" : "added");
                    }
                });
                early.keySet().stream().filter(key -> !late.containsKey(key)).forEach(key -> expected.put(key, "removed"));
                Map<String, String> found = new TreeMap<>();
                compare(from, to, "&limit=1000").path("items").forEach(item -> found.put(item.path("key").asText(), item.path("kind").asText()));
                assertThat(found).as("%d to %d", from, to).isEqualTo(expected);
            }
        }
    }

    private static Map<String, String> state(long number) {
        Map<String, String> state = new TreeMap<>();
        book.sql().sql("select a.st_id, a.document from syncline.snapshot s, pricebook.materials_as_of_snapshot(s.id) a"
                + " where s.sync = 'pricebook' and s.number = ?")
                .param(number).query(row -> { state.put(row.getString(1), row.getString(2)); });
        return state;
    }

    @Test
    void whatIsAskedWronglyIsRefusedAndWhatIsAnothersIsNotThere() {
        assertThat(viewer.get(ENTITY + "/compare?from=1").detail()).contains("?from=3&to=7");
        assertThat(viewer.get(ENTITY + "/compare?from=x&to=0&kind=moved&limit=0").json().path("errors")).hasSize(4);
        assertThat(viewer.get(ENTITY + "/compare?from=1&to=999999").code()).isEqualTo("no-such-snapshot");
        assertThat(viewer.get(ENTITY + "/compare?from=1&to=2&cursor=abc").code()).isEqualTo("invalid-cursor");
        assertThat(reviewer.get(ENTITY + "/export?snapshot=1&asOf=2026-01-01T00:00:00Z").status()).isEqualTo(400);
        assertThat(reviewer.get(ENTITY + "/export?asOf=2999-01-01T00:00:00Z").code()).isEqualTo("in-the-future");
        assertThat(reviewer.get(ENTITY + "/export?format=xml").detail()).contains("csv", "jsonl");
        assertThat(reviewer.get(ENTITY + "/export?snapshot=999999").code()).isEqualTo("no-such-snapshot");
        assertThat(viewer.get(ENTITY + "/export").status()).isEqualTo(403);
        for (String address : List.of("/compare?from=1&to=2", "/export?snapshot=1")) {
            assertThat(stranger.get(ENTITY + address).status()).isEqualTo(404);
        }
        assertThat(book.count("syncline.activity where action = 'records-exported' and actor in ('Vera', 'Zed')")).isZero();
    }

    @Test
    void anExportIsTheExactStateOfASnapshotAndSaysWhoTookIt() {
        long number = newest();
        put(id, "{\"price\": 21}");
        publish();
        String instant = book.one("select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')", String.class);
        book.sql().sql("update pricebook.materials set display_name = '=2+2' where st_id = ?").param(Long.toString(id)).update();
        Answered lines = reviewer.get(ENTITY + "/export?snapshot=" + number);
        List<String> documents = new ArrayList<>();
        lines.text().lines().forEach(line -> {
            JsonNode record = RunningSyncline.json(line);
            assertThat(record.path("hash").asText()).hasSize(64);
            assertThat(record.path("snapshot_id").asLong()).isPositive();
            documents.add(record.path("row_id").asText() + " " + record.path("st_id").asText() + " {"
                    + line.substring(line.indexOf(NOT_REMOVED) + NOT_REMOVED.length()));
        });
        assertThat(documents).hasSizeGreaterThan(40).isEqualTo(book.sql().sql("""
                select a.row_id || ' ' || a.st_id || ' ' || a.document from syncline.snapshot s, pricebook.materials_as_of_snapshot(s.id) a
                where s.sync = 'pricebook' and s.number = ? order by a.row_id""").param(number).query(String.class).list());
        assertThat(lines.text()).as("every digit").contains("9007199254740993");
        String csv = reviewer.get(ENTITY + "/export?format=csv").text();
        List<String> names = Arrays.asList(csv.substring(0, csv.indexOf('\r')).split(","));
        assertThat(names).startsWith("row_id", "st_id", "snapshot_id", "valid_from", "hash", "removed_how").contains("price", "display_name");
        assertThat(csv).as("an edit that is not sealed, and no formula").contains(",'=2+2,");
        assertThat(parquetRows(ENTITY + "/export?format=parquet&snapshot=" + number)).isEqualTo(documents.size());
        assertThat(reviewer.get(ENTITY + "/export?format=csv&asOf=" + instant).text()).doesNotContain("2+2").contains("," + id + ",");
        assertThat(book.sql().sql("select detail from syncline.activity where action = 'records-exported' and actor = 'Rita' and entity = 'materials'")
                .query(String.class).list()).contains("jsonl, snapshot-" + number, "csv, " + instant);
    }

    /** As its own reader reads it. */
    private static int parquetRows(String address) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(book.syncline.url() + address)).header("Authorization", "Bearer " + RunningSyncline.KEY)
                    .build();
            Path file = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofFile(folder.resolve("materials.parquet"))).body();
            try (ParquetFile parquet = ParquetFile.open(file, Set.of("row_id", "st_id", "price", "hash"))) {
                assertThat(parquet.columns()).contains("row_id", "st_id", "snapshot_id", "valid_from", "hash", "price", "display_name");
                int rows = 0;
                for (Row row = parquet.next(); row != null; row = parquet.next()) {
                    assertThat(row.text()).matches("(?s).*\"price\":\\s*[0-9.]+.*").contains("\"hash\":");
                    rows++;
                }
                return rows;
            }
        } catch (IOException | UnreadableFile | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anExportThatFailsInTheMiddleIsCutOffAndOneWhoseClientGoesAwayEnds() throws Exception {
        book.sql().sql("""
                do $$ begin
                    set local syncline.publishing = 'on';
                    insert into pricebook.services (code, document, hash, st_id, st_hash, sync_status, snapshot_id)
                    select 'S', '{"code":"' || repeat('x', 1000) || '"}', sha256(n::text::bytea), 'big-' || n, sha256(n::text::bytea), 'synced',
                           (select max(id) from syncline.snapshot) from generate_series(1, 30000) n;
                end $$""").update();
        String services = "/api/v1/syncs/pricebook/entities/services/export?format=";
        String whole = raw(services + "csv");
        assertThat(whole).startsWith("HTTP/1.1 200").contains("Content-Disposition: attachment; filename=\"pricebook-services-").endsWith("0\r\n\r\n");
        URI address = URI.create(book.syncline.url());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setReceiveBufferSize(4096);
            ask(socket, services + "jsonl");
            socket.getInputStream().readNBytes(2000);
            await().atMost(Duration.ofSeconds(60)).until(() ->
                    book.count("pg_stat_activity where state like 'idle in transaction%' and query like 'select v.row_id%'") == 1);
        }
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() ->
                assertThat(book.count("pg_stat_activity where query like 'select v.row_id%' and state <> 'idle'")).isZero());
        book.sql().sql("do $$ begin set local session_replication_role = replica;"
                + " update pricebook.services set document = 'no document' where st_id = 'big-29000'; end $$").update();
        assertThat(raw(services + "csv")).startsWith("HTTP/1.1 200").contains("xxxx").doesNotEndWith("0\r\n\r\n");
    }

    private static String raw(String path) throws IOException {
        URI address = URI.create(book.syncline.url());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(60_000);
            ask(socket, path);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            try (InputStream in = socket.getInputStream()) {
                in.transferTo(all);
            } catch (IOException reset) {
                all.writeBytes("reset".getBytes(StandardCharsets.UTF_8));
            }
            return all.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private static void ask(Socket socket, String path) throws IOException {
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + RunningSyncline.KEY
                + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    @Test
    void theCommandLineComparesAndExports() throws IOException {
        long before = newest();
        put(id, "{\"price\": 21}");
        long after = publish();
        assertThat(command("compare", "pricebook", "materials", Long.toString(before), Long.toString(after)))
                .startsWith("2 snapshot ").contains("0 added, 0 removed, 1 changed", id + "  ", "price: 20 -> 21");
        assertThat(command("compare", "pricebook", "materials", Long.toString(after), Long.toString(after))).startsWith("0 ");
        Path file = folder.resolve("materials.csv");
        assertThat(command("export", "pricebook", "materials", "--snapshot", Long.toString(after), "--format", "csv", "-o", file.toString())).isEqualTo("0 ");
        assertThat(command("export", "pricebook", "materials", "--snapshot", Long.toString(after), "--format", "csv")).isEqualTo("0 " + Files.readString(file));
        assertThat(command("export", "pricebook", "nothing", "-o", folder.resolve("none").toString())).startsWith("1 ");
        assertThat(folder.resolve("none")).doesNotExist();
        assertThat(folder.resolve("none.part")).doesNotExist();
    }

    private static String command(String... words) {
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(List.of("--url", book.syncline.url(), "--key", RunningSyncline.KEY));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        int end = Cli.run(all, stream, stream, none -> { });
        return end + " " + out.toString(StandardCharsets.UTF_8);
    }
}
