package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.access.Role;
import io.syncline.promises.Visitor.Answered;
import io.syncline.run.Mode;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a record said is erased from every place there is; its headers and hashes stay, and every chain holds. Promises 19 and 20. */
class ErasureTest {
    private static final String ENTITY = "/api/v1/syncs/pricebook/entities/materials";
    private static final String CANARY = "canary-" + HexFormat.of().toHexDigits(0x5EED1234);
    private static final String WHY = "{\"reason\": \"asked for, ticket 4711\"}";
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static Visitor admin;
    private static Visitor reviewer;
    private static long next = 960_000;

    private long id;
    private String record;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
        book.full();
        admin = Visitor.of(book.syncline, "Adam", "default", Role.ADMIN);
        reviewer = Visitor.of(book.syncline, "Rita", "default", Role.REVIEWER);
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void aMaterial() {
        id = ++next;
        record = ENTITY + "/records/" + id;
        shows("{\"code\": \"M\", \"displayName\": \"" + CANARY + " one\", \"price\": 20, \"cost\": 4}");
        book.incremental();
    }

    private void shows(String fields) {
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, id, fields);
    }

    private void gone() {
        shows("{\"active\": false}");
        book.incremental();
    }

    private static long newest() {
        return book.one("select max(number) from syncline.snapshot where sync = 'pricebook'", Long.class);
    }

    /** The tables that hold the canary, as text or as bytes, and what the planner remembers of their columns. */
    private static Set<String> tablesWithTheCanary() {
        Set<String> tables = new TreeSet<>();
        for (String table : book.sql().sql("""
                select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') or c.relname = 'pg_stats'""")
                .query(String.class).list()) {
            String found = "select exists (select from " + table + " t where position(? in t::text) > 0 or position(? in t::text) > 0)";
            if (book.one(found, Boolean.class, CANARY, HexFormat.of().formatHex(CANARY.getBytes(StandardCharsets.UTF_8)))) {
                tables.add(table);
            }
        }
        return tables;
    }

    private static void assertEveryChainHolds() {
        assertThat(book.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list()).isEmpty();
        assertThat(book.sql().sql("select problem from syncline.verify_ledgers()").query(String.class).list()).isEmpty();
    }

    @Test
    void whatARecordSaidIsGoneFromEveryPlaceThatHeldIt() {
        long first = newest();
        String tag = reviewer.get(record).tag();
        reviewer.send("PATCH", record, "{\"fields\": {\"display_name\": \"" + CANARY + " edited\"}}", "If-Match", tag, "Idempotency-Key", "erase-" + id);
        shows("{\"displayName\": \"" + CANARY + " theirs\"}");
        book.incremental();
        assertThat(book.columns("materials", id, "has_conflict")).isEqualTo("t");
        book.sql().sql("update pricebook.materials set display_name = ? where st_id = ?").params(CANARY + " theirs", Long.toString(id)).update();
        book.full();
        assertThat(book.columns("materials", id, "has_conflict")).isEqualTo("f");
        decided();
        told("materials", Long.toString(id), "{\"price\": \"" + CANARY + "\"}");
        told(null, null, "no JSON, but about " + id + ": " + CANARY);
        shows("{\"cost\": \"" + CANARY + " a lot\"}");
        book.incremental();
        book.run(Mode.VERIFY, false, null, "materials", null);
        shows("{\"cost\": 5, \"displayName\": \"" + CANARY + " planned\"}");
        book.dry(Mode.FULL);
        assertThat(admin.post(record + "/erase", WHY).code()).isEqualTo("still-there");
        book.incremental();
        gone();
        book.sql().sql("analyze").update();
        assertThat(tablesWithTheCanary()).as("else this shows nothing").contains("pricebook.materials", "pricebook.materials_history", "syncline.local_edit",
                "syncline.conflict", "syncline.attention", "syncline.idempotency", "syncline.run", "syncline_staging.pricebook__materials", "syncline.push",
                "syncline.resolution", "syncline.webhook");
        long changes = newest();

        Answered erased = admin.post(record + "/erase", WHY);

        assertThat(erased.status()).as(erased.text()).isEqualTo(200);
        assertThat(erased.json().path("versions").asInt()).isGreaterThan(3);
        assertThat(erased.json().path("keptForDecisions")).isEmpty();
        assertThat(tablesWithTheCanary()).isEmpty();
        assertEveryChainHolds();
        Answered then = reviewer.get(record + "?snapshot=" + first);
        assertThat(then.status() + " " + then.code()).isEqualTo("410 erased");
        assertThat(then.detail()).contains("Adam", "ticket 4711");
        JsonNode now = reviewer.get(record).json();
        assertThat(now.path("fields").isNull()).isTrue();
        assertThat(now.path("why").findValuesAsText("text")).anyMatch(why -> why.startsWith("What it said was erased by Adam at ")
                && why.contains(": asked for, ticket 4711 (removal "));
        assertThat(now.path("deletedAt").isNull()).isFalse();
        JsonNode history = reviewer.get(record + "/history").json().path("items");
        assertThat(history.findValuesAsText("removed")).containsOnly("erased").hasSizeGreaterThan(3);
        JsonNode listed = reviewer.get(ENTITY + "/records?key=" + id + "&snapshot=" + first).json().path("items").get(0);
        assertThat(listed.path("removed").asText() + listed.path("fields").isNull()).isEqualTo("erasedtrue");
        assertThat(reviewer.get(ENTITY + "/compare?from=" + first + "&to=" + changes + "&limit=1000").json().path("items"))
                .anyMatch(item -> item.path("key").asText().equals(Long.toString(id)) && item.path("erased").asBoolean());
        assertThat(reviewer.get(ENTITY + "/export?snapshot=" + first).text().lines().filter(line -> line.contains("\"" + id + "\"")))
                .hasSize(1).allMatch(line -> line.matches(".*\"hash\":\"[0-9a-f]{64}\",\"removed_how\":\"erased\"}"));
        assertThat(book.one("select concat_ws('|', a.st_id, a.document is null, a.display_name is null, octet_length(a.hash), a.removed_how)"
                + " from syncline.snapshot s, pricebook.materials_as_of_snapshot(s.id) a where s.sync = 'pricebook' and s.number = ? and a.st_id = ?",
                String.class, first, Long.toString(id))).isEqualTo(id + "|t|t|32|erased");
        assertThat(book.one("select actor || detail from syncline.activity where action = 'record-erased' and key = ?", String.class, Long.toString(id)))
                .startsWith("Adamremoval ");
        assertThat(admin.post(record + "/erase", WHY).code()).isEqualTo("nothing-to-erase");
    }

    /** Both sides change it, and somebody decides; so there is a push, a conflict, a decision and its answer. */
    private void decided() {
        reviewer.send("PATCH", record, "{\"fields\": {\"description\": \"" + CANARY + " ours\"}}", "If-Match", reviewer.get(record).tag());
        book.run(Mode.PUSH, false, null, null, null);
        shows("{\"description\": \"" + CANARY + " theirs\"}");
        book.incremental();
        String conflict = "/api/v1/syncs/pricebook/conflicts/" + book.one("select max(id) from syncline.conflict where key = ?", Long.class, Long.toString(id));
        Answered decided = reviewer.send("POST", conflict + "/resolution", "{\"decision\": \"use_source\", \"reason\": \"" + CANARY + " said so\"}",
                "If-Match", reviewer.get(conflict).tag(), "Idempotency-Key", "decided-" + id);
        assertThat(decided.status()).as(decided.text()).isLessThan(300);
        book.run(Mode.PUSH, false, null, null, null);
    }

    private static void told(String entity, String key, String body) {
        book.sql().sql("insert into syncline.webhook (organisation, system, delivery, digest, body, sync, entity, key, state, reason, ended_at) values"
                + " ('default', 'servicetitan', gen_random_uuid()::text, sha256(convert_to(:body, 'UTF8')), convert_to(:body, 'UTF8'), :sync, :entity, :key,"
                + " 'ignored', :body, now())").param("body", body).param("sync", entity == null ? null : "pricebook").param("entity", entity).param("key", key)
                .update();
    }

    @Test
    void whatWasMadeHereIsErasedUnderBothItsNamesButNotWhileNobodyKnowsWhetherItArrived() {
        gone();
        assertThat(admin.post(record + "/erase", WHY).status()).isEqualTo(200);
        Answered made = reviewer.send("POST", ENTITY + "/records", "{\"fields\": {\"code\": \"N-" + id + "\", \"description\": \"" + CANARY + "\"}}",
                "Idempotency-Key", "made-" + id);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        long row = made.json().path("row").asLong();
        book.run(Mode.PUSH, false, null, null, null);
        String key = Long.toString(id + 30_000);
        assertThat(book.sql().sql("update syncline.push set state = 'unknown', first_sent_at = clock_timestamp(), next_attempt_at = null, reason = ?"
                + " where row_id = ? and entity = 'materials'").params(CANARY + " was not answered", row).update()).isOne();
        Answered deleted = reviewer.send("DELETE", made.location(), null, "If-Match", reviewer.get(made.location()).tag());
        assertThat(deleted.status()).as(deleted.text()).isEqualTo(200);
        Answered refused = admin.post(made.location() + "/erase", WHY);
        assertThat(refused.status() + " " + refused.code()).as(refused.text()).isEqualTo("409 push-under-way");
        assertThat(refused.detail()).contains("/api/v1/syncs/pricebook/pushes");
        reviewer.send("POST", made.location() + "/restore", null, "If-Match", reviewer.get(made.location()).tag());
        book.sql().sql("""
                update syncline.push set state = 'answered', answered_at = clock_timestamp(), answered_deleted = false, answered_key = ?,
                answered_document = document, answered_hash = hash, answered_mapping = (select max(number) from syncline.mapping where entity = 'materials')
                where row_id = ? and entity = 'materials' and state = 'unknown'""").params(key, row).update();
        book.run(Mode.PUSH, false, null, null, null);
        assertThat(book.one("select st_id from pricebook.materials where row_id = ?", String.class, row)).isEqualTo(key);
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, Long.parseLong(key), "{\"code\": \"N-" + id + "\", \"description\": \"" + CANARY + "\", \"active\": false}");
        book.incremental();
        assertThat(tablesWithTheCanary()).as("else this shows nothing").contains("syncline.push", "syncline.idempotency");

        Answered erased = admin.post(ENTITY + "/records/" + key + "/erase", WHY);

        assertThat(erased.status()).as(erased.text()).isEqualTo(200);
        assertThat(book.count("syncline.push where row_id = ? and entity = 'materials' and (document <> '' or coalesce(agreed, '') <> '' or"
                + " coalesce(answered_document, '') <> '')", row)).isZero();
        assertThat(book.count("syncline.idempotency where position(? in convert_from(body, 'UTF8')) > 0", CANARY)).isZero();
        assertThat(book.count("syncline.push where row_id = ? and entity = 'materials' and ended_at is null", row)).isZero();
        assertEveryChainHolds();
    }

    @Test
    void anErasedRecordThatTheSourceShowsAgainComesBackAsANewVersion() {
        gone();
        admin.post(record + "/erase", WHY);
        assertThatThrownBy(() -> book.sql().sql("update pricebook.materials set deleted_at = null where st_id = ?").param(Long.toString(id)).update())
                .hasStackTraceContaining("was erased, and there is nothing to go on from");
        book.full();
        assertThat(book.columns("materials", id, "document = ''")).isEqualTo("t");
        shows("{\"active\": true, \"displayName\": \"again\"}");
        assertThat(Pricebook.state(book.dry(Mode.INCREMENTAL))).isEqualTo("planned");
        book.incremental();
        assertThat(reviewer.get(record).json().path("fields").path("display_name").asText()).isEqualTo("again");
        assertThat(reviewer.get(record + "/history").json().path("items").get(0).path("removed").isNull()).isTrue();
        assertEveryChainHolds();
    }

    @Test
    void versionsThatDecisionsPointToAreSparedUnlessTheRequestSaysSo() {
        long decided = newest();
        Answered decision = reviewer.post("/api/v1/decisions", "{\"sync\": \"pricebook\", \"entity\": \"materials\", \"key\": \"" + id
                + "\", \"what\": \"dispatch\", \"reason\": \"urgent\"}");
        assertThat(decision.status()).as(decision.text()).isEqualTo(201);
        shows("{\"displayName\": \"" + CANARY + " later\"}");
        book.incremental();
        long later = newest();
        gone();
        Answered spared = admin.post(record + "/erase", WHY);
        assertThat(spared.json().path("keptForDecisions").findValuesAsText("decision")).hasSize(1);
        assertThat(reviewer.get(record + "?snapshot=" + decided).json().path("fields").path("display_name").asText()).isEqualTo(CANARY + " one");
        assertThat(reviewer.get(record + "?snapshot=" + later).code()).isEqualTo("erased");
        assertEveryChainHolds();
        assertThat(admin.post(record + "/erase", "{\"reason\": \"a court's order\", \"evenIfDecided\": true}").status()).isEqualTo(200);
        assertThat(reviewer.get(record + "?snapshot=" + decided).detail()).contains("a court's order");
        assertThat(tablesWithTheCanary()).isEmpty();
        Answered evidence = reviewer.get(decision.json().path("evidence").asText());
        assertThat(evidence.status() + " " + evidence.json().path("document").isNull()).as("that its hash was sealed is still proven").isEqualTo("200 true");
        assertThat(reviewer.post("/api/v1/decisions", "{\"sync\": \"pricebook\", \"entity\": \"materials\", \"key\": \"" + id + "\", \"snapshot\": " + decided
                + ", \"what\": \"dispatch\", \"reason\": \"urgent\"}").detail()).contains("was removed");
        assertEveryChainHolds();
    }

    @Test
    void whatWasSetAsideAndNeverBecameARowIsErasedByItsKey() {
        long never = id + 20_000;
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, never, "{\"code\": \"M\", \"displayName\": \"" + CANARY + " waits\", \"cost\": \"" + CANARY
                + " much\"}");
        book.incremental();
        assertThat(book.count("pricebook.materials where st_id = '" + never + "'")).isZero();
        assertThat(tablesWithTheCanary()).contains("syncline.attention");
        Answered answer = admin.post(ENTITY + "/records/" + never + "/erase", WHY);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("row").isNull()).isTrue();
        assertThat(book.one("select concat_ws('|', state, reason, raw is null) from syncline.attention where key = ?", String.class, Long.toString(never)))
                .isEqualTo("closed|erased|t");
        assertThat(book.one("select actor || reason from syncline.removal where key = ?", String.class, Long.toString(never)))
                .isEqualTo("Adamasked for, ticket 4711");
        assertThat(admin.post(ENTITY + "/records/" + never + "/erase", WHY).status()).isEqualTo(404);
        assertEveryChainHolds();
    }

    @Test
    void nothingGoesWithoutAnEntryThatCoversIt() {
        shows("{\"price\": 21}");
        book.incremental();
        long row = book.one("select row_id from pricebook.materials where st_id = ?", Long.class, Long.toString(id));
        for (String change : List.of("document = ''", "document = 'x'", "valid_to = now()")) {
            assertThatThrownBy(() -> book.sql().sql("update pricebook.materials_history set " + change + " where row_id = " + row).update())
                    .hasStackTraceContaining("is refused: what is sealed stays as it is");
        }
        assertThatThrownBy(() -> book.sql().sql("do $$ begin set local session_replication_role = replica; update pricebook.materials_history"
                + " set document = '' where row_id = " + row + "; set local session_replication_role = origin; raise exception '%',"
                + " (select problem from syncline.verify_chain('pricebook')); end $$").update())
                .hasStackTraceContaining("row " + row + " of materials has a version without its content, and no entry of syncline.removal says why");
        gone();
        admin.post(record + "/erase", WHY);
        for (String change : List.of("deleted = not deleted", "hash = sha256('')", "document = 'x'")) {
            assertThatThrownBy(() -> book.sql().sql("update pricebook.materials_history set " + change + " where row_id = " + row).update())
                    .hasStackTraceContaining("is refused: what is sealed stays as it is");
        }
        assertThatThrownBy(() -> book.sql().sql("delete from syncline.removal").update()).hasStackTraceContaining("is refused");
        assertThatThrownBy(() -> book.sql().sql("do $$ begin set local session_replication_role = replica; delete from syncline.removal where row_id = " + row
                + "; raise exception '%', (select problem from syncline.verify_chain('pricebook')); end $$").update())
                .hasStackTraceContaining("no entry of syncline.removal says why");
        assertEveryChainHolds();
    }

    @Test
    void whoAsksIsAnAdminWithAReasonWhoHasSeenWhatIsThere() {
        gone();
        assertThat(reviewer.post(record + "/erase", WHY).status()).isEqualTo(403);
        assertThat(admin.post(record + "/erase", "{}").json().path("errors").findValuesAsText("pointer")).containsExactly("/reason");
        assertThat(admin.post(record + "/erase", "{\"reason\": \" \", \"evenIfDecided\": 1, \"row\": 7}").json().path("errors")).hasSize(3);
        assertThat(admin.send("POST", record + "/erase", WHY, "If-Match", "\"other\"").status()).isEqualTo(412);
        assertThat(admin.post(ENTITY + "/records/nothing/erase", WHY).code()).isEqualTo("no-such-record");
        assertThat(Visitor.of(book.syncline, "Zed" + id, "globex", Role.ADMIN).post(record + "/erase", WHY).status()).isEqualTo(404);
        assertThat(admin.send("POST", record + "/erase", WHY, "If-Match", reviewer.get(record).tag()).status()).isEqualTo(200);
        assertThat(RunningSyncline.json(admin.get("/api/v1/activity?action=record-erased").text()).path("items").get(0).path("actor").asText())
                .isEqualTo("Adam");
    }
}
