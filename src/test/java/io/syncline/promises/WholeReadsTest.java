package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/** Promises 2 and 6: an incremental run reads an entity whole where what changed since the mark would not do, and says why. */
class WholeReadsTest {
    @TempDir
    private static Path folder;
    private static Pricebook book;

    @BeforeAll
    static void start() {
        String since = "/materials\n      query: {active: Any, includeTotal: true}\n      records: data\n      "
                + "since: {parameter: modifiedOnOrAfter, overlap: 1m";
        book = Pricebook.open(folder, system -> system.replace(since, since + ", keeps: 20d"));
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void readInFullJustNow() {
        book.sandbox.clearFaults();
        book.sandbox.clock().advance(Duration.ofHours(1));
        assertThat(state(book.full())).isEqualTo("published");
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.clearJournal();
    }

    /** As if everything so far had been so long ago. */
    private static void later(Duration time) {
        book.sql().sql("update syncline.run set started_at = started_at - ?::interval").param(time.toString()).update();
    }

    private static boolean isWhole(JsonNode report, String entity) {
        return RunningSyncline.entity(report, entity).path("window").path("since").asText().equals("everything");
    }

    @Test
    void aMarkThatTheSourceNoLongerKnowsLeadsToAFullReadInTheSameRun() {
        long gone = book.anyOf(Entity.SERVICES);
        book.sandbox.remove(Entity.SERVICES, gone);
        book.sandbox.fault("/services call=1 -> status 410");
        JsonNode report = book.incremental();
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("published");
        assertThat(isWhole(report, "services")).isTrue();
        assertThat(isWhole(report, "materials")).as("only where it is needed").isFalse();
        assertThat(counts(report, "services")).as(report.toPrettyString()).containsEntry("delete", 1);
        assertThat(reasons(report, "services")).anySatisfy(reason -> assertThat(reason).contains("cannot tell what changed since the watermark", "410"));
        assertThat(book.asked("/services").get(0)).contains("modifiedOnOrAfter");
        assertThat(book.asked("/services").get(1)).doesNotContain("modifiedOnOrAfter");
        assertThat(isWhole(book.incremental(), "services")).as("the mark has moved").isFalse();
    }

    @Test
    void aSourceThatAnswersThatToAFullReadAsWellFails() {
        book.sandbox.fault("/services -> status 410");
        JsonNode report = book.incremental();
        assertThat(state(report, "services")).isEqualTo("failed");
        assertThat(state(report, "materials")).isEqualTo("published");
    }

    @Test
    void aMarkThatIsOlderThanTheSourceKeepsOrThanIsBearableLeadsToAFullRead() {
        later(Duration.ofDays(6));
        assertThat(isWhole(book.incremental(), "services")).isFalse();
        later(Duration.ofDays(21));
        JsonNode report = book.incremental();
        assertThat(reasons(report, "materials")).anySatisfy(reason -> assertThat(reason).contains("the watermark is 21 days old", "for 20 days only"));
        assertThat(reasons(report, "services")).anySatisfy(reason -> assertThat(reason).contains("the last full read was 27 days ago"));
        assertThat(isWhole(book.incremental(), "services")).isFalse();
        later(Duration.ofDays(31));
        assertThat(reasons(book.incremental(), "services")).anySatisfy(reason -> assertThat(reason).contains("the watermark is 31 days old"));
    }

    @Test
    void afterThreeFailuresInARowEverythingIsReadAndOnlyOfThatEntity() {
        book.sandbox.fault("/materials -> status 400");
        for (int i = 0; i < 3; i++) {
            JsonNode report = book.incremental();
            assertThat(state(report, "materials")).isEqualTo("failed");
            assertThat(isWhole(report, "materials")).as("failure " + i).isFalse();
        }
        book.sandbox.clearFaults();
        JsonNode report = book.incremental();
        assertThat(reasons(report, "materials")).as(report.toPrettyString()).containsExactly("Read in full: the last 3 incremental runs of it failed.");
        assertThat(isWhole(report, "services")).isFalse();
        assertThat(isWhole(book.incremental(), "materials")).isFalse();
    }

    /** An answer that was not complete does not count as the last full read. */
    @Test
    void onlyAFullReadThatGotEverythingCounts() {
        later(Duration.ofDays(8));
        book.sandbox.fault("/services -> empty-page");
        assertThat(isWhole(book.incremental(), "services")).isTrue();
        book.sandbox.clearFaults();
        assertThat(isWhole(book.incremental(), "services")).isTrue();
        assertThat(isWhole(book.incremental(), "services")).isFalse();
    }

    @Test
    void whatWasAskedForSinceAMomentIsReadSinceThen() {
        later(Duration.ofDays(40));
        assertThat(isWhole(book.incrementalSince(Instant.parse("2026-03-01T00:00:00Z")), "services")).isFalse();
    }

    /** The change time of a row is the start of its transaction, and it becomes visible at the end of it. */
    @Test
    void aRowThatBecomesVisibleLateIsFoundByTheOverlapOrByTheNextFullRead(@TempDir Path other) throws IOException, SQLException {
        String there = TestPostgres.url();
        JdbcClient source = JdbcClient.create(new DriverManagerDataSource(there));
        for (String table : List.of("patient", "hasty")) {
            source.sql("create table " + table + " (id int primary key, changed_at timestamptz not null default now())").update();
            source.sql("insert into " + table + " values (1)").update();
        }
        Files.createDirectories(other.resolve("systems"));
        Files.createDirectories(other.resolve("syncs"));
        Files.writeString(other.resolve("systems/stock.yaml"), """
                name: stock
                title: Stock
                source:
                  kind: jdbc
                  url: ${STOCK_URL}
                  user: postgres
                  password: ${STOCK_PASSWORD}
                  allowPrivateNetwork: true
                  resources:
                    patient: {query: "select id, changed_at from patient", key: [id], since: {column: changed_at, overlap: 10m}}
                    hasty: {query: "select id, changed_at from hasty", key: [id], since: {column: changed_at}}
                """);
        Files.writeString(other.resolve("syncs/goods.yaml"), """
                name: goods
                title: Goods
                system: stock
                side: sk
                fullEvery: 3d
                entities:
                  patient: {key: id, fields: {changed_at: timestamp}}
                  hasty: {key: id, fields: {changed_at: timestamp}}
                """);
        try (RunningSyncline syncline = RunningSyncline.start(other, TestPostgres.url(),
                Map.of("STOCK_URL", there.replaceAll("\\?.*", ""), "STOCK_PASSWORD", "postgres-password"))) {
            syncline.full("goods");
            try (Connection late = DriverManager.getConnection(there); Statement statement = late.createStatement()) {
                late.setAutoCommit(false);
                statement.executeUpdate("insert into patient values (2)");
                statement.executeUpdate("insert into hasty values (2)");
                syncline.incremental("goods");
                late.commit();
            }
            JsonNode report = syncline.incremental("goods");
            assertThat(counts(report, "patient")).as(report.toPrettyString()).containsEntry("create", 1);
            assertThat(counts(report, "hasty")).as("without overlap it has slipped behind the mark").doesNotContainKey("create");
            syncline.sql().sql("update syncline.run set started_at = started_at - interval '4 days'").update();
            report = syncline.incremental("goods");
            assertThat(counts(report, "hasty")).as(report.toPrettyString()).containsEntry("create", 1);
            assertThat(reasons(report, "hasty")).containsExactly("Read in full: the last full read was 4 days ago, which is longer than 3 days.");
        }
    }
}
