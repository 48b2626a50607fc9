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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records made, deleted and brought back at the doors: each like the statement in SQL, and never what the system could not be told of. Here services cannot be
 * deleted or restored at their system, and equipment can be neither made nor changed.
 */
class EditDoorsTest {
    private static final String ENTITIES = "/api/v1/syncs/pricebook/entities/";
    private static final String MATERIALS = ENTITIES + "materials/records";
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static Visitor viewer;
    private static Visitor rita;
    private static long next = 980_000;

    private long id;
    private String record;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder, system -> system.replaceAll("\n +(delete|restore): \\{path: \"[^\"]*/services/[^\n]*", "")
                .replaceAll("\n +(create|update): \\{path: \"[^\"]*/equipment[^\n]*", "").replaceAll("(?s)(\n    equipment:.*?)\n +find:[^\n]*", "$1"));
        book.full();
        viewer = Visitor.of(book.syncline, "Vera", "default", Role.VIEWER);
        rita = Visitor.of(book.syncline, "Rita", "default", Role.REVIEWER);
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void aMaterial() {
        id = ++next;
        record = MATERIALS + "/" + id;
        put(Entity.MATERIALS, id, "{\"code\": \"M\", \"displayName\": \"Pump\", \"price\": 20, \"description\": \"a pump\"}");
        book.incremental();
    }

    private static void put(Entity entity, long id, String fields) {
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(entity, id, fields);
    }

    private static Answered make(String entity, String fields, String... headers) {
        return rita.send("POST", ENTITIES + entity + "/records", "{\"fields\": " + fields + "}", headers);
    }

    private static Answered delete(String record) {
        return rita.send("DELETE", record, null, "If-Match", viewer.get(record).tag());
    }

    private static Answered restore(String record) {
        return rita.send("POST", record + "/restore", null, "If-Match", viewer.get(record).tag());
    }

    private static Answered edit(String record, String fields) {
        return rita.send("PATCH", record, "{\"fields\": " + fields + "}", "If-Match", viewer.get(record).tag());
    }

    private static List<String> can(JsonNode shown) {
        List<String> can = new ArrayList<>();
        shown.path("can").forEach(each -> can.add(each.asText()));
        return can;
    }

    private static List<String> journalled(String condition, Object... parameters) {
        return book.sql().sql("select actor || ' ' || operation from syncline.local_edit where " + condition + " order by edited_at").params(parameters)
                .query(String.class).list();
    }

    private static List<String> told(Object key) {
        return book.sql().sql("select actor || ' ' || action || ' ' || coalesce(detail, '-') from syncline.activity where key = ? and action like 'record-%'"
                + " order by id").param(key.toString()).query(String.class).list();
    }

    @Test
    void aRecordIsMadeUnderTheCallersNameAndWaitsToBePushed() {
        String key = "make-" + id;
        Answered made = make("materials", "{\"code\": \"V-1\", \"description\": \"A valve\", \"price\": 4.50, \"taxable\": null}", "Idempotency-Key", key);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        long row = made.json().path("row").asLong();
        assertThat(made.json().path("key").isNull()).isTrue();
        assertThat(made.json().path("name").asText()).isEqualTo("row:" + row);
        assertThat(made.json().path("status").asText()).isEqualTo("pending_push");
        assertThat(made.json().path("editedBy").asText()).isEqualTo("Rita");
        assertThat(made.json().path("fields").toString()).isEqualTo("{\"code\":\"V-1\",\"description\":\"A valve\",\"price\":4.5}");
        assertThat(made.location()).isEqualTo(MATERIALS + "/row%3A" + row).isEqualTo(made.json().path("href").asText());
        assertThat(viewer.get(made.location()).tag()).isEqualTo(made.tag());

        Answered again = make("materials", "{\"code\": \"V-1\", \"description\": \"A valve\", \"price\": 4.50, \"taxable\": null}", "Idempotency-Key", key);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text()).isEqualTo(made.text());
        assertThat(again.location()).isEqualTo(made.location());
        assertThat(book.count("pricebook.materials where code = 'V-1'")).isOne();
        assertThat(journalled("row_id = ? and entity = 'materials'", row)).containsExactly("Rita insert");
        assertThat(told("row:" + row)).containsExactly("Rita record-created code, description, price, taxable");

        book.run(Mode.PUSH, false, null, null, null);
        assertThat(book.one("select action || ' ' || state || ' ' || edited_by from syncline.push where entity = 'materials' and row_id = ?", String.class,
                row))
                .isEqualTo("create waiting Rita");
    }

    @Test
    void aRecordWithoutAKeyIsNamedByItsRow() {
        long parent = make("categories", "{\"name\": \"Above\", \"category_type\": \"Materials\"}").json().path("row").asLong();
        Answered child = make("categories", "{\"name\": \"Below\", \"category_type\": \"Materials\", \"parent_id\": \"row:" + parent + "\"}");
        assertThat(child.status()).as(child.text()).isEqualTo(201);
        long row = child.json().path("row").asLong();
        assertThat(book.one("select concat_ws('|', parent_id, parent_id_row) from pricebook.categories where row_id = ?", String.class, row))
                .isEqualTo(Long.toString(parent));

        String known = Long.toString(book.anyOf(Entity.CATEGORIES));
        long knownRow = book.one("select row_id from pricebook.categories where st_id = ?", Long.class, known);
        String there = child.location();
        assertThat(edit(there, "{\"parent_id\": \"row:" + knownRow + "\"}").json().path("fields").path("parent_id").asText()).isEqualTo(known);
        assertThat(edit(there, "{\"parent_id\": \"row:" + parent + "\"}").json().path("fields").has("parent_id")).isTrue();
        assertThat(book.one("select concat_ws('|', parent_id, parent_id_row) from pricebook.categories where row_id = ?", String.class, row))
                .isEqualTo(Long.toString(parent));
        assertThat(edit(there, "{\"parent_id\": null}").status()).isEqualTo(200);
        assertThat(book.one("select concat_ws('|', parent_id, parent_id_row) from pricebook.categories where row_id = ?", String.class, row)).isEmpty();
        for (String nobody : List.of("row:999999999", "row:0", "row:" + row + " or 1=1", "row:99999999999999999999")) {
            Answered refused = edit(there, "{\"parent_id\": \"" + nobody + "\"}");
            assertThat(refused.status()).as(refused.text()).isEqualTo(400);
            assertThat(refused.json().path("errors").get(0).path("pointer").asText()).isEqualTo("/fields/parent_id");
        }
    }

    @Test
    void onlyDeclaredFieldsMakeARecordAndEveryMistakeIsNamedAtOnce() {
        long before = book.count("pricebook.materials");
        Answered refused = make("materials", "{\"orgId\": \"globex\", \"org_id\": \"globex\", \"id\": 7, \"row_id\": 1, \"version\": 3, \"role\": \"admin\","
                + " \"__proto__\": {}, \"st_id\": \"1\", \"snapshot_id\": 1, \"sync_status\": \"synced\", \"local_modified_by\": \"Ann\","
                + " \"deleted_at\": null, \"price\": \"a lot\", \"code\": null, \"category_id_row\": 1, \"price\\\") --\": 1}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("errors").findValuesAsText("pointer")).containsExactlyInAnyOrder("/fields/orgId", "/fields/org_id", "/fields/id",
                "/fields/row_id", "/fields/version", "/fields/role", "/fields/__proto__", "/fields/st_id", "/fields/snapshot_id", "/fields/sync_status",
                "/fields/local_modified_by", "/fields/deleted_at", "/fields/price", "/fields/code", "/fields/category_id_row", "/fields/price\") --",
                "/fields/description");
        assertThat(refused.detail()).contains("description: is missing, and no record of materials is made without it.");
        for (String body : List.of("{}", "[]", "{\"fields\": [1]}", "{\"fields\": {\"code\": \"x\", \"description\": \"y\"}, \"key\": \"1\"}")) {
            assertThat(rita.post(MATERIALS, body).status()).as(body).isEqualTo(400);
        }
        assertThat(make("materials", "{\"code\": \"\\u0000\", \"description\": \"\\ud800\"}").status()).isEqualTo(400);
        assertThat(viewer.post(MATERIALS, "{\"fields\": {\"code\": \"x\", \"description\": \"y\"}}").code()).isEqualTo("forbidden");
        assertThat(book.count("pricebook.materials")).isEqualTo(before);
    }

    @Test
    void whatItsSystemCouldNeverBeToldOfIsRefusedInWords() {
        String before = book.row("materials", id);
        Answered followed = edit(record, "{\"price\": 1, \"vendor_name\": \"me\"}");
        assertThat(followed.status()).isEqualTo(409);
        assertThat(followed.code()).isEqualTo("cannot-be-sent");
        assertThat(followed.detail()).isEqualTo("vendor_name of pricebook.materials is only read from servicetitan, and never written there. It follows from"
                + " primary_vendor: edit that.");
        assertThat(edit(record, "{\"display_name\": null}").detail()).isEqualTo("display_name of pricebook.materials cannot be null: servicetitan takes none"
                + " for it. Write another value, or an empty text.");
        assertThat(book.row("materials", id)).isEqualTo(before);
        assertThat(make("equipment", "{\"code\": \"E\", \"description\": \"x\"}").detail()).isEqualTo("servicetitan takes no new records of"
                + " pricebook.equipment. Create it there; it comes with the next run.");
        String key = "refused-" + id;
        for (int time = 0; time < 2; time++) {
            Answered refused = make("materials", "{\"code\": \"E\", \"description\": \"x\", \"vendor_name\": \"y\"}", "Idempotency-Key", key);
            assertThat(refused.status()).as(refused.text()).isEqualTo(409);
        }
        assertThat(make("materials", "{\"code\": \"E-2\", \"description\": \"x\"}", "Idempotency-Key", key + "b").status()).isEqualTo(201);
    }

    @Test
    void aRecordIsDeletedAndBroughtBackOnlyByWhoeverHasSeenIt() {
        assertThat(rita.send("DELETE", record, null).status()).isEqualTo(428);
        assertThat(rita.send("POST", record + "/restore", null).status()).isEqualTo(428);
        String seen = viewer.get(record).tag();
        assertThat(viewer.send("DELETE", record, null, "If-Match", seen).status()).isEqualTo(403);
        edit(record, "{\"price\": 21}");
        Answered late = rita.send("DELETE", record, null, "If-Match", seen);
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.json().path("current").path("fields").path("price").asInt()).isEqualTo(21);

        Answered deleted = rita.send("DELETE", record, null, "If-Match", late.json().path("etag").asText());
        assertThat(deleted.status()).as(deleted.text()).isEqualTo(200);
        assertThat(deleted.json().path("deletedBy").asText()).isEqualTo("local");
        assertThat(can(deleted.json())).containsExactly("restore");
        assertThat(deleted.json().path("writable")).isEmpty();
        assertThat(edit(record, "{\"price\": 22}").code()).isEqualTo("record-is-deleted");
        assertThat(delete(record).status()).as("again").isEqualTo(200);
        assertThat(rita.send("DELETE", MATERIALS + "/nothing-here", null, "If-Match", seen).code()).isEqualTo("no-such-record");

        assertThat(rita.send("POST", record + "/restore", null, "If-Match", seen).status()).isEqualTo(412);
        Answered back = restore(record);
        assertThat(back.status()).as(back.text()).isEqualTo(200);
        assertThat(back.json().path("deletedAt").isNull()).isTrue();
        assertThat(back.json().path("fields").path("price").asInt()).isEqualTo(21);
        assertThat(restore(record).tag()).as("again").isEqualTo(back.tag());
        assertThat(journalled("side_key = ?", Long.toString(id))).containsExactly("Rita update", "Rita delete", "Rita restore");
        assertThat(told(id)).containsExactly("Rita record-edited price", "Rita record-deleted -", "Rita record-restored -");
    }

    @Test
    void whatARecordSaysCanBeDoneIsWhatItsTableTakes() {
        Map<String, List<String>> expected = new TreeMap<>();
        Map<String, String> records = new TreeMap<>();
        for (String way : List.of("edit", "delete", "restore")) {
            for (Entity entity : List.of(Entity.MATERIALS, Entity.SERVICES, Entity.EQUIPMENT)) {
                String name = entity.name().toLowerCase(java.util.Locale.ROOT);
                long live = ++next;
                long gone = ++next;
                put(entity, live, "{\"code\": \"L\", \"description\": \"l\"}");
                put(entity, gone, "{\"code\": \"G\", \"description\": \"g\"}");
                records.put(way + " " + name + " live", ENTITIES + name + "/records/" + live);
                records.put(way + " " + name + " gone", ENTITIES + name + "/records/" + gone);
            }
            records.put(way + " materials made", make("materials", "{\"code\": \"N\", \"description\": \"n\"}").location());
            records.put(way + " services made", make("services", "{\"code\": \"N\", \"description\": \"n\"}").location());
        }
        book.incremental();
        records.forEach((name, address) -> {
            if (name.endsWith("gone")) {
                Entity entity = Entity.valueOf(name.split(" ")[1].toUpperCase(java.util.Locale.ROOT));
                put(entity, Long.parseLong(address.substring(address.lastIndexOf('/') + 1)), "{\"active\": false}");
            }
        });
        book.incremental();
        for (String name : List.copyOf(records.keySet())) {
            if (name.endsWith("made")) {
                String deleted = make(name.split(" ")[1], "{\"code\": \"D\", \"description\": \"d\"}").location();
                assertThat(delete(deleted).status()).isEqualTo(200);
                records.put(name + " and deleted", deleted);
            } else if (name.endsWith("materials live") || name.endsWith("equipment live")) {
                long deleted = ++next;
                put(name.contains("materials") ? Entity.MATERIALS : Entity.EQUIPMENT, deleted, "{\"code\": \"D\", \"description\": \"d\"}");
                records.put(name.replace("live", "deleted"), ENTITIES + name.split(" ")[1] + "/records/" + deleted);
            }
        }
        book.incremental();
        records.forEach((name, address) -> {
            if (name.endsWith(" deleted") && !name.endsWith("made and deleted")) {
                assertThat(delete(address).status()).isEqualTo(200);
            }
        });
        records.forEach((name, address) -> {
            String way = name.split(" ")[0];
            JsonNode shown = viewer.get(address).json();
            List<String> can = can(shown);
            expected.put(name.substring(way.length() + 1), can);
            boolean deleted = !shown.path("deletedAt").isNull();
            if (way.equals("restore") == deleted) {
                Answered done = way.equals("edit") ? edit(address, "{\"description\": \"changed\"}") : way.equals("delete") ? delete(address)
                        : restore(address);
                assertThat(done.status()).as(name + ": " + done.text()).isEqualTo(can.contains(way) ? 200 : 409);
            }
            assertThat(shown.path("editable").asBoolean()).isEqualTo(can.contains("edit")).isEqualTo(!shown.path("writable").isEmpty());
        });
        assertThat(expected).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                Map.entry("materials live", List.of("edit", "delete")), Map.entry("materials gone", List.of("restore")),
                Map.entry("materials deleted", List.of("restore")),
                Map.entry("materials made", List.of("edit", "delete")), Map.entry("materials made and deleted", List.of("restore")),
                Map.entry("services live", List.of("edit")), Map.entry("services gone", List.of("restore")),
                Map.entry("services made", List.of("edit", "delete")), Map.entry("services made and deleted", List.of("restore")),
                Map.entry("equipment live", List.of("delete")), Map.entry("equipment gone", List.of("restore")),
                Map.entry("equipment deleted", List.of("restore"))));
    }

    @Test
    void whatLeadsToARecordIsCountedAndTheFirstAreNamed() {
        Answered above = make("categories", "{\"name\": \"Above\", \"category_type\": \"Materials\"}");
        String name = above.json().path("name").asText();
        assertThat(viewer.get(above.location() + "/relatives").json().path("children")).isEmpty();
        String last = null;
        for (int number = 1; number <= 7; number++) {
            last = make("categories", "{\"name\": \"Below " + number + "\", \"category_type\": \"Materials\", \"parent_id\": \"" + name + "\"}")
                    .location();
        }
        JsonNode shown = viewer.get(above.location() + "/relatives").json();
        assertThat(shown.path("children").findValuesAsText("count")).containsExactly("7");
        assertThat(shown.path("children").get(0).path("first").findValuesAsText("title"))
                .containsExactly("Below 1", "Below 2", "Below 3", "Below 4", "Below 5");
        assertThat(delete(last).status()).isEqualTo(200);
        assertThat(viewer.get(above.location() + "/relatives").json().path("children").findValuesAsText("count")).as("but for what is deleted")
                .containsExactly("6");
        JsonNode below = viewer.get(shown.path("children").get(0).path("first").get(0).path("href").asText() + "/relatives").json();
        assertThat(below.path("parents").get(0).path("first").get(0).path("href").asText()).isEqualTo(above.location());
        assertThat(below.path("parents").get(0).path("field").asText()).isEqualTo("parent_id");
        assertThat(viewer.get(MATERIALS + "/nothing-here/relatives").code()).isEqualTo("no-such-record");
    }

    @Test
    void theEntitySaysWhatANewRecordNeedsAndWhatIsOnlyRead() {
        JsonNode materials = viewer.get(ENTITIES + "materials").json();
        assertThat(materials.path("ways").toString()).contains("create");
        assertThat(viewer.get(ENTITIES + "equipment").json().path("ways").toString()).doesNotContain("create");
        List<String> needed = new ArrayList<>();
        List<String> onlyRead = new ArrayList<>();
        materials.path("fields").forEach(field -> {
            if (field.path("needed").asBoolean()) {
                needed.add(field.path("name").asText());
            }
            if (!field.path("editable").asBoolean()) {
                onlyRead.add(field.path("name").asText());
            }
        });
        assertThat(needed).containsExactly("code", "description");
        assertThat(onlyRead).containsExactly("category_id", "vendor_name");
        assertThat(viewer.get(record).json().path("writable").toString()).contains("\"price\"").doesNotContain("vendor_name");
    }

    @Test
    void aDeletionBesideAPublishIsNeverLost() {
        for (int round = 0; round < 4; round++) {
            put(Entity.MATERIALS, id, "{\"cost\": " + (100 + round) + "}");
            boolean delete = round % 2 == 0;
            CompletableFuture<Answered> done = CompletableFuture.supplyAsync(() -> {
                Answered answer;
                do {
                    answer = delete ? delete(record) : restore(record);
                } while (answer.status() == 412);
                return answer;
            });
            book.incremental();
            assertThat(done.join().status()).as(done.join().text()).isEqualTo(200);
            assertThat(book.columns("materials", id, "deleted_at is not null")).isEqualTo(delete ? "t" : "f");
        }
        book.full();
        assertThat(book.columns("materials", id, "deleted_at is null")).isEqualTo("t");
        assertThat(journalled("side_key = ?", Long.toString(id))).containsExactly("Rita delete", "Rita restore", "Rita delete", "Rita restore");
        assertThat(book.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list()).isEmpty();
    }

    @Test
    void whoAndWhenAreKeptOfSqlAndOfTheApiAlike() throws SQLException {
        String owner = book.one("select tableowner from pg_tables where schemaname = 'pricebook' and tablename = 'materials'", String.class);
        String role = "anna_" + id;
        book.sql().sql("create role " + role + " login password 'anna' in role " + owner).update();
        Instant before = book.one("select clock_timestamp()", OffsetDateTime.class).toInstant();
        try (Connection anna = DriverManager.getConnection(book.database.replaceFirst("\\?.*", ""), role, "anna"); Statement sql = anna.createStatement()) {
            sql.execute("update pricebook.materials set price = 31 where st_id = '" + id + "'");
            sql.execute("insert into pricebook.materials (code, description) values ('by-" + id + "', 'made in SQL')");
            sql.execute("set syncline.actor = 'Rita'");
            sql.execute("delete from pricebook.materials where code = 'by-" + id + "'");
            sql.execute("update pricebook.materials set deleted_at = null where code = 'by-" + id + "'");
        }
        edit(record, "{\"price\": 32}");
        Instant after = book.one("select clock_timestamp()", OffsetDateTime.class).toInstant();
        assertThat(journalled("side_key = ?", Long.toString(id))).containsExactly(role + " update", "Rita update");
        assertThat(journalled("after::jsonb ->> 'code' = ?", "by-" + id)).containsExactly(role + " insert", role + " delete", role + " restore");
        assertThat(book.sql().sql("select edited_at from syncline.local_edit where side_key = ?").param(Long.toString(id)).query(OffsetDateTime.class).list())
                .allSatisfy(at -> assertThat(at.toInstant()).isBetween(before, after));
        assertThat(book.columns("materials", id, "local_modified_by")).isEqualTo("Rita");
        JsonNode versions = viewer.get(record + "/history").json().path("items");
        assertThat(versions.get(0).path("person").asText()).isEqualTo("Rita");
        assertThat(versions.get(1).path("person").asText()).isEqualTo(role);
        book.run(Mode.PUSH, false, null, null, null);
        assertThat(book.one("select concat_ws(' ', p.action, p.edited_by, p.edited_at = t.local_modified_at) from syncline.push p"
                + " join pricebook.materials t using (row_id) where p.entity = 'materials' and t.code = ? and p.ended_at is null", String.class, "by-" + id))
                .isEqualTo("create " + role + " t");
    }
}
