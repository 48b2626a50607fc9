package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.access.Role;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.VendorFiles;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.assertj.core.api.Assertions.assertThat;

/** Imports at once, imports whose process died, and what their reports keep of somebody who is to be forgotten (promises 22, 23 and 29). */
class ImportsTest extends AtTheVendors {
    @Test
    void manyWhoAskAtOnceOfTwoProcessesHaveEachFileTakenOnce() throws Exception {
        VendorFiles.write(vendors, book.sandbox);
        Pricebook other = book.another(Map.of("VENDOR_PRICES_DIRECTORY", vendors.toString()));
        ExecutorService people = Executors.newFixedThreadPool(6);
        try (Connection held = DriverManager.getConnection(book.database)) {
            held.setAutoCommit(false);
            held.createStatement().execute("lock table pricebook.vendor_prices in share mode");
            CyclicBarrier together = new CyclicBarrier(6);
            Callable<HttpResponse<String>> here = () -> asked(together, book);
            Callable<HttpResponse<String>> there = () -> asked(together, other);
            long began = 0;
            for (Future<HttpResponse<String>> answer : people.invokeAll(List.of(here, there, here, there, here, there))) {
                assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(202);
                began += RunningSyncline.json(answer.get().body()).path("joined").asBoolean() ? 0 : 1;
            }
            assertThat(began).as("one begins, and cannot end while the table is held; the others join it").isOne();
            held.rollback();
            Pricebook.until(() -> book.count("syncline.import_run where state = 'running'") == 0);
        } finally {
            people.shutdownNow();
            other.stop();
        }
        assertThat(book.count("syncline.import_run where state = 'done'")).isOne();
        assertThat(book.count("syncline.import_file where state = 'taken'")).isEqualTo(3);
        assertThat(book.count("pricebook.vendor_prices")).isEqualTo(27);
    }

    private static HttpResponse<String> asked(CyclicBarrier together, Pricebook whose) throws Exception {
        together.await();
        return whose.syncline.call("POST", ADDRESS, "{}");
    }

    /** Promise 22: its work is not lost but done by another, and it writes nothing itself, however late it wakes up. */
    @Test
    void whoWasTakenForDeadInTheMiddleOfAFileWritesNothing() throws IOException, SQLException {
        VendorFiles.write(vendors, book.sandbox);
        try (Connection held = DriverManager.getConnection(book.database)) {
            held.setAutoCommit(false);
            held.createStatement().execute("lock table pricebook.vendor_prices in share mode");
            asked("{}", 202);
            Pricebook.until(() -> book.count("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                    + " and query like '%vendor_prices%'") > 0);
            book.sql().sql("update syncline.import_run set taken_over = taken_over + 1").update();
            held.rollback();
        }
        book.sql().sql("update syncline.import_run set beat_at = clock_timestamp() - interval '31 seconds'").update();
        JsonNode report = take("{}");
        assertThat(report.path("state").asText() + report.path("takenOver")).isEqualTo("done2");
        assertThat(report.path("files").findValuesAsText("state")).containsExactly("taken", "taken", "taken");
        assertThat(report.path("files").findValuesAsText("created")).containsExactly("11", "9", "7");
        assertThat(book.count("pricebook.vendor_prices")).isEqualTo(27);
    }

    @Test
    void aProcessThatLooksByItselfGoesOnBehindTheLastFileThatWasTaken() throws IOException {
        VendorFiles.write(vendors, book.sandbox);
        long id = take("{}").path("id").asLong();
        book.sql().sql("delete from pricebook.vendor_prices where vendor <> 'ced'").update();
        book.sql().sql("delete from syncline.import_file where supplier <> 'ced'").update();
        book.sql().sql("update syncline.import_run set state = 'running', finished_at = null, beat_at = clock_timestamp() - interval '31 seconds'").update();
        Pricebook other = book.another(Map.of("VENDOR_PRICES_DIRECTORY", vendors.toString(), "syncline.schedules.enabled", "true",
                "syncline.imports.look", "* * * * * ?"));
        JsonNode report = report(id);
        other.stop();
        assertThat(report.path("files").findValuesAsText("state")).containsExactly("taken", "taken", "taken");
        assertThat(book.count("pricebook.vendor_prices")).isEqualTo(27);
    }

    @Test
    void whatNoProcessOutlivesIsGivenUp() {
        book.sql().sql("insert into syncline.import_run (sync, import, organisation, trigger, requested_by, beat_at, taken_over) values ('pricebook',"
                + " 'vendor_prices', 'default', 'api', 'somebody', clock_timestamp() - interval '31 seconds', 5)").update();
        Pricebook other = book.another(Map.of("VENDOR_PRICES_DIRECTORY", vendors.toString(), "syncline.schedules.enabled", "true",
                "syncline.imports.look", "* * * * * ?"));
        Pricebook.until(() -> book.count("syncline.import_run where state = 'failed' and message like 'Its process died 6 times%'") == 1);
        other.stop();
    }

    /** Promise 22: what was asked for with force is not done by one without. */
    @Test
    void whoAsksWithForceDoesNotJoinOneWithout() throws IOException, SQLException {
        VendorFiles.write(vendors, book.sandbox);
        long without;
        try (Connection held = DriverManager.getConnection(book.database)) {
            held.setAutoCommit(false);
            held.createStatement().execute("lock table pricebook.vendor_prices in share mode");
            without = asked("{}", 202).path("id").asLong();
            JsonNode refused = asked("{\"force\": true}", 409);
            assertThat(refused.path("code").asText() + refused.path("import")).isEqualTo("another-import-is-active" + without);
            assertThat(refused.path("detail").asText()).contains("Import " + without + " is under way without force");
            assertThat(asked("{}", 202).path("joined").asBoolean()).as("an equal one").isTrue();
            held.rollback();
        }
        assertThat(report(without).path("forced").asBoolean()).isFalse();
        assertThat(take("{\"force\": true}").path("files").findValuesAsText("state")).containsExactly("taken", "taken", "taken");
    }

    @Test
    void whoAsksWithForceHasADeadOneWithoutGoneOnWithAndIsToldAllTheSame() throws IOException {
        VendorFiles.write(vendors, book.sandbox);
        book.sql().sql("insert into syncline.import_run (sync, import, organisation, trigger, requested_by, beat_at) values ('pricebook', 'vendor_prices',"
                + " 'default', 'api', 'somebody', clock_timestamp() - interval '31 seconds')").update();
        JsonNode report = report(asked("{\"force\": true}", 409).path("import").asLong());
        assertThat(report.path("state").asText() + report.path("takenOver") + report.path("forced")).isEqualTo("done1false");
        assertThat(book.count("pricebook.vendor_prices")).isEqualTo(27);
    }

    @Test
    void whatReportsQuoteOfAnErasedRecordIsErasedAndNothingElse() throws IOException {
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, 970_001, "{\"code\": \"Jane Doe\", \"displayName\": \"Jane\", \"price\": 20}");
        Files.writeString(vendors.resolve("ced-1.csv"), CED + "A,early,1,EA,Jane Doe\nB,stays,cheap,EA,Somebody\n");
        take("{}");
        book.incremental();
        Files.writeString(vendors.resolve("ced-2.csv"), CED + "C,dear,4111 1111,EA,Jane Doe\nD,fine,1,EA,Jane Doe\nE,stays,too cheap,EA,Somebody\n");
        take("{}");
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, 970_001, "{\"active\": false}");
        book.incremental();
        String kept = "select string_agg(problems::text || about::text, ' ' order by id) from syncline.import_file where supplier = 'ced' and state = 'taken'";
        assertThat(book.one(kept, String.class)).as("else this shows nothing").contains("whose code is Jane Doe", "4111 1111");
        Visitor admin = Visitor.of(book.syncline, "Adam", "default", Role.ADMIN);
        assertThat(admin.post("/api/v1/syncs/pricebook/entities/materials/records/970001/erase", "{\"reason\": \"asked for\"}").status()).isEqualTo(200);
        assertThat(book.one(kept, String.class)).doesNotContain("Jane", "4111").contains("\"erased\"", "\"cheap\\\" is", "Somebody");
        assertThat(book.count("pricebook.vendor_prices where vendor_sku = 'D'")).as("people's own").isOne();
    }
}
