package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.access.Role;
import io.syncline.promises.Visitor.Answered;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 29 where two organisations have the same sync with the same keys: neither sees, counts, changes or guesses anything of the other. */
class TwoOrganisationsTest {
    private static final String ITEMS = "/api/v1/syncs/goods/entities/items/records";
    @TempDir
    private static Path folder;
    private static String database;
    private static RunningSyncline syncline;
    private static Visitor acme;
    private static Visitor globex;

    @BeforeAll
    static void start() throws IOException {
        Path drop = Files.createDirectory(folder.resolve("drop"));
        Files.createDirectories(folder.resolve("config/systems"));
        Files.createDirectories(folder.resolve("config/syncs"));
        Files.writeString(folder.resolve("config/systems/stock.yaml"), """
                name: stock
                title: Stock
                source:
                  kind: files
                  directory: ${DROP}
                  resources:
                    items: {include: "*.jsonl", format: json-lines}
                    prices: {include: "*.csv", format: csv}
                """);
        Files.writeString(folder.resolve("config/syncs/goods.yaml"), """
                name: goods
                title: Goods
                system: stock
                side: sk
                organisations: [acme, globex]
                entities:
                  items: {key: id, fields: {name: text, price: decimal, part_of: {type: text, references: items}}}
                  prices: {key: id, access: read-only, fields: {price: decimal}}
                """);
        Files.writeString(drop.resolve("a.jsonl"), "{\"id\": \"a/b c\", \"name\": \"Pump\", \"price\": 1}\n"
                + "{\"id\": \"%41;'--\", \"name\": \"${sys.user.home}\"}\n{\"id\": \"..\", \"name\": \"up\"}\n{\"id\": \"bad\", \"price\": \"x\"}\n");
        Files.writeString(drop.resolve("p.csv"), "id,price\n1,2\n");
        database = TestPostgres.url();
        syncline = RunningSyncline.start(folder.resolve("config"), database, Map.of("ACME_DROP", drop.toString(), "GLOBEX_DROP",
                drop.toString(), "syncline.lookups.limit", "2s"));
        for (String organisation : List.of("acme", "globex")) {
            syncline.run(new RunRequest("goods", organisation, Mode.FULL, false, null, null, null, "test", "test"));
        }
        acme = Visitor.of(syncline, "Ann", "acme", Role.ADMIN);
        globex = Visitor.of(syncline, "Gus", "globex", Role.ADMIN);
    }

    @AfterAll
    static void stop() {
        syncline.close();
    }

    @Test
    void keysOfAnyKindLeadToTheirRecords() {
        JsonNode items = acme.get(ITEMS).json().path("items");
        assertThat(items.findValuesAsText("key")).containsExactly("%41;'--", "..", "a/b c");
        items.forEach(item -> {
            Answered found = acme.get(item.path("href").asText());
            assertThat(found.status()).as(item.path("href").asText()).isEqualTo(200);
            assertThat(found.json().path("key")).isEqualTo(item.path("key"));
        });
        assertThat(items.findValuesAsText("name")).isNotEmpty();
        assertThat(acme.get(ITEMS + "/%2541%3B%27--").json().path("fields").path("name").asText()).isEqualTo("${sys.user.home}");
    }

    @Test
    void neitherSeesCountsOrChangesWhatIsTheOthers() {
        String record = ITEMS + "/a%2Fb%20c";
        long theirs = globex.get(record).json().path("row").asLong();
        assertThat(acme.get(record).json().path("row").asLong()).isNotEqualTo(theirs);
        assertThat(acme.get(ITEMS + "/row:" + theirs).code()).isEqualTo("no-such-record");
        assertThat(acme.get(ITEMS + "/row:" + theirs + "/history").code()).isEqualTo("no-such-record");
        assertThat(acme.send("PATCH", ITEMS + "/row:" + theirs, "{\"fields\": {\"price\": 9}}", "If-Match", globex.get(record).tag()).status()).isEqualTo(404);
        assertThat(acme.send("PATCH", record, "{\"fields\": {\"price\": 9}}", "If-Match", globex.get(record).tag()).status()).isEqualTo(412);
        assertThat(acme.send("PATCH", record, "{\"fields\": {\"price\": 9}}", "If-Match", acme.get(record).tag()).status()).isEqualTo(200);
        assertThat(globex.get(record).json().path("fields").path("price").asInt()).isEqualTo(1);
        assertThat(globex.get(record + "/history").json().path("items")).hasSize(1);
        assertThat(globex.get(ITEMS + "?snapshot=1").json().path("items").findValuesAsText("row")).doesNotContainAnyElementsOf(
                acme.get(ITEMS + "?snapshot=1").json().path("items").findValuesAsText("row"));
        assertThat(globex.get("/api/v1/syncs/goods/snapshots").json().path("items").findValuesAsText("digest")).isNotEmpty().doesNotContainAnyElementsOf(
                acme.get("/api/v1/syncs/goods/snapshots").json().path("items").findValuesAsText("digest"));
        assertThat(globex.get("/api/v1/activity?limit=1000").text()).doesNotContain("Ann", "record-edited");
        JsonNode attention = globex.get("/api/v1/attention").json();
        assertThat(attention.path("counts").path("rejected").asInt()).isOne();
        String item = attention.path("items").get(0).path("href").asText();
        assertThat(acme.get(item).status()).isEqualTo(404);
        assertThat(acme.post(item + "/discard", "{\"reason\": \"not mine\"}").status()).isEqualTo(404);
        assertThat(globex.get(item).json().path("state").asText()).isEqualTo("open");
    }

    @Test
    void neitherMakesDeletesOrNamesWhatIsTheOthers() {
        String record = ITEMS + "/a%2Fb%20c";
        Answered theirs = globex.get(record);
        String row = "row:" + theirs.json().path("row").asLong();
        Answered named = acme.post(ITEMS, "{\"fields\": {\"name\": \"x\", \"part_of\": \"" + row + "\"}}");
        assertThat(named.status()).as(named.text()).isEqualTo(400);
        assertThat(named.detail()).isEqualTo(acme.post(ITEMS, "{\"fields\": {\"name\": \"x\", \"part_of\": \"row:987654321\"}}").detail()
                .replace("row:987654321", row));
        assertThat(acme.post(ITEMS, "{\"fields\": {\"name\": \"x\", \"org_id\": \"globex\"}}").status()).isEqualTo(400);
        assertThat(acme.send("DELETE", ITEMS + "/" + row, null, "If-Match", theirs.tag()).status()).isEqualTo(404);
        assertThat(acme.send("POST", ITEMS + "/" + row + "/restore", null, "If-Match", theirs.tag()).status()).isEqualTo(404);
        assertThat(acme.send("DELETE", record, null, "If-Match", theirs.tag()).status()).isEqualTo(412);
        Answered made = acme.post(ITEMS, "{\"fields\": {\"name\": \"x\", \"part_of\": \"a/b c\"}}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(globex.get(made.location()).status()).isEqualTo(404);
        assertThat(acme.send("DELETE", made.location(), null, "If-Match", made.tag()).status()).isEqualTo(200);
        assertThat(globex.get(record).text()).isEqualTo(theirs.text());
        assertThat(globex.get("/api/v1/activity?limit=1000").text()).doesNotContain("record-created", "record-deleted");
    }

    @Test
    void whatIsOnlyEverReadIsNotEditedAndSaysWhy() {
        String price = "/api/v1/syncs/goods/entities/prices/records/1";
        Answered refused = acme.send("PATCH", price, "{\"fields\": {\"price\": 9}}", "If-Match", acme.get(price).tag());
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("read-only");
        assertThat(refused.detail()).contains("stock is only ever read");
        assertThat(acme.get(price).json().path("editable").asBoolean()).isFalse();
        assertThat(acme.get(price).json().path("can")).isEmpty();
        assertThat(acme.send("DELETE", price, null, "If-Match", acme.get(price).tag()).code()).isEqualTo("read-only");
        assertThat(acme.send("POST", price + "/restore", null, "If-Match", acme.get(price).tag()).code()).isEqualTo("read-only");
        assertThat(acme.post("/api/v1/syncs/goods/entities/prices/records", "{\"fields\": {\"price\": 9}}").code()).isEqualTo("read-only");
        assertThat(acme.get("/api/v1/syncs/goods/entities/prices").json().path("can")).isEmpty();
        assertThat(acme.get("/api/v1/syncs/goods/entities/prices/records?q=1").detail()).contains("has no text field");
    }

    @Test
    void whereOneRecordCannotBeAskedForARetrySaysWhatToDo() {
        String item = acme.get("/api/v1/attention?q=bad").json().path("items").get(0).path("href").asText();
        assertThat(acme.post(item + "/retry", null).code()).isEqualTo("cannot-be-asked-for");
        JsonNode shown = acme.get(item).json();
        assertThat(shown.path("actions").findValuesAsText("action")).containsExactly("discard");
        assertThat(shown.path("whatToDo").asText()).contains("The next read that brings it is its retry");
    }

    @Test
    void aSearchThatTakesTooLongIsEndedAndSaysSo() throws SQLException {
        try (Connection other = DriverManager.getConnection(database); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table goods.items in access exclusive mode");
            Answered answer = acme.get(ITEMS + "?q=pump");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("search-took-too-long");
            assertThat(answer.detail()).contains("Look for less at a time");
            other.rollback();
        }
        assertThat(acme.get(ITEMS + "?q=pump").status()).isEqualTo(200);
    }
}
