package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.access.Role;
import io.syncline.promises.Visitor.Answered;
import io.syncline.run.Mode;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

/** Records at the doors: found, explained, as they were, and edited so that nothing of anybody's is lost. */
class RecordsTest {
    private static final String ENTITY = "/api/v1/syncs/pricebook/entities/materials";
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static Visitor viewer;
    private static Visitor reviewer;
    private static Visitor stranger;
    private static long next = 970_000;

    private long id;
    private String record;

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
    void aMaterial() {
        book.sandbox.clock().advance(Duration.ofHours(1));
        id = ++next;
        record = ENTITY + "/records/" + id;
        book.sandbox.put(Entity.MATERIALS, id, "{\"code\": \"M\", \"displayName\": \"Pump " + id + "\", \"price\": 20, \"cost\": 9007199254740993}");
        book.incremental();
    }

    private Answered edit(String fields, String tag) {
        return reviewer.send("PATCH", record, "{\"fields\": " + fields + "}", "If-Match", tag);
    }

    private Answered edit(String fields) {
        return edit(fields, viewer.get(record).tag());
    }

    private String columns(String names) {
        return book.columns("materials", id, names);
    }

    private static List<String> texts(JsonNode answer) {
        return answer.path("why").findValuesAsText("text");
    }

    @Test
    void aRecordSaysWhyItIsSo() {
        Answered shown = viewer.get(record);
        assertThat(shown.tag()).matches("\"[0-9a-f]{32}\"").isEqualTo(shown.json().path("etag").asText());
        assertThat(shown.text()).as("every digit").contains("9007199254740993");
        assertThat(shown.json().path("fields").path("price").asInt()).isEqualTo(20);
        long run = shown.json().path("why").get(0).path("run").asLong();
        assertThat(texts(shown.json()).get(0)).matches("Snapshot [0-9]+ of .* brought this version: run " + run
                + " \\(incremental, asked for by test through test\\)\\.");
        edit("{\"price\": 25}");
        assertThat(texts(viewer.get(record).json())).anyMatch(text -> text.startsWith("Rita edited it here at ")
                        && text.contains("no snapshot has sealed that yet"))
                .anyMatch(text -> text.contains("price (20 → 25)") && text.contains("waits to be pushed"));
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, id, "{\"price\": 30}");
        book.incremental();
        JsonNode conflict = viewer.get(record).json();
        assertThat(conflict.path("status").asText()).isEqualTo("conflict");
        assertThat(texts(conflict)).anyMatch(text -> text.startsWith("It is in conflict: "));
        assertThat(conflict.path("why").findValuesAsText("href")).anyMatch(href -> href.matches("/api/v1/attention/c[0-9]+"));
        assertThat(texts(conflict)).anyMatch(text -> text.startsWith("Rita edited it here") && text.contains("sealed that"));
    }

    @Test
    void recordsAreFoundByKeyTextAndStatusStepByStep() {
        assertThat(viewer.get(ENTITY + "/records?key=" + id).json().path("items").findValuesAsText("name")).containsExactly(Long.toString(id));
        assertThat(viewer.get(ENTITY + "/records?q=pUMP%20" + id).json().path("items").findValuesAsText("key")).containsExactly(Long.toString(id));
        assertThat(viewer.get(ENTITY + "/records?q=%25_&key=" + id).json().path("items")).isEmpty();
        book.sql().sql("insert into pricebook.materials (code, display_name, description) values ('own', 'made here', 'ours')").update();
        List<String> all = viewer.get(ENTITY + "/records?limit=1000").json().path("items").findValuesAsText("name");
        assertThat(all.stream().filter(name -> name.startsWith("row:"))).isNotEmpty();
        List<String> steps = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = viewer.get(ENTITY + "/records?limit=7" + cursor).json();
            steps.addAll(page.path("items").findValuesAsText("name"));
            cursor = page.path("next").isNull() ? null : "&cursor=" + page.path("next").asText();
        } while (cursor != null);
        assertThat(steps).isEqualTo(all).hasSize((int) book.count("pricebook.materials_live")).doesNotHaveDuplicates();
        String row = all.get(all.size() - 1);
        assertThat(viewer.get(ENTITY + "/records/" + row).json().path("why").findValuesAsText("text"))
                .anyMatch(text -> text.contains("made it here")).anyMatch(text -> text.contains("waits to be pushed"));
        edit("{\"price\": 21}");
        assertThat(viewer.get(ENTITY + "/records?status=pending_push&key=" + id).json().path("items")).hasSize(1);
        assertThat(viewer.get(ENTITY + "/records?status=synced&key=" + id).json().path("items")).isEmpty();
        book.sql().sql("update pricebook.materials set deleted_at = now() where st_id = ?").param(Long.toString(id)).update();
        assertThat(viewer.get(ENTITY + "/records?key=" + id).json().path("items")).isEmpty();
        assertThat(viewer.get(ENTITY + "/records?status=deleted&key=" + id).json().path("items")).hasSize(1);
    }

    @Test
    void aRecordOfWhichSomethingWaitsIsFoundAndSaysSo() {
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": \"a lot\"}");
        book.incremental();
        assertThat(viewer.get(ENTITY + "/records?status=attention&key=" + id).json().path("items").findValuesAsText("status")).containsExactly("attention");
        assertThat(texts(viewer.get(record).json())).anyMatch(text -> text.startsWith("A newer version was rejected: ") && text.contains("a lot"));
    }

    @Test
    void anEditIsJournalledUnderTheCallersNameAsOneInSqlIs() {
        Answered edited = edit("{\"price\": 25.50, \"display_name\": \"\", \"is_inventory\": true,"
                + " \"primary_vendor\": {\"memo\": \"b\", \"cost\": 2, \"vendorName\": \"x\"}}");
        assertThat(edited.status()).as(edited.text()).isEqualTo(200);
        assertThat(edited.json().path("fields").path("price").decimalValue()).isEqualByComparingTo("25.5");
        assertThat(edited.tag()).isEqualTo(viewer.get(record).tag());
        assertThat(columns("price, display_name = '', is_inventory, primary_vendor, sync_status, local_modified_by"))
                .isEqualTo("25.5|t|t|{\"cost\": 2, \"memo\": \"b\"}|pending_push|Rita");
        assertThat(book.one("select actor || ' ' || operation from syncline.local_edit where side_key = ?", String.class, Long.toString(id)))
                .isEqualTo("Rita update");
        assertThat(book.one("select actor || ' ' || detail from syncline.activity where action = 'record-edited' and key = ?", String.class, Long.toString(id)))
                .isEqualTo("Rita display_name, is_inventory, price, primary_vendor");
        book.full();
        assertThat(columns("price, sync_status")).isEqualTo("25.5|pending_push");
        assertThat(book.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list()).isEmpty();
    }

    @Test
    void anEditThatCouldNeverBeSentIsRefusedWithTheReason() {
        String before = book.row("materials", id);
        Answered emptied = edit("{\"price\": 1, \"display_name\": null}");
        assertThat(emptied.status()).isEqualTo(409);
        assertThat(emptied.code()).isEqualTo("cannot-be-sent");
        assertThat(emptied.detail()).isEqualTo("display_name of pricebook.materials cannot be null: servicetitan takes none for it."
                + " Write another value, or an empty text.");
        assertThat(edit("{\"vendor_name\": \"another\"}").detail()).contains("only read from servicetitan").endsWith("primary_vendor: edit that.");
        assertThat(book.row("materials", id)).isEqualTo(before);
    }

    @Test
    void anEditThatChangesNothingWritesNothing() {
        String before = book.row("materials", id);
        String place = columns("ctid, xmin");
        for (String fields : List.of("{}", "{\"price\": 20.00}", "{\"price\": \"20\", \"code\": \"M\"}", "{\"category_id\": null, \"is_inventory\": true}")) {
            Answered answer = edit(fields);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        }
        assertThat(book.row("materials", id)).isEqualTo(before);
        assertThat(columns("ctid, xmin")).isEqualTo(place);
        assertThat(book.count("syncline.activity where action = 'record-edited' and key = ?", Long.toString(id))).isZero();
    }

    @Test
    void onlyDeclaredFieldsAreTakenAndEveryMistakeIsNamedAtOnce() {
        String before = book.row("materials", id);
        Answered answer = edit("{\"orgId\": \"globex\", \"id\": 7, \"version\": 3, \"role\": \"admin\", \"__proto__\": {}, \"org_id\": \"x\", \"st_id\": \"1\","
                + " \"deleted_at\": null, \"price\": \"a lot\", \"code\": null, \"is_inventory\": \"maybe\", \"cost\": 1e400, \"category_id\": 424242,"
                + " \"price\\\" = 0 --\": 1}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").findValuesAsText("pointer")).containsExactlyInAnyOrder("/fields/orgId", "/fields/id", "/fields/version",
                "/fields/role", "/fields/__proto__", "/fields/org_id", "/fields/st_id", "/fields/deleted_at", "/fields/price", "/fields/code",
                "/fields/is_inventory", "/fields/cost", "/fields/category_id", "/fields/price\" = 0 --");
        assertThat(answer.detail()).contains("price: \"a lot\" is not a decimal number", "code: ", "is required", "there is no categories record");
        assertThat(edit("{\"display_name\": 7, \"code\": \"007\"}").detail())
                .isEqualTo("display_name: 7 is a number, not a text. Write it in quotes, as \"7\".");
        for (String body : List.of("{}", "[]", "{\"fields\": [1]}", "{\"fields\": {}, \"orgId\": \"x\"}", "{\"fields\": {\"price\": 1, \"price\": 2}}")) {
            assertThat(reviewer.send("PATCH", record, body, "If-Match", viewer.get(record).tag()).status()).as(body).isEqualTo(400);
        }
        assertThat(book.row("materials", id)).isEqualTo(before);
    }

    @Test
    void whoeverEditsSaysWhichVersionItHasSeen() {
        assertThat(reviewer.send("PATCH", record, "{\"fields\": {\"price\": 1}}").status()).isEqualTo(428);
        String seen = viewer.get(record).tag();
        assertThat(viewer.send("PATCH", record, "{\"fields\": {\"price\": 1}}", "If-Match", seen).status()).isEqualTo(403);
        edit("{\"price\": 22}", seen);
        Answered late = edit("{\"price\": 23}", seen);
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.json().path("current").path("fields").path("price").asInt()).isEqualTo(22);
        assertThat(edit("{\"price\": 23}", late.json().path("etag").asText()).status()).isEqualTo(200);
        book.sql().sql("update pricebook.materials set deleted_at = now() where st_id = ?").param(Long.toString(id)).update();
        assertThat(edit("{\"price\": 24}").code()).isEqualTo("record-is-deleted");
    }

    @Test
    void anEditThatIsSentAgainIsDoneOnce() {
        String seen = viewer.get(record).tag();
        for (int time = 0; time < 2; time++) {
            Answered answer = reviewer.send("PATCH", record, "{\"fields\": {\"price\": 41}}", "If-Match", seen, "Idempotency-Key", "edit-" + id);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.json().path("fields").path("price").asInt()).isEqualTo(41);
        }
        assertThat(book.count("syncline.local_edit where side_key = ?", Long.toString(id))).isOne();
    }

    @Test
    void ofManyWhoEditTheSameVersionOneDoes() {
        String seen = viewer.get(record).tag();
        List<CompletableFuture<Integer>> edits = new ArrayList<>();
        for (int price = 31; price < 37; price++) {
            String fields = "{\"price\": " + price + "}";
            edits.add(CompletableFuture.supplyAsync(() -> edit(fields, seen).status()));
        }
        assertThat(edits.stream().map(CompletableFuture::join)).containsOnlyOnce(200).containsOnly(200, 412);
        assertThat(book.count("syncline.local_edit where side_key = ?", Long.toString(id))).isOne();
    }

    @Test
    void anEditBesideAPublishIsNeverLost() {
        for (int round = 0; round < 4; round++) {
            book.sandbox.clock().advance(Duration.ofHours(1));
            book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": " + (100 + round) + "}");
            String price = "{\"price\": " + (50 + round) + "}";
            CompletableFuture<Answered> edit = CompletableFuture.supplyAsync(() -> {
                Answered answer;
                do {
                    answer = edit(price);
                } while (answer.status() == 412);
                return answer;
            });
            book.incremental();
            assertThat(edit.join().status()).isEqualTo(200);
            assertThat(columns("price")).isEqualTo(Integer.toString(50 + round));
        }
        book.full();
        assertThat(columns("price")).isEqualTo("53");
    }

    @Test
    void theHistoryTellsEveryVersionWhoMadeItAndWhatItChanged() {
        edit("{\"price\": 21}");
        edit("{\"price\": 22}");
        JsonNode unsealed = viewer.get(record + "/history").json().path("items");
        assertThat(unsealed.findValuesAsText("what")).containsExactly("changed", "changed", "created");
        assertThat(unsealed.get(0).path("snapshot").isNull()).isTrue();
        assertThat(unsealed.get(0).path("person").asText()).isEqualTo("Rita");
        assertThat(unsealed.get(0).path("changed").toString()).isEqualTo("[{\"field\":\"price\",\"from\":21,\"to\":22}]");
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, id, "{\"active\": false}");
        book.sql().sql("update pricebook.materials set price = 20 where st_id = ?").param(Long.toString(id)).update();
        book.incremental();
        JsonNode all = viewer.get(record + "/history").json().path("items");
        assertThat(all.findValuesAsText("what")).containsExactly("deleted", "changed", "changed", "changed", "created");
        assertThat(all.get(0).path("run").path("mode").asText()).isEqualTo("incremental");
        assertThat(all.get(4).path("until")).isEqualTo(all.get(3).path("since"));
        List<String> steps = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = viewer.get(record + "/history?limit=2" + cursor).json();
            page.path("items").forEach(version -> steps.add(version.toString()));
            cursor = page.path("next").isNull() ? null : "&cursor=" + page.path("next").asText();
        } while (cursor != null);
        List<String> whole = new ArrayList<>();
        all.forEach(version -> whole.add(version.toString()));
        assertThat(steps).isEqualTo(whole);
    }

    @Test
    void recordsAreShownAsTheyWereAndAgreeWithTheFunctionsInSql() {
        long number = viewer.get("/api/v1/syncs/pricebook/snapshots?limit=1").json().path("items").get(0).path("number").asLong();
        long snapshot = viewer.get("/api/v1/syncs/pricebook/snapshots/" + number).json().path("id").asLong();
        String before = book.one("select clock_timestamp()::text", String.class).replace(" ", "T").replace("+", "%2B") + ":00";
        edit("{\"price\": 77}");
        String edited = book.one("select clock_timestamp()::text", String.class).replace(" ", "T").replace("+", "%2B") + ":00";
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, id, "{\"active\": false}");
        book.incremental();
        book.sql().sql("update pricebook.materials set deleted_at = coalesce(deleted_at, now()) where st_id = ?").param(Long.toString(id)).update();
        assertThat(viewer.get(record + "?snapshot=" + number).json().path("fields").path("price").asInt()).isEqualTo(20);
        assertThat(viewer.get(record + "?asOf=" + before).json().path("fields").path("price").asInt()).isEqualTo(20);
        assertThat(viewer.get(record + "?asOf=" + edited).json().path("fields").path("price").asInt()).isEqualTo(77);
        assertThat(viewer.get(record + "?asOf=2001-01-01T00:00:00Z").code()).isEqualTo("not-there-then");
        assertThat(viewer.get(record + "?snapshot=999999").code()).isEqualTo("no-such-snapshot");
        assertThat(viewer.get(record + "?snapshot=1&asOf=2001-01-01T00:00:00Z").status()).isEqualTo(400);
        // Promise 19: an answer about a moment to come could not stay the same.
        for (String path : List.of(record + "?asOf=2999-01-01T00:00:00Z", ENTITY + "/records?asOf=2999-01-01T00:00:00Z")) {
            assertThat(viewer.get(path).status()).isEqualTo(400);
            assertThat(viewer.get(path).code()).isEqualTo("in-the-future");
            assertThat(viewer.get(path).detail()).contains("2999-01-01T00:00:00Z", "leave asOf out");
        }
        assertThat(viewer.get(ENTITY + "/records?status=synced&snapshot=1").status()).isEqualTo(400);
        assertThat(viewer.get(ENTITY + "/records?limit=1000&snapshot=" + number).json().path("items").findValuesAsText("key")).isEqualTo(
                book.sql().sql("select st_id from pricebook.materials_as_of_snapshot(?) where st_id is not null order by st_id").param(snapshot)
                        .query(String.class).list());
        assertThat(viewer.get(ENTITY + "/records?q=pump%20" + id + "&asOf=" + edited).json().path("items").findValuesAsText("key"))
                .containsExactly(Long.toString(id));
    }

    @Test
    void anEntityTellsWhatItDeclaresInTheOrderOfItsFile() {
        JsonNode declared = viewer.get(ENTITY).json();
        assertThat(declared.path("system").asText()).isEqualTo("servicetitan");
        assertThat(declared.path("readOnly").asBoolean(true)).isFalse();
        assertThat(declared.path("fields").findValuesAsText("name")).startsWith("code", "display_name", "description", "category_id", "categories", "cost");
        assertThat(declared.path("fields").get(0).toString()).startsWith("{\"name\":\"code\",\"type\":\"text\",\"required\":true,\"references\":null,");
        assertThat(declared.path("fields").get(3).path("references").asText()).isEqualTo("categories");
        assertThat(viewer.get("/api/v1/syncs/pricebook/entities/pg_class").code()).isEqualTo("unknown-target");
        assertThat(stranger.get(ENTITY).status()).isEqualTo(404);
    }

    @Test
    void snapshotsAreListedWithWhoMadeThem() {
        JsonNode page = viewer.get("/api/v1/syncs/pricebook/snapshots?limit=2").json();
        JsonNode newest = page.path("items").get(0);
        assertThat(newest.path("run").path("requestedBy").asText()).isEqualTo("test");
        assertThat(newest.path("digest").asText()).matches("[0-9a-f]{64}");
        assertThat(newest.path("previous")).isEqualTo(page.path("items").get(1).path("digest"));
        JsonNode more = viewer.get("/api/v1/syncs/pricebook/snapshots?limit=2&cursor=" + page.path("next").asText()).json();
        assertThat(more.path("items").get(0).path("number").asLong()).isEqualTo(newest.path("number").asLong() - 2);
        for (String number : List.of("0", "999999", "9999999999999999999999", "x", "-1", "1%27")) {
            assertThat(viewer.get("/api/v1/syncs/pricebook/snapshots/" + number).code()).as(number).isEqualTo("no-such-snapshot");
        }
    }

    @Test
    void whatIsAnothersOrHostileIsAnsweredLikeWhatDoesNotExist() {
        String tag = viewer.get(record).tag();
        for (String address : List.of(record, record + "/history", record + "?snapshot=1", ENTITY + "/records", "/api/v1/syncs/pricebook/snapshots",
                "/api/v1/syncs/pricebook/snapshots/1")) {
            Answered answer = stranger.get(address);
            assertThat(answer.status()).as(address).isEqualTo(404);
            assertThat(answer.text()).doesNotContain("pricebook", "materials", "Pump");
        }
        assertThat(stranger.send("PATCH", record, "{\"fields\": {\"price\": 1}}", "If-Match", tag).status()).isEqualTo(404);
        for (String name : List.of("materials_history", "Materials", "materials%22%3B--", "..%2F..", "%24%7Bsys.user.home%7D", "pg_class")) {
            assertThat(viewer.get("/api/v1/syncs/pricebook/entities/" + name + "/records").code()).as(name).isEqualTo("unknown-target");
            assertThat(viewer.get("/api/v1/syncs/" + name + "/snapshots").code()).as(name).isEqualTo("unknown-target");
        }
        for (String key : List.of("nobody", "%27%20or%201=1--", "row:0", "row:99999999999999999999", "row:x", "%7B%7Benv:PATH%7D%7D", "a%2Fb", "a%5Cb")) {
            assertThat(viewer.get(ENTITY + "/records/" + key).code()).as(key).isEqualTo("no-such-record");
            assertThat(viewer.get(ENTITY + "/records/" + key + "/history").code()).as(key).isEqualTo("no-such-record");
        }
        assertThat(viewer.get(record + "?snapshot=0").detail()).isEqualTo("snapshot: \"0\" is no number from 1 on. Write one such as 42.");
        assertThat(viewer.get("/api/v1/syncs/pricebook/snapshots/0").code()).isEqualTo("no-such-snapshot");
        assertThat(viewer.get(ENTITY + "/records?cursor=WyJ4IiwieSJd").code()).isEqualTo("invalid-cursor");
        assertThat(viewer.get(ENTITY + "/records?status=lost&limit=0").json().path("errors")).hasSize(2);
    }

    @Test
    void theActivityTellsWhoDidWhat() {
        edit("{\"price\": 88}");
        Visitor operator = Visitor.of(book.syncline, "Otto " + id, "default", Role.OPERATOR);
        operator.post("/api/v1/syncs/pricebook/runs", "{\"mode\": \"record\", \"entity\": \"materials\", \"key\": \"" + id + "\"}");
        operator.post("/api/v1/syncs/pricebook/runs", "{\"mode\": \"full\", \"dryRun\": true}");
        Pricebook.until(() -> book.count("syncline.run where finished_at is null") == 0);
        book.run(Mode.INCREMENTAL, false, null, "materials", null);
        JsonNode edits = viewer.get("/api/v1/activity?action=record-edited&actor=Rita&sync=pricebook").json().path("items");
        assertThat(edits.get(0).path("key").asText() + " " + edits.get(0).path("detail").asText()).isEqualTo(id + " price");
        JsonNode asked = viewer.get("/api/v1/activity?actor=Otto%20" + id).json().path("items");
        assertThat(asked.findValuesAsText("action")).containsExactly("run-requested", "run-requested");
        assertThat(asked.findValuesAsText("detail")).containsExactly("full, dry run, asked for by api", "record");
        assertThat(viewer.get("/api/v1/activity?action=key-made").json().path("items").findValuesAsText("key")).contains("Otto " + id, "Rita");
        assertThat(stranger.get("/api/v1/activity").json().path("items").findValuesAsText("key")).containsExactly("Zed");
        JsonNode first = viewer.get("/api/v1/activity?limit=1").json();
        JsonNode second = viewer.get("/api/v1/activity?limit=1&cursor=" + first.path("next").asText()).json();
        assertThat(second.path("items").get(0).path("id").asLong()).isLessThan(first.path("items").get(0).path("id").asLong());
        assertThat(viewer.get("/api/v1/activity?from=tomorrow&to=x").json().path("errors")).hasSize(2);
        assertThat(viewer.get("/api/v1/activity?limit=1000").text()).doesNotContain("sln_");
    }
}
