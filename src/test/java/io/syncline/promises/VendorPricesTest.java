package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.access.Role;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.VendorFiles;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Vendor prices: a table of people's own that no sync touches, filled from the vendors' files (promise 18). */
class VendorPricesTest extends AtTheVendors {
    @Test
    void threeVendorsListsComeInEachInItsOwnWay() throws IOException {
        VendorFiles.write(vendors, book.sandbox);
        JsonNode report = take("{}");
        assertThat(report.path("state").asText()).as(report.toPrettyString()).isEqualTo("done");
        assertThat(counts(report, 0)).isEqualTo("taken 12: 11 created, 0 updated, 0 unchanged, 0 rejected, 1 unknown, 0 ended");
        assertThat(counts(report, 1)).isEqualTo("taken 10: 9 created, 0 updated, 0 unchanged, 0 rejected, 1 unknown, 0 ended");
        assertThat(counts(report, 2)).isEqualTo("taken 8: 7 created, 0 updated, 0 unchanged, 0 rejected, 1 unknown, 0 ended");
        assertThat(file(report, 0).path("problems").get(0).toString()).isEqualTo("{\"line\":13,\"outcome\":\"unknown\","
                + "\"problem\":\"there is no record of materials whose code is NO-SUCH-PART\"}");
        assertThat(book.count("pricebook.vendor_prices v join pricebook.materials m on m.row_id = v.materials_row")).isEqualTo(27);
        assertThat(book.one("select min(price) from pricebook.vendor_prices where vendor = 'pool360'", Double.class)).as("1.234,50")
                .isBetween(1000.0, 2000.0);
        assertThat(book.one("select count(*) from pricebook.vendor_prices where unit = 'Stück'", Long.class)).isEqualTo(9);
        assertThat(report.path("requestedBy").asText()).isNotEmpty();
        assertThat(file(report, 0).path("sha256").asText()).hasSize(64);

        JsonNode again = take("{}");
        assertThat(counts(again, 0)).startsWith("known 0");
        JsonNode forced = take("{\"force\": true}");
        assertThat(counts(forced, 0)).isEqualTo("taken 12: 0 created, 0 updated, 11 unchanged, 0 rejected, 1 unknown, 0 ended");
    }

    @Test
    void noSyncTouchesAPriceWhateverBecomesOfItsMaterial() throws IOException {
        VendorFiles.write(vendors, book.sandbox);
        take("{}");
        book.sql().sql("alter table pricebook.vendor_prices add column note text").update();
        book.sql().sql("update pricebook.vendor_prices set note = 'ask for a discount' where vendor = 'ced'").update();
        List<String> before = rows();
        List<Long> materials = book.sql().sql("select m.st_id::bigint from pricebook.vendor_prices v join pricebook.materials m on m.row_id = v.materials_row"
                + " order by v.row_id limit 2").query(Long.class).list();
        long material = materials.get(0);

        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, material, "{\"cost\": 77.77}");
        book.incremental();
        book.single("materials", material);
        materials.forEach(each -> book.sandbox.remove(Entity.MATERIALS, each));
        long run = book.full().path("run").asLong();
        assertThat(book.count("pricebook.materials where st_id = ? and deleted_at is not null", Long.toString(material))).isOne();
        assertThat(rows()).isEqualTo(before);
        book.syncline.run(new RunRequest("pricebook", "default", Mode.VERIFY, false, null, null, null, "test", "test"));
        Visitor admin = Visitor.of(book.syncline, "Adam", "default", Role.ADMIN);
        assertThat(admin.post("/api/v1/syncs/pricebook/entities/materials/records/" + materials.get(1) + "/erase",
                "{\"reason\": \"asked for\"}").status()).isEqualTo(200);
        assertThat(rows()).as("erasure").isEqualTo(before);
        HttpResponse<String> rollback = book.syncline.call("POST", "/api/v1/runs/" + run + "/rollback", "{\"reason\": \"a test\"}");
        assertThat(rollback.statusCode()).as(rollback.body()).isBetween(200, 299);
        long plan = RunningSyncline.json(rollback.body()).path("run").asLong();
        Pricebook.until(() -> book.count("syncline.run where id = ? and state = 'planned'", plan) == 1);
        HttpResponse<String> applied = book.syncline.call("POST", "/api/v1/plans/" + plan + "/apply", "{}");
        assertThat(applied.statusCode()).as(applied.body()).isBetween(200, 299);
        Pricebook.until(() -> book.count("syncline.run where applies = ? and finished_at is not null", plan) == 1);
        book.syncline.run(new RunRequest("pricebook", "default", Mode.FULL, false, null, null, null, true, null, "test", "test"));
        assertThat(rows()).as("rollback and repair").isEqualTo(before);
        Path sync = folder.resolve("config/syncs/pricebook.yaml");
        Files.writeString(sync, Files.readString(sync).replace("      vendor_name: {type: text, from: primaryVendor.vendorName, to: nowhere}",
                "      vendor_name: {type: text, from: primaryVendor.memo, to: nowhere}"));
        Pricebook remapped = book.another(Map.of("VENDOR_PRICES_DIRECTORY", vendors.toString()));
        remapped.full();
        remapped.stop();
        assertThat(rows()).as("another mapping").isEqualTo(before);
        book.sql().sql("delete from pricebook.materials where st_id = ?").param(Long.toString(material)).update();
        book.full();
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void eachLineHasOneOutcomeAndSaysWhy() throws IOException {
        String code = code(0);
        String other = code(1);
        put("ced-1.csv", CED + "A,fine,10.50,EA," + code + "\nB,dear,dear,EA," + code + "\n,no number,1,EA," + code + "\nA,again,11,EA," + code
                + "\nC,\"two, parts\",\"1,234.50\",EA," + other + "\nD,short\nE,nobody's,1,EA,\nF,stranger,1,EA,STRANGE\n");
        JsonNode report = take("{}");
        assertThat(counts(report, 0)).as(report.toPrettyString()).isEqualTo("taken 8: 2 created, 0 updated, 0 unchanged, 5 rejected, 1 unknown, 0 ended");
        assertThat(file(report, 0).path("problems").findValuesAsText("problem")).satisfiesExactly(
                dear -> assertThat(dear).contains("price: \"dear\" is not a decimal number"),
                key -> assertThat(key).contains("vendor_sku"),
                twice -> assertThat(twice).isEqualTo("says something of the same row as line 2"),
                few -> assertThat(few).isEqualTo("holds 2 values, but the header names 5"),
                nobody -> assertThat(nobody).contains("\"Customer Part\" is empty"),
                stranger -> assertThat(stranger).contains("whose code is STRANGE"));
        assertThat(book.one("select string_agg(vendor_sku || ' ' || price, ', ' order by vendor_sku) from pricebook.vendor_prices", String.class))
                .isEqualTo("A 10.5, C 1234.5");
    }

    @Test
    void whatPeopleWroteStaysUntilTheVendorSaysSomethingNewAndIsToldThen() throws IOException {
        String code = code(0);
        put("ced-1.csv", CED + "A,a,10,EA," + code + "\nB,b,20,EA," + code + "\n");
        take("{}");
        book.sql().sql("update pricebook.vendor_prices set price = 9 where vendor_sku = 'A'").update();
        book.sql().sql("insert into pricebook.vendor_prices (materials_row, vendor, vendor_sku, price)"
                + " select materials_row, 'ced', 'MINE', 5 from pricebook.vendor_prices limit 1").update();
        put("ced-2.csv", CED + "A,a,10,EA," + code + "\nB,b,21,EA," + code + "\nMINE,m,6,EA," + code + "\n");
        JsonNode report = take("{}");
        assertThat(counts(report, 1)).as(report.toPrettyString()).isEqualTo("taken 3: 0 created, 1 updated, 1 unchanged, 1 rejected, 0 unknown, 0 ended");
        assertThat(prices()).isEqualTo("A 9, B 21, MINE 5");
        put("ced-3.csv", CED + "A,a,11,EA," + code + "\nB,b,21,EA," + code + "\n");
        report = take("{}");
        assertThat(file(report, 2).path("problems").findValuesAsText("problem"))
                .containsExactly("what was changed here by hand was replaced: price was 9 and is 11");
        assertThat(prices()).isEqualTo("A 11, B 21, MINE 5");
    }

    @Test
    void whatAVendorListsNoLongerEndsUnlessItIsTooMuchAtOnce() throws IOException {
        String code = code(0);
        put("ced-1.csv", CED + list(1, 20, code));
        take("{}");
        put("ced-2.csv", CED + list(1, 18, code));
        assertThat(counts(take("{}"), 1)).endsWith("18 unchanged, 0 rejected, 0 unknown, 2 ended");
        put("ced-3.csv", CED + list(1, 3, code));
        JsonNode report = take("{}");
        assertThat(counts(report, 2)).endsWith(" 0 ended");
        assertThat(file(report, 2).path("message").asText()).startsWith("15 rows are missing from it");
        put("ced-4.csv", CED + list(1, 21, code));
        assertThat(counts(take("{}"), 3)).as("what is listed again lives again").contains("1 created, 2 updated");
        assertThat(book.count("pricebook.vendor_prices where ended_at is not null")).isZero();
    }

    @Test
    void aDamagedFileHoldsUpNobodyElseAndWhatIsHalfWrittenIsLeftAlone() throws IOException {
        String code = code(0);
        put("ced-1.csv", CED + "A,\"cut off,10,EA," + code);
        put("ced-2.csv", CED + "A,fine,10,EA," + code + "\n");
        put("ced-3.csv", "Number;Price\n1;2\n");
        put("ced-4.csv.tmp", CED + "Z,half,10,EA," + code + "\n");
        Files.createSymbolicLink(vendors.resolve("homedepot-1.csv"), vendors.resolve("ced-2.csv"));
        JsonNode report = take("{}");
        assertThat(report.path("state").asText()).isEqualTo("partial");
        assertThat(report.path("files").findValuesAsText("state")).containsExactly("failed", "taken", "failed", "failed");
        assertThat(file(report, 0).path("message").asText()).contains("Line 2", "never closed").endsWith("put it there as a whole.");
        assertThat(file(report, 2).path("message").asText()).startsWith("The header has no column").contains("\"Net Price\"");
        assertThat(file(report, 3).path("message").asText()).contains("link");
        assertThat(prices()).isEqualTo("A 10");
        assertThat(report.path("message").asText()).contains("pool360: no file");
        assertThat(book.count("syncline_staging.import_line")).isZero();
    }

    @Test
    void whoAsksMeanwhileJoinsAndGoesOnWithOneWhoseProcessDied() throws IOException {
        VendorFiles.write(vendors, book.sandbox);
        book.sql().sql("insert into syncline.import_run (sync, import, organisation, trigger, requested_by) values ('pricebook', 'vendor_prices', 'default',"
                + " 'api', 'somebody')").update();
        JsonNode joined = RunningSyncline.json(book.syncline.call("POST", ADDRESS, "{}").body());
        assertThat(joined.path("joined").asBoolean()).isTrue();
        assertThat(book.count("pricebook.vendor_prices")).isZero();
        book.sql().sql("update syncline.import_run set beat_at = clock_timestamp() - interval '31 seconds'").update();
        JsonNode report = take("{}");
        assertThat(report.path("id").asLong()).as("the same").isEqualTo(joined.path("id").asLong());
        assertThat(report.path("state").asText() + report.path("takenOver")).isEqualTo("done1");
        assertThat(book.count("pricebook.vendor_prices")).isEqualTo(27);
        take("{}");
        JsonNode all = RunningSyncline.json(book.syncline.call("GET", ADDRESS + "?limit=1", null).body());
        assertThat(all.path("next").asText()).isNotEmpty();
        assertThat(RunningSyncline.json(book.syncline.call("GET", ADDRESS + "?limit=1&cursor=" + all.path("next").asText(), null).body())
                .path("items").get(0).path("id")).isEqualTo(report.path("id"));
        assertThat(book.syncline.call("POST", ADDRESS + "x", "{}").statusCode()).isEqualTo(404);
        assertThat(book.syncline.call("POST", ADDRESS, "{\"forced\": 1}").statusCode()).isEqualTo(400);
    }

    @Test
    void itLooksByItselfAtItsTime() throws IOException {
        VendorFiles.write(vendors, book.sandbox);
        Path sync = folder.resolve("config/syncs/pricebook.yaml");
        Files.writeString(sync, Files.readString(sync).replace("schedule: 0 0 3 * * ?", "schedule: \"* * * * * ?\""));
        Pricebook other = book.another(Map.of("VENDOR_PRICES_DIRECTORY", vendors.toString(), "syncline.schedules.enabled", "true"));
        Pricebook.until(() -> book.count("syncline.import_run where trigger = 'schedule' and state = 'done'") > 0);
        other.stop();
        assertThat(book.count("pricebook.vendor_prices")).isEqualTo(27);
        assertThat(book.count("syncline.import_file where state = 'taken'")).isEqualTo(3);
    }

    @Test
    void aFieldMayComeLaterAndWhatCouldLoseSomethingIsRefused() throws IOException {
        VendorFiles.write(vendors, book.sandbox);
        take("{}");
        List<String> before = book.sql().sql("select price::text || xmin from pricebook.vendor_prices order by row_id").query(String.class).list();
        Path sync = folder.resolve("config/syncs/pricebook.yaml");
        String declared = Files.readString(sync);
        Files.writeString(sync, declared.replace("      unit: text\n", "      unit: text\n      pack: integer\n"));
        book.another(Map.of()).stop();
        assertThat(book.count("pricebook.vendor_prices where pack is null")).isEqualTo(27);
        assertThat(book.sql().sql("select price::text || xmin from pricebook.vendor_prices order by row_id").query(String.class).list()).isEqualTo(before);
        Files.writeString(sync, declared.replace("      price: decimal\n      unit", "      price: integer\n      unit"));
        assertThat(catchThrowable(() -> book.another(Map.of()))).rootCause()
                .hasMessageContaining("pricebook.vendor_prices.price is numeric and is declared as integer");
    }

    private static String list(int from, int to, String code) {
        return IntStream.rangeClosed(from, to).mapToObj(n -> "S" + n + ",s," + n + ",EA," + code + "\n").reduce("", String::concat);
    }

    private void put(String name, String content) throws IOException {
        Files.writeString(vendors.resolve(name), content);
    }

    private String code(int number) {
        return book.one("select code from pricebook.materials where deleted_at is null group by code having count(*) = 1 order by code offset ? limit 1",
                String.class, number);
    }

    private String prices() {
        return book.one("select string_agg(vendor_sku || ' ' || price, ', ' order by vendor_sku) from pricebook.vendor_prices", String.class);
    }

    private List<String> rows() {
        return book.sql().sql("select ctid::text || xmin::text || v::text from pricebook.vendor_prices v order by row_id").query(String.class).list();
    }

    private static JsonNode file(JsonNode report, int number) {
        return report.path("files").get(number);
    }

    private static String counts(JsonNode report, int number) {
        JsonNode file = file(report, number);
        return file.path("state").asText() + " " + file.path("lines") + ": " + file.path("created") + " created, " + file.path("updated") + " updated, "
                + file.path("unchanged") + " unchanged, " + file.path("rejected") + " rejected, " + file.path("unknown") + " unknown, " + file.path("ended")
                + " ended";
    }
}
