package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/** Verify names every way in which a source and its table can be apart, and writes nothing; repair mends what somebody did around the journal. */
class VerifyTest {
    private static final String NO_ROW = "missing [] without a row: new at the source since it was last read, or its row was removed around the journal";

    @TempDir
    private Path folder;
    private Pricebook book;

    @BeforeEach
    void start() {
        book = Pricebook.open(folder);
        for (int id = 900_001; id <= 900_012; id++) {
            material(id, "\"cost\": 10, \"price\": 20");
        }
        book.full();
        book.sandbox.clock().advance(Duration.ofHours(1));
    }

    @AfterEach
    void stop() {
        book.close();
    }

    private void material(long id, String fields) {
        book.sandbox.put(Entity.MATERIALS, id, "{\"code\": \"M\", \"displayName\": \"Pump\", " + fields + "}");
    }

    private void edit(long id, String assignments) {
        assertThat(book.sql().sql("update pricebook.materials set " + assignments + " where st_id = ?").param(Long.toString(id)).update()).isOne();
    }

    /** As a superuser can who goes around the trigger. */
    private void bypass(String statement) {
        book.syncline.bean(org.springframework.transaction.support.TransactionTemplate.class).executeWithoutResult(status -> {
            book.sql().sql("select set_config('syncline.publishing', 'on', true)").query(String.class).single();
            assertThat(book.sql().sql(statement).update()).isPositive();
        });
    }

    private JsonNode verify() {
        return book.run(Mode.VERIFY, false, null, null, null);
    }

    private JsonNode repair(boolean dryRun) {
        return book.syncline.run(new RunRequest("pricebook", "default", Mode.FULL, dryRun, null, null, null, true, null, "test", "test"));
    }

    private static Map<String, String> examples(JsonNode report, String entity) {
        Map<String, String> examples = new TreeMap<>();
        RunningSyncline.entity(report, entity).path("examples").forEach(example -> {
            StringBuilder fields = new StringBuilder();
            example.path("fields").forEach(field -> fields.append(fields.length() == 0 ? "" : ",").append(field.asText()));
            examples.put(example.path("key").asText(), example.path("finding").asText() + " [" + fields + "] " + example.path("why").asText());
        });
        return examples;
    }

    private List<String> brokenChain() {
        return book.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list();
    }

    @Test
    void whatIsInStepMatchesAndNothingIsWritten() {
        List<String> before = book.everythingStored();
        HttpResponse<String> answer = book.syncline.call("POST", "/api/sync/pricebook/verify", null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode report = RunningSyncline.json(answer.body());
        assertThat(state(report)).isEqualTo("compared");
        for (JsonNode entity : report.path("entities")) {
            assertThat(counts(report, entity.path("entity").asText())).as(report.toPrettyString())
                    .isEqualTo(Map.of("matched", entity.path("delivered").asInt()));
            assertThat(entity.path("examples")).isEmpty();
            assertThat(entity.path("state").asText()).isEqualTo("compared");
        }
        assertThat(report.path("entities")).hasSize(4);
        assertThat(book.everythingStored()).isEqualTo(before);
        until(() -> book.stagedRows() == 0);
        assertThat(book.syncline.call("POST", "/api/sync/pricebook/verify", "{\"dryRun\": true}").body()).contains("a comparison reads everything");
    }

    @Test
    void everyWayToBeApartIsNamedWithWhy() {
        edit(900_001, "price = 25");
        edit(900_002, "price = 25");
        material(900_002, "\"cost\": 10, \"price\": 30");
        book.incremental();
        material(900_003, "\"cost\": 11, \"price\": 20");
        bypass("update pricebook.materials set price = 5, cost = 6 where st_id = '900004'");
        material(900_020, "\"cost\": 1");
        book.sandbox.remove(Entity.MATERIALS, 900_005);
        book.sandbox.put(Entity.MATERIALS, 900_006, "{\"active\": false}");
        book.sql().sql("delete from pricebook.materials where st_id = '900007'").update();
        bypass("delete from pricebook.materials where st_id = '900008'");
        bypass("update pricebook.materials set price = 'NaN' where st_id = '900009'");
        book.sandbox.put(Entity.MATERIALS, 900_010, "{\"code\": null}");
        book.sql().sql("insert into pricebook.materials (code, description) values ('OURS', 'ours')").update();
        bypass("update pricebook.materials set price = price where st_id = '900011'");

        List<String> before = book.everythingStored();
        JsonNode report = verify();
        int delivered = RunningSyncline.entity(report, "materials").path("delivered").asInt();
        assertThat(counts(report, "materials")).as(report.toPrettyString())
                .isEqualTo(Map.of("matched", delivered - 10, "different", 5, "missing", 3, "extra", 3, "rejected", 1));
        assertThat(examples(report, "materials")).isEqualTo(new TreeMap<>(Map.ofEntries(
                Map.entry("900001", "different [price] edited here, waits to be pushed"),
                Map.entry("900002", "different [price] an open conflict"),
                Map.entry("900003", "different [cost] changed at the source since it was last read"),
                Map.entry("900004", "different [cost,price] the row's columns do not say what its document says: it says something else"
                        + " in cost than in its document"),
                Map.entry("900005", "extra [] gone at the source since it was last read"),
                Map.entry("900006", "extra [] gone at the source since it was last read"),
                Map.entry("900007", "missing [] deleted here, waits to be pushed"),
                Map.entry("900008", NO_ROW),
                Map.entry("900009", "different [] the row's columns do not say what its document says: it says something else in price than in its document"),
                Map.entry("900010", "rejected [] code: is required, but code is null"),
                Map.entry("900020", NO_ROW),
                Map.entry("null", "extra [] " + examples(report, "materials").get("null").substring(9)))));
        assertThat(examples(report, "materials").get("null")).matches("extra \\[] made here, waits to be pushed \\(row \\d+\\)");
        assertThat(book.everythingStored()).isEqualTo(before);
        until(() -> book.stagedRows() == 0);
    }

    @Test
    void repairMendsThroughAPlanWhatWasWrittenAroundTheJournalAndKeepsWhatItOverwrites() {
        bypass("update pricebook.materials set price = 5 where st_id = '900001'");
        edit(900_002, "price = 25");
        bypass("update pricebook.materials set cost = 6 where st_id = '900002'");
        bypass("delete from pricebook.materials where st_id = '900003'");
        bypass("update pricebook.materials set price = 'NaN' where st_id = '900004'");
        bypass("update pricebook.materials set document = '{\"price\":1}', hash = sha256('{\"price\":1}'), price = 1 where st_id = '900005'");
        bypass("update pricebook.services s set category_id_row = c.top from (select max(row_id) as top from pricebook.categories) c where s.row_id ="
                + " (select min(row_id) from pricebook.services where category_id_row <> (select max(row_id) from pricebook.categories))");
        bypass("update pricebook.materials set price = 7 where st_id = '900006'");
        material(900_006, "\"cost\": 11, \"price\": 20");
        edit(900_007, "deleted_at = now()");
        bypass("update pricebook.materials set price = 8 where st_id = '900007'");
        assertThat(counts(book.incremental(), "materials")).as("a row removed around the journal comes back by itself").containsEntry("create", 1);
        assertThat(counts(book.full(), "materials")).as("no run looks at columns unless it is asked to").containsOnlyKeys("unchanged");
        bypass("update pricebook.materials set price = 7 where st_id = '900006'");
        List<String> before = book.everythingStored();

        JsonNode preview = repair(true);
        assertThat(counts(preview, "materials")).as(preview.toPrettyString()).containsEntry("update", 5).doesNotContainKeys("create", "conflict");
        assertThat(counts(preview, "services")).containsEntry("update", 1);
        assertThat(reasons(preview, "materials")).anySatisfy(reason -> assertThat(reason)
                .contains("900001 repaired: it says something else in price than in its document",
                "900005 repaired: it says something else than was agreed, and nobody edited it"))
                .anySatisfy(reason -> assertThat(reason)
                        .contains("Deleted, and to be mended by their own documents", "by a run that repairs: 900007: it says something else in price"));
        assertThat(book.everythingStored()).isEqualTo(before);

        JsonNode repaired = repair(false);
        assertThat(counts(repaired, "materials")).as("a preview is what apply will do").isEqualTo(counts(preview, "materials"));
        assertThat(book.columns("materials", 900_001, "price, cost, sync_status")).isEqualTo("20|10|synced");
        assertThat(book.columns("materials", 900_002, "price, cost, sync_status")).as("what a person wrote stays").isEqualTo("25|10|pending_push");
        assertThat(book.columns("materials", 900_004, "price")).isEqualTo("20");
        assertThat(book.columns("materials", 900_005, "price, cost")).isEqualTo("20|10");
        assertThat(book.columns("materials", 900_006, "price, cost")).isEqualTo("20|11");
        assertThat(book.count("syncline.conflict where kind = 'bypassed' and settled_by = 'repair' and state = 'settled'"
                + " and ours::jsonb ->> 'price' in ('5', '7', '1')")).as("promise 4: the loser is kept").isEqualTo(3);
        assertThat(book.count("syncline.conflict where kind = 'bypassed' and key = '900002' and ours::jsonb ->> 'cost' = '6'")).isOne();
        JsonNode verified = verify();
        assertThat(counts(verified, "materials").keySet()).as(verified.toPrettyString()).containsExactlyInAnyOrder("matched", "different", "missing");
        assertThat(examples(verified, "materials")).containsOnlyKeys("900002", "900007");
        assertThat(counts(verified, "services")).containsOnlyKeys("matched");
        assertThat(counts(repair(false), "materials")).as("promise 10").doesNotContainKey("update");
    }

    @Test
    void aDeletedRowThatWasWrittenAfterwardsIsToldAndMendedByItsOwnDocument() {
        book.sandbox.put(Entity.MATERIALS, 900_001, "{\"active\": false}");
        book.sandbox.remove(Entity.MATERIALS, 900_002);
        book.sandbox.put(Entity.MATERIALS, 900_003, "{\"active\": false}");
        book.full();
        assertThat(counts(verify(), "materials")).containsOnlyKeys("matched");
        bypass("update pricebook.materials set price = 0.0101, category_id = null, category_id_row = null, assets = null where st_id = '900001'");
        bypass("update pricebook.materials set price = 'NaN' where st_id = '900002'");
        bypass("update pricebook.materials set document = '{\"price\":1}', price = 1 where st_id = '900003'");
        edit(900_004, "deleted_at = now()");
        bypass("update pricebook.materials set price = 8 where st_id = '900004'");

        JsonNode verified = verify();
        assertThat(counts(verified, "materials")).as(verified.toPrettyString()).containsEntry("different", 3).containsEntry("missing", 1)
                .doesNotContainKey("extra");
        String apart = "the row's columns do not say what its document says: it says something else in price than in its document";
        assertThat(examples(verified, "materials")).isEqualTo(Map.of("900001", "different [] " + apart.replace(" price ", " assets "),
                "900002", "different [] " + apart,
                "900003", "different [] the row's columns do not say what its document says: it has a document that is not the one its hash was made of",
                "900004", "missing [] " + apart + "; deleted here, waits to be pushed"));

        String versions = "select string_agg(st_id || ' ' || revision || ' ' || snapshot_id, ', ' order by st_id) from pricebook.materials"
                + " where st_id < '900004'";
        String before = book.one(versions, String.class);
        JsonNode repaired = repair(false);
        assertThat(book.one(versions, String.class)).isEqualTo(before);
        assertThat(counts(repaired, "materials")).as("their versions stay").containsOnlyKeys("unchanged");
        assertThat(reasons(repaired, "materials")).anySatisfy(reason -> assertThat(reason)
                .contains("Deleted, and mended by their own documents", "900001: it says", "900002: it says", "900004: it says"))
                .anySatisfy(reason -> assertThat(reason)
                .contains("Not mended", "900003 (deleted, and its document is not the one that was sealed"));
        for (long id : List.of(900_001, 900_002, 900_004)) {
            assertThat(book.columns("materials", id, "price, deleted_by_side")).isEqualTo(id == 900_004 ? "20|local" : "20|st");
        }
        assertThat(book.count("syncline.conflict where kind = 'bypassed' and settled_by = 'repair' and reason like 'repaired, deleted: it says%'"))
                .isEqualTo(3);
        assertThat(book.count("syncline.conflict where kind = 'bypassed' and key = '900001' and ours::jsonb ->> 'price' = '0.0101'")).isOne();
        assertThat(examples(verify(), "materials")).containsOnlyKeys("900003", "900004");
        assertThat(reasons(repair(false), "materials")).noneSatisfy(reason -> assertThat(reason).contains("Deleted, and mended"));
    }

    @Test
    void theChainHoldsAfterARepair() {
        bypass("update pricebook.materials set price = 5 where st_id = '900001'");
        bypass("update pricebook.services s set category_id_row = c.top from (select max(row_id) as top from pricebook.categories) c where s.row_id ="
                + " (select min(row_id) from pricebook.services where category_id_row <> (select max(row_id) from pricebook.categories))");
        assertThat(brokenChain()).hasSize(1);
        HttpResponse<String> answer = book.syncline.call("POST", "/api/sync/pricebook/full", "{\"repair\": true}");
        assertThat(counts(RunningSyncline.json(answer.body()), "materials")).as(answer.body()).containsEntry("update", 1);
        assertThat(brokenChain()).isEmpty();
        JsonNode verified = verify();
        verified.path("entities").forEach(entity -> assertThat(counts(verified, entity.path("entity").asText())).containsOnlyKeys("matched"));
    }

    @Test
    void whatCouldNotBeReadIsNotComparedAndWhatIsNotProvenIsNotExtra() {
        book.sandbox.remove(Entity.MATERIALS, 900_001);
        book.sandbox.remove(Entity.MATERIALS, 900_002);
        book.sandbox.fault("/materials/900001 -> status 403\n/services -> status 400");
        JsonNode report = verify();
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("partial");
        assertThat(state(report, "services")).isEqualTo("failed");
        assertThat(examples(report, "materials")).containsOnlyKeys("900002");
        assertThat(reasons(report, "materials")).anySatisfy(reason -> assertThat(reason).contains("900001"));
        book.sandbox.fault("/* -> status 400");
        assertThat(state(verify())).isEqualTo("failed");
    }
}
