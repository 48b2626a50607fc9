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

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/** Promises 6 and 7 through the whole product: a delete needs proof, and too many of them wait for a person. */
class DeletesTest {
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static int day;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void everythingIsThere() {
        book.sandbox.reset();
        book.sandbox.clock().set(Pricebook.MORNING.plus(Duration.ofDays(++day)));
        for (Entity entity : Entity.values()) {
            book.sandbox.snapshot(entity).keySet().forEach(id -> book.sandbox.put(entity, id, "{}"));
        }
        assertThat(state(book.full())).isEqualTo("published");
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.clearJournal();
    }

    private static boolean isDeleted(String entity, long id) {
        return book.one("select deleted_at is not null from pricebook." + entity + " where st_id = ?", Boolean.class, Long.toString(id));
    }

    private static long live(String entity) {
        return book.count("pricebook." + entity + "_live");
    }

    private static List<Long> some(Entity entity, int count) {
        return book.sandbox.snapshot(entity).values().stream().filter(record -> record.path("active").asBoolean()).limit(count)
                .map(record -> record.path("id").asLong()).toList();
    }

    @Test
    void whatACompleteReadNoLongerShowsIsAskedForAndDeleted() {
        long id = book.anyOf(Entity.MATERIALS);
        book.sandbox.remove(Entity.MATERIALS, id);
        assertThat(counts(book.incremental(), "materials")).as("changes prove no absence").doesNotContainKey("delete");
        assertThat(isDeleted("materials", id)).isFalse();
        JsonNode report = book.full();
        assertThat(counts(report, "materials")).containsEntry("delete", 1);
        assertThat(book.asked("/materials/" + id)).as("asked for before it was deleted").hasSize(1);
        assertThat(isDeleted("materials", id)).isTrue();
        assertThat(book.columns("materials", id, "deleted_by_side, sync_status")).isEqualTo("st|synced");
        assertThat(counts(book.full(), "materials")).as("once").doesNotContainKey("delete");
    }

    @Test
    void whatSlippedFromThePagesButIsThereIsNotDeleted() {
        long live = live("materials");
        book.sandbox.fault("/materials page=2 -> shift 3");
        JsonNode report = book.full();
        assertThat(counts(report, "materials")).as(report.toPrettyString()).doesNotContainKey("delete");
        assertThat(live("materials")).isEqualTo(live);
    }

    @Test
    void anAbsenceThatCannotBeConfirmedDeletesNothingAndEverythingElseGoesOn() {
        List<Long> ids = some(Entity.MATERIALS, 3);
        book.sandbox.remove(Entity.MATERIALS, ids.get(0));
        book.sandbox.remove(Entity.MATERIALS, ids.get(1));
        book.sandbox.put(Entity.MATERIALS, ids.get(2), "{\"cost\": 9.25}");
        book.sandbox.fault("/materials/" + ids.get(0) + " -> status 403");
        JsonNode report = book.full();
        String at = report.toPrettyString();
        assertThat(isDeleted("materials", ids.get(0))).isFalse();
        assertThat(isDeleted("materials", ids.get(1))).as("its neighbour goes on").isTrue();
        assertThat(counts(report, "materials")).as(at).containsEntry("update", 1).containsEntry("delete", 1);
        assertThat(reasons(report, "materials")).as(at).anySatisfy(reason -> assertThat(reason).contains("not taken for deleted", "403", ids.get(0)
                .toString()));
        book.sandbox.clearFaults();
        book.full();
        assertThat(isDeleted("materials", ids.get(0))).isTrue();
    }

    @Test
    void anEmptyAnswerDeletesNothingAndIsTold() {
        long live = live("services");
        book.sandbox.fault("/services -> empty-page");
        JsonNode report = book.full();
        assertThat(live("services")).isEqualTo(live);
        assertThat(counts(report, "services")).as(report.toPrettyString()).containsOnlyKeys("held");
        assertThat(reasons(report, "services")).as(report.toPrettyString()).anySatisfy(reason -> assertThat(reason).contains("empty", "wait for approval"));
        assertThat(book.sandbox.journal()).as("a thousand rows are not asked for one by one").noneMatch(call -> call.path().matches(".*/services/\\d+"));
        book.sandbox.clearFaults();
        book.full();
        assertThat(book.count("syncline.attention where state = 'open' and kind = 'held' and entity = 'services'"))
                .as("they are there, so they wait no longer").isZero();
    }

    @Test
    void anEmptySourceHoldsItsDeletesForAPerson() {
        long live = live("equipment");
        book.sandbox.snapshot(Entity.EQUIPMENT).keySet().forEach(id -> book.sandbox.remove(Entity.EQUIPMENT, id));
        book.sandbox.put(Entity.MATERIALS, book.anyOf(Entity.MATERIALS), "{\"cost\": 19.25}");
        JsonNode report = book.full();
        assertThat(live("equipment")).isEqualTo(live);
        assertThat(counts(report, "equipment")).as(report.toPrettyString()).containsEntry("held", (int) live);
        assertThat(reasons(report, "equipment")).anySatisfy(reason -> assertThat(reason).contains("empty", "wait for approval"));
        assertThat(counts(report, "materials")).containsEntry("update", 1);
        assertThat(book.count("syncline.attention where state = 'open' and kind = 'held'")).isEqualTo(live);
    }

    @Test
    void moreDeletesThanTheBrakeAllowsWaitAndTheRestGoesOn() {
        long live = live("materials");
        List<Long> ids = some(Entity.MATERIALS, 12);
        ids.subList(1, 12).forEach(id -> book.sandbox.remove(Entity.MATERIALS, id));
        book.sandbox.put(Entity.MATERIALS, ids.get(0), "{\"cost\": 29.25}");
        book.sandbox.put(Entity.MATERIALS, 800_001, "{\"code\": \"NEW\"}");
        JsonNode report = book.full();
        assertThat(counts(report, "materials")).as(report.toPrettyString()).containsEntry("held", 11).containsEntry("update", 1).containsEntry("create", 1);
        assertThat(live("materials")).isEqualTo(live + 1);
        assertThat(book.count("syncline.attention where state = 'open' and kind = 'held' and entity = 'materials'")).isEqualTo(11);
        ids.subList(1, 12).forEach(id -> book.sandbox.put(Entity.MATERIALS, id, "{\"code\": \"BACK\"}"));
        book.full();
        assertThat(book.count("syncline.attention where state = 'open' and kind = 'held' and entity = 'materials'")).as("whoever is back waits no longer")
                .isZero();
    }

    @Test
    void aMarkedDeletionIsADeleteAndItsReturnARestore() {
        long id = book.anyOf(Entity.SERVICES);
        book.sandbox.put(Entity.SERVICES, id, "{\"active\": false}");
        assertThat(counts(book.incremental(), "services")).containsEntry("delete", 1);
        assertThat(isDeleted("services", id)).isTrue();
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.SERVICES, id, "{\"active\": true}");
        assertThat(counts(book.incremental(), "services")).containsEntry("restore", 1);
        assertThat(isDeleted("services", id)).isFalse();
        assertThat(book.count("pricebook.services_history where st_id = ?", Long.toString(id))).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aRecordDeletedAndMadeAgainWithTheSameKeyIsARestore() {
        long id = book.anyOf(Entity.EQUIPMENT);
        book.sandbox.remove(Entity.EQUIPMENT, id);
        assertThat(counts(book.full(), "equipment")).containsEntry("delete", 1);
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.EQUIPMENT, id, "{\"code\": \"AGAIN\"}");
        assertThat(counts(book.incremental(), "equipment")).containsEntry("restore", 1);
        assertThat(book.columns("equipment", id, "code, sync_status, has_conflict")).isEqualTo("AGAIN|synced|f");
    }

    @Test
    void aDeletedCategoryKeepsItsChildrenAndTheirLink() {
        long id = 70_001;
        book.sandbox.put(Entity.CATEGORIES, id, "{\"name\": \"Going\"}");
        book.sandbox.put(Entity.MATERIALS, 700_002, "{\"code\": \"STAYS\", \"categories\": [70001]}");
        book.full();
        book.sandbox.remove(Entity.CATEGORIES, id);
        book.sandbox.clock().advance(Duration.ofHours(1));
        JsonNode report = book.full();
        assertThat(counts(report, "categories")).as(report.toPrettyString()).containsEntry("delete", 1);
        assertThat(isDeleted("categories", id)).isTrue();
        assertThat(isDeleted("materials", 700_002)).isFalse();
        assertThat(book.count("pricebook.materials m join pricebook.categories c on c.row_id = m.category_id_row"
                + " where m.st_id = '700002' and c.st_id = '70001'")).isOne();
        book.sandbox.put(Entity.MATERIALS, 700_002, "{\"cost\": 1.5}");
        assertThat(counts(book.incremental(), "materials")).as("a deleted parent is a parent").containsEntry("update", 1);
    }
}
