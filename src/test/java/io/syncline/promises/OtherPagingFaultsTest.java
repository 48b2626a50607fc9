package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.source.FaultyServer;
import io.syncline.source.FaultyServer.Answer;
import io.syncline.source.FaultyServer.Received;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static io.syncline.source.FaultyServer.answer;
import static io.syncline.source.FaultyServer.json;
import static io.syncline.source.FaultyServer.raw;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The fault matrix for pages that lead to each other: by cursor, by the next address in the answer and by a Link header. Six records on three pages; the fault
 * stands on the second, and afterwards the source heals.
 */
class OtherPagingFaultsTest {
    private static final List<String> KINDS = List.of("cursor", "next", "link");
    private static final FaultyServer SERVER = new FaultyServer();

    @TempDir
    private static Path folder;
    private static RunningSyncline syncline;
    private static int cells;
    private static volatile int price;
    private static volatile String fault = "";

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectories(folder.resolve("systems"));
        Files.createDirectories(folder.resolve("syncs"));
        Files.writeString(folder.resolve("systems/stock.yaml"), """
                name: stock
                title: Stock
                source:
                  kind: http
                  baseUrl: ${STOCK_URL}
                  allowPrivateNetwork: true
                  limits: {timeout: 20s, attempts: 2, firstWait: 10ms, longestWait: 50ms}
                  resources:
                    cursor: {path: /cursor, records: data, byId: "/cursor/{id}", paging: {kind: cursor, parameter: at, next: next}}
                    next: {path: /next, records: data, byId: "/next/{id}", paging: {kind: next-url, next: next}}
                    link: {path: /link, records: data, byId: "/link/{id}", paging: {kind: link-header}}
                """);
        Files.writeString(folder.resolve("syncs/goods.yaml"), """
                name: goods
                title: Goods
                system: stock
                side: sk
                entities:
                  cursor: {key: id, fields: {price: integer}}
                  next: {key: id, fields: {price: integer}}
                  link: {key: id, fields: {price: integer}}
                """);
        SERVER.always(OtherPagingFaultsTest::answered);
        syncline = RunningSyncline.start(folder, TestPostgres.url(), Map.of("STOCK_URL", SERVER.url()));
        assertThat(state(syncline.full("goods"))).isEqualTo("published");
    }

    @AfterAll
    static void tell() {
        System.out.println("Fault matrix: " + cells + " cells of other pagings passed");
        syncline.close();
        SERVER.close();
    }

    private static Answer answered(Received request) {
        String kind = request.target().split("[/?]")[1];
        if (request.target().matches("/\\w+/\\d")) {
            return json(record(Integer.parseInt(request.target().split("/")[2])));
        }
        int page = request.target().contains("at=") ? Integer.parseInt(request.target().replaceAll(".*at=p", "")) : 1;
        boolean struck = page == 2 && !fault.isEmpty();
        return switch (struck ? fault : "") {
            case "same position again" -> page(kind, 2, "p2");
            case "back to the first" -> page(kind, 2, "p1");
            case "same records again" -> page(kind, 1, "p3");
            case "no way on" -> page(kind, 2, null);
            case "elsewhere" -> page(kind, 2, "//elsewhere.example/next?at=p3");
            case "position expired" -> answer(410, "");
            case "position unknown" -> answer(404, "");
            case "a web page" -> answer(200, "<html>Back soon</html>", "Content-Type", "text/html");
            case "no data" -> json("{\"data\": null, \"next\": null}");
            case "reset" -> raw("");
            default -> page(kind, page, page == 3 ? null : "p" + (page + 1));
        };
    }

    /** @param next the position of the next page, or null */
    private static Answer page(String kind, int page, String next) {
        String records = "\"data\": [" + record(2 * page - 1) + "," + record(2 * page) + "]";
        String link = next == null || next.startsWith("//") ? next : "/" + kind + "?at=" + next;
        return switch (kind) {
            case "cursor" -> json("{" + records + ", \"next\": " + quoted(next) + "}");
            case "next" -> json("{" + records + ", \"next\": " + quoted(link) + "}");
            default -> link == null ? json("{" + records + "}") : json("{" + records + "}", "Link", "<" + link + ">; rel=\"next\"");
        };
    }

    private static String quoted(String text) {
        return text == null ? "null" : "\"" + text + "\"";
    }

    private static String record(int id) {
        return "{\"id\": " + id + ", \"price\": " + (price + id) + "}";
    }

    private static List<String> rows(String kind) {
        return syncline.sql().sql("select sk_id || '=' || price from goods." + kind + "_live order by sk_id").query(String.class).list();
    }

    private static List<String> there() {
        List<String> there = new ArrayList<>();
        for (int id = 1; id <= 6; id++) {
            there.add(id + "=" + (price + id));
        }
        return there;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "same position again, is one that was read already",
            "back to the first,   is one that was read already|the same page came again",
            "same records again,  the same page came again",
            "no way on,           ",
            "elsewhere,           and not to the declared address",
            "position expired,    answered 410",
            "position unknown,    answered 404",
            "a web page,          is a web page",
            "no data,             'data is null, not a list'",
            "reset,               'broke off or never came, 2 times'"})
    void aPageThatLeadsNowhereOrAstrayIsNeverTheEndOfTheData(String what, String reason) {
        // A cursor is no address, so it cannot lead elsewhere.
        for (String kind : what.equals("elsewhere") ? List.of("next", "link") : KINDS) {
            List<String> before = rows(kind);
            price += 10;
            fault = what;
            JsonNode report = syncline.run(new RunRequest("goods", "default", Mode.FULL, false, null, kind, null, "test", "test"));
            fault = "";
            String at = kind + ", " + what + ": " + report.toPrettyString();
            assertThat(report.toString()).doesNotContain("Back soon", "Something went wrong", "127.0.0.1");
            if (reason == null) {
                // A missing link cannot be told from the last one; what was not shown is asked for.
                assertThat(state(report)).as(at).isEqualTo("published");
                assertThat(rows(kind)).as(at).isEqualTo(there());
                assertThat(reasons(report, kind)).as(at).anySatisfy(told -> assertThat(told).contains("came when asked for"));
            } else {
                assertThat(state(report)).as(at).isEqualTo("failed");
                assertThat(reasons(report, kind)).as(at).hasSize(1).first().asString().startsWith("stock: GET /" + kind)
                        .matches(told -> List.of(reason.split("\\|")).stream().anyMatch(told::contains), reason);
                assertThat(rows(kind)).as(at).isEqualTo(before);
            }
            assertThat(state(syncline.full("goods"))).isEqualTo("published");
            assertThat(KINDS).allSatisfy(each -> assertThat(rows(each)).as(at).isEqualTo(there()));
            cells++;
        }
    }
}
