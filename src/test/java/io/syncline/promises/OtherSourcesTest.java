package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/** The other kinds of source, and schedules, each from its files to its table. */
class OtherSourcesTest {
    @TempDir
    private Path folder;

    private void config(String system, String sync) throws IOException {
        Files.createDirectories(folder.resolve("config/systems"));
        Files.createDirectories(folder.resolve("config/syncs"));
        Files.writeString(folder.resolve("config/systems/stock.yaml"), system);
        Files.writeString(folder.resolve("config/syncs/goods.yaml"), sync);
    }

    private RunningSyncline start(Map<String, String> settings) {
        return RunningSyncline.start(folder.resolve("config"), TestPostgres.url(), settings);
    }

    private static String live(RunningSyncline syncline, String entity) {
        return syncline.sql().sql("select string_agg(concat_ws('=', sk_id, name, price), ' ' order by sk_id) from goods." + entity + "_live")
                .query(String.class).single();
    }

    @Test
    void aFolderOfCsvAndJsonLinesIsKeptInStepAndAPoisonedLineHoldsNobodyUp() throws IOException {
        Path drop = Files.createDirectory(folder.resolve("drop"));
        config("""
                name: stock
                title: Stock
                source:
                  kind: files
                  directory: ${DROP}
                  resources:
                    prices: {include: "*.csv", format: csv}
                    items: {include: "*.jsonl", format: json-lines}
                """, """
                name: goods
                title: Goods
                system: stock
                side: sk
                entities:
                  prices: {key: id, fields: {name: {type: text, required: true}, price: decimal}}
                  items: {key: id, fields: {name: text, price: decimal}}
                """);
        Files.writeString(drop.resolve("a.csv"), "id,name,price\n1,Pump,10.50\n2,Filter,x\n3,Hose,3\n");
        Files.writeString(drop.resolve("b.csv"), "price,id,name\n4,7,Seal\n");
        Files.writeString(drop.resolve("i.jsonl"), "{\"id\": \"a|b\", \"name\": \"Bar\"}\n{\"name\": \"nobody\"}\n"
                + "{\"id\": \"ü\", \"price\": 9007199254740993}\n");
        try (RunningSyncline syncline = start(Map.of("DROP", drop.toString()))) {
            JsonNode report = syncline.full("goods");
            assertThat(counts(report, "prices")).as(report.toPrettyString()).isEqualTo(Map.of("create", 3, "rejected", 1));
            assertThat(counts(report, "items")).isEqualTo(Map.of("create", 2, "rejected", 1));
            assertThat(live(syncline, "prices")).isEqualTo("1=Pump=10.50 3=Hose=3 7=Seal=4".replace("10.50", "10.5"));
            assertThat(reasons(report, "items")).anySatisfy(reason -> assertThat(reason).contains("without a readable key"));
            assertThat(syncline.sql().sql("select count(*) from syncline.watermark where entity = 'items'").query(Integer.class).single())
                    .as("promise 2: a record without a key holds the mark").isZero();

            Files.writeString(drop.resolve("a.csv"), "id,name,price\n1,Pump,11\n2,Filter,5\n");
            report = syncline.full("goods");
            assertThat(counts(report, "prices")).as(report.toPrettyString()).isEqualTo(Map.of("update", 1, "create", 1, "unchanged", 1, "delete", 1));
            assertThat(live(syncline, "prices")).isEqualTo("1=Pump=11 2=Filter=5 7=Seal=4");
            assertThat(syncline.sql().sql("select count(*) from syncline.attention where state = 'open' and entity = 'prices'").query(Integer.class)
                    .single()).isZero();

            Files.writeString(drop.resolve("a.csv"), "id,name,price\n1,Pump,12\n2,\"cut in ha");
            report = syncline.full("goods");
            assertThat(counts(report, "prices")).as(report.toPrettyString()).doesNotContainKey("delete");
            assertThat(live(syncline, "prices")).contains("2=Filter=5");
        }
    }

    @Test
    void aDatabaseIsKeptInStepWithDeletesByAbsence() throws IOException {
        String there = TestPostgres.url();
        JdbcClient source = JdbcClient.create(new org.springframework.jdbc.datasource.DriverManagerDataSource(there));
        source.sql("create table item (id int primary key, name text, price numeric, changed_at timestamptz not null default now())").update();
        source.sql("insert into item select n, 'Item ' || n, n * 1.5 from generate_series(1, 30) n").update();
        config("""
                name: stock
                title: Stock
                source:
                  kind: jdbc
                  url: ${STOCK_URL}
                  user: postgres
                  password: ${STOCK_PASSWORD}
                  allowPrivateNetwork: true
                  resources:
                    items:
                      query: select id, name, price, changed_at from item
                      key: [id]
                      pageSize: 7
                      since: {column: changed_at, overlap: 1m}
                """, """
                name: goods
                title: Goods
                system: stock
                side: sk
                entities:
                  items: {key: id, modifiedAt: changed_at, fields: {name: text, price: decimal}}
                """);
        try (RunningSyncline syncline = start(Map.of("STOCK_URL", there.replaceAll("\\?.*", ""), "STOCK_PASSWORD", "postgres-password"))) {
            JsonNode report = syncline.full("goods");
            assertThat(counts(report, "items")).as(report.toPrettyString()).isEqualTo(Map.of("create", 30));
            source.sql("update item set price = 99, changed_at = clock_timestamp() where id = 5").update();
            source.sql("delete from item where id in (6, 30)").update();
            source.sql("insert into item values (31, 'New', 1)").update();
            assertThat(counts(syncline.incremental("goods"), "items")).containsEntry("update", 1).containsEntry("create", 1).doesNotContainKey("delete");
            report = syncline.full("goods");
            assertThat(counts(report, "items")).as(report.toPrettyString()).isEqualTo(Map.of("unchanged", 29, "delete", 2));
            assertThat(live(syncline, "items")).contains("5=Item 5=99", "31=New=1").doesNotContain("30=");
            source.sql("drop table item").update();
            report = syncline.full("goods");
            assertThat(state(report)).isEqualTo("failed");
            assertThat(report.toString()).doesNotContain("postgres-password", "Exception", "Something went wrong");
        }
    }

    private void currencies(String schedules) throws IOException {
        config("""
                name: stock
                title: Stock
                source:
                  kind: route
                  resources:
                    currencies: {uri: "direct:currencies"}
                """, """
                name: goods
                title: Goods
                system: stock
                side: sk
                """ + schedules + """
                entities:
                  currencies: {key: id, fields: {name: text, price: decimal}}
                """);
    }

    private static Map<String, String> withExample(String schedulesEnabled) {
        return Map.of("camel.main.routes-include-pattern", "file:routes/*.yaml,file:docs/examples/currencies.yaml", "syncline.schedules.enabled",
                schedulesEnabled);
    }

    @Test
    void theWorkedExampleOfARouteIsKeptInStep() throws IOException {
        currencies("");
        try (RunningSyncline syncline = start(withExample("false"))) {
            JsonNode report = syncline.full("goods");
            assertThat(counts(report, "currencies")).as(report.toPrettyString()).isEqualTo(Map.of("create", 3));
            assertThat(live(syncline, "currencies")).isEqualTo("CHF=Swiss franc EUR=Euro JPY=Yen");
            assertThat(counts(syncline.full("goods"), "currencies")).isEqualTo(Map.of("unchanged", 3));
        }
    }

    private static final String EVERY_SECOND = "schedules: {full: \"* * * * * ?\", zone: Europe/Berlin}\n";

    @Test
    void aScheduleAsksForItsRunsByItself() throws IOException {
        currencies(EVERY_SECOND);
        try (RunningSyncline syncline = start(withExample("true"))) {
            until(() -> runs(syncline, "mode = 'full' and state = 'published'") > 0);
            assertThat(syncline.sql().sql("select distinct requested_by from syncline.run where trigger = 'schedule'").query(String.class).list())
                    .isEqualTo(List.of("goods-default-full"));
            assertThat(runs(syncline, "state = 'failed'")).isZero();
            assertThat(live(syncline, "currencies")).contains("EUR=Euro");
        }
    }

    @Test
    void schedulesThatAreSwitchedOffAskForNothing() throws IOException {
        currencies(EVERY_SECOND);
        try (RunningSyncline syncline = start(withExample("false"))) {
            assertThat(syncline.bean(org.apache.camel.CamelContext.class).getRoutes()).noneMatch(route -> route.getRouteId().startsWith("schedule-goods"));
            assertThat(runs(syncline, "true")).isZero();
        }
    }

    private static int runs(RunningSyncline syncline, String which) {
        return syncline.sql().sql("select count(*) from syncline.run where " + which).query(Integer.class).single();
    }
}
