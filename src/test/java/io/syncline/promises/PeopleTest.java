package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/** Promises 4 and 18 through the whole product: what people do in plain SQL is noticed and never overwritten behind their back. */
class PeopleTest {
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static int next;

    private long id;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
        book.full();
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    /** Every test has a material of its own, of the same content. */
    @BeforeEach
    void aMaterial() {
        book.sandbox.clock().advance(Duration.ofHours(1));
        id = 900_000 + next++;
        book.sandbox.put(Entity.MATERIALS, id, "{\"code\": \"M\", \"displayName\": \"Pump\", \"cost\": 10, \"price\": 20}");
        assertThat(counts(book.incremental(), "materials")).containsEntry("create", 1);
        book.sandbox.clock().advance(Duration.ofHours(1));
    }

    private void edit(String assignments) {
        assertThat(book.sql().sql("update pricebook.materials set " + assignments + " where st_id = ?").param(Long.toString(id)).update()).isOne();
    }

    private String columns(String names) {
        return book.columns("materials", id, names);
    }

    private static long journalled(String where, Object... parameters) {
        return book.count("syncline.local_edit where " + where, parameters);
    }

    @Test
    void anEditInSqlIsJournalledWaitsToBePushedAndStays() {
        edit("price = 25");
        assertThat(columns("price, sync_status, sync_direction, local_modified_by is not null")).isEqualTo("25|pending_push|push|t");
        assertThat(journalled("side_key = ? and operation = 'update' and actor <> '' and before::jsonb ->> 'price' = '20'"
                + " and after::jsonb ->> 'price' = '25'", Long.toString(id))).isOne();
        book.incremental();
        JsonNode full = book.full();
        assertThat(counts(full, "materials")).doesNotContainKeys("update", "conflict");
        assertThat(columns("price, sync_status, has_conflict")).isEqualTo("25|pending_push|f");
        assertThat(journalled("side_key = ? and snapshot_id is not null", Long.toString(id))).as("sealed with the next snapshot").isOne();
        assertThat(book.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list()).isEmpty();
        assertThat(book.sql().sql("select problem from syncline.verify_ledgers()").query(String.class).list()).isEmpty();
    }

    @Test
    void whatBothSidesChangedIsAConflictWithBaseTheirsAndOurs() {
        edit("price = 25");
        book.sandbox.put(Entity.MATERIALS, id, "{\"price\": 30}");
        String before = columns("price, cost, display_name");
        assertThat(counts(book.incremental(), "materials")).containsEntry("conflict", 1);
        assertThat(columns("price, cost, display_name")).isEqualTo(before);
        assertThat(columns("sync_status, has_conflict")).isEqualTo("conflict|t");
        assertThat(book.one("""
                select concat_ws('|', kind, fields::text, base::jsonb ->> 'price', theirs::jsonb ->> 'price', ours::jsonb ->> 'price')
                from syncline.conflict where key = ? and state = 'open'""", String.class, Long.toString(id))).isEqualTo("changed-both|{price}|20|30|25");

        assertThat(counts(book.full(), "materials")).as("nothing new for it").doesNotContainKeys("conflict", "update");
        book.sandbox.put(Entity.MATERIALS, id, "{\"price\": 31}");
        book.sandbox.clock().advance(Duration.ofMinutes(1));
        assertThat(counts(book.incremental(), "materials")).containsEntry("conflict", 1);
        assertThat(book.one("select theirs::jsonb ->> 'price' from syncline.conflict where key = ? and state = 'open'", String.class, Long.toString(id)))
                .isEqualTo("31");
        assertThat(columns("price")).isEqualTo("25");
    }

    @Test
    void anEditTakenBackIsInStepAgainAndFollowsTheSource() {
        edit("price = 25");
        edit("price = 20");
        assertThat(columns("sync_status")).isEqualTo("synced");
        assertThat(journalled("side_key = ?", Long.toString(id))).isEqualTo(2);
        book.sandbox.put(Entity.MATERIALS, id, "{\"price\": 40}");
        assertThat(counts(book.incremental(), "materials")).containsEntry("update", 1);
        assertThat(columns("price, sync_status")).isEqualTo("40|synced");
    }

    @Test
    void whatBothSidesChangedToTheSameIsInStep() {
        edit("price = 33");
        book.sandbox.put(Entity.MATERIALS, id, "{\"price\": 33.00}");
        assertThat(counts(book.incremental(), "materials")).containsEntry("converged", 1);
        assertThat(columns("price, sync_status, has_conflict")).isEqualTo("33|synced|f");
    }

    @Test
    void aRecordThatAPersonInsertedStays() {
        long row = book.one("insert into pricebook.materials (code, display_name, description, cost) values ('OURS', 'Made here', 'ours', 1.5)"
                + " returning row_id", Long.class);
        book.full();
        book.full();
        assertThat(book.one("select concat_ws('|', code, cost, sync_status, deleted_at is null, snapshot_id > 0) from pricebook.materials where row_id = ?",
                String.class, row))
                .isEqualTo("OURS|1.5|pending_push|t|t");
    }

    @Test
    void aRecordThatAPersonDeletedIsKeptAsDeletedAndStaysSo() {
        book.sql().sql("delete from pricebook.materials where st_id = ?").param(Long.toString(id)).update();
        assertThat(columns("deleted_at is not null, deleted_by_side, sync_status")).isEqualTo("t|local|pending_push");
        assertThat(counts(book.full(), "materials")).doesNotContainKeys("restore", "update", "conflict");
        assertThat(columns("deleted_at is not null, deleted_by_side")).isEqualTo("t|local");
        assertThat(journalled("side_key = ? and operation = 'delete'", Long.toString(id))).isOne();
        book.sandbox.put(Entity.MATERIALS, id, "{\"price\": 41}");
        assertThat(counts(book.incremental(), "materials")).containsEntry("conflict", 1);
        assertThat(columns("deleted_at is not null, price")).isEqualTo("t|20");
    }

    @Test
    void whatAPersonEditedAndTheSourceDeletedIsAConflict() {
        edit("price = 25");
        book.sandbox.remove(Entity.MATERIALS, id);
        assertThat(counts(book.full(), "materials")).containsEntry("conflict", 1);
        assertThat(columns("deleted_at is null, price, sync_status")).isEqualTo("t|25|conflict");
    }

    @Test
    void aColumnOfOnesOwnSurvivesEverything() {
        book.sql().sql("alter table pricebook.materials add column if not exists shelf text").update();
        edit("shelf = 'B7'");
        assertThat(columns("sync_status")).as("not the sync's business").isEqualTo("synced");
        book.sandbox.put(Entity.MATERIALS, id, "{\"price\": 50}");
        assertThat(counts(book.incremental(), "materials")).containsEntry("update", 1);
        book.sandbox.remove(Entity.MATERIALS, id);
        assertThat(counts(book.full(), "materials")).containsEntry("delete", 1);
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, id, "{\"price\": 51}");
        assertThat(counts(book.full(), "materials")).containsEntry("restore", 1);
        assertThat(columns("shelf, price")).isEqualTo("B7|51");
    }

    /** The source changes the cost, people the name, all at once; in the end each row has the person's last name or a conflict that holds it. */
    @Test
    void noEditIsLostWhileRunsGoOn() {
        List<Long> ids = book.sandbox.snapshot(Entity.MATERIALS).values().stream().filter(record -> record.path("active").asBoolean())
                .map(record -> record.path("id").asLong()).toList();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> people = CompletableFuture.supplyAsync(() -> {
            int edits = 0;
            for (int round = 1; !over.get(); round++) {
                for (long material : ids) {
                    edits += book.sql().sql("update pricebook.materials set description = ? where st_id = ? and deleted_at is null")
                            .params("by hand " + round, Long.toString(material)).update();
                }
            }
            return edits;
        });
        for (int round = 1; round <= 8; round++) {
            book.sandbox.clock().advance(Duration.ofMinutes(10));
            for (long material : ids) {
                book.sandbox.put(Entity.MATERIALS, material, "{\"cost\": " + (100 + round) + "}");
            }
            assertThat(state(book.incremental())).isEqualTo("published");
        }
        over.set(true);
        int edits = people.join();
        assertThat(journalled("after::jsonb ->> 'description' like 'by hand %' and operation = 'update'")).isEqualTo(edits);
        assertThat(book.count("""
                pricebook.materials m where m.st_id = any(?) and m.deleted_at is null and m.description is distinct from
                    (select l.after::jsonb ->> 'description' from syncline.local_edit l where l.entity = 'materials'
                     and l.row_id = m.row_id order by l.id desc limit 1)""",
                (Object) ids.stream().map(String::valueOf).toArray(String[]::new))).as("overwritten edits").isZero();
        book.full();
        assertThat(book.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list()).isEmpty();
        assertThat(book.sql().sql("select problem from syncline.verify_ledgers()").query(String.class).list()).isEmpty();
        assertThat(Map.of("unsealed", journalled("snapshot_id is null"))).containsEntry("unsealed", 0L);
    }
}
