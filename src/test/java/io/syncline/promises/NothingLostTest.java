package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/** Promises 5 and 8 through the whole product: what fails or does not fit stays out with its reason, and everything else goes on. */
class NothingLostTest {
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static int next;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
        assertThat(state(book.full())).isEqualTo("published");
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void anHourLater() {
        book.sandbox.clock().advance(Duration.ofHours(1));
        assertThat(state(book.full())).isEqualTo("published");
        book.sandbox.clock().advance(Duration.ofHours(1));
    }

    private static long open(String kind) {
        return book.count("syncline.attention where state = 'open' and kind = ?", kind);
    }

    private static String reason(long id) {
        return book.one("select reason from syncline.attention where state = 'open' and key = ?", String.class, Long.toString(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {" -> status 500", " page=2 -> status 404", " -> html", " page=2 -> half-body", " page=2 -> cut-json", " page=2 -> reset",
            " -> null-data",
            " page=2 -> repeated-page", " -> more-forever"})
    void anEntityThatFailsStaysOutWithItsReasonAndTheOthersArePublished(String fault) {
        Instant mark = book.mark("services");
        long gone = book.anyOf(Entity.SERVICES);
        String before = book.row("services", gone);
        long changed = book.anyOf(Entity.MATERIALS);
        book.sandbox.put(Entity.MATERIALS, changed, "{\"cost\": " + book.sandbox.clock().now().getEpochSecond() % 100_000 + "}");
        long late = 777_000 + next++;
        book.sandbox.put(Entity.SERVICES, late, "{\"code\": \"LATE\"}");
        book.sandbox.fault("/services" + fault);
        JsonNode report = book.full();
        book.sandbox.clearFaults();
        String at = report.toPrettyString();

        assertThat(state(report)).as(at).isEqualTo("partial");
        assertThat(state(report, "services")).as(at).isEqualTo("failed");
        assertThat(reasons(report, "services")).as(at).hasSize(1).first().asString().contains("servicetitan", "services")
                .doesNotContain("Something went wrong");
        assertThat(counts(report, "materials")).as(at).containsEntry("update", 1);
        assertThat(book.row("services", gone)).isEqualTo(before);
        assertThat(book.mark("services")).isEqualTo(mark);
        assertThat(book.count("pricebook.services where st_id = ?", Long.toString(late))).isZero();

        assertThat(counts(book.incremental(), "services")).as("the next run heals it").containsEntry("create", 1);
    }

    @Test
    void whatRefersToAFailedEntityIsLeftOutWithTheReason() {
        book.sandbox.put(Entity.MATERIALS, book.anyOf(Entity.MATERIALS), "{\"cost\": 1.25}");
        List<String> before = book.everythingStored();
        book.sandbox.fault("/categories -> status 500");
        JsonNode report = book.full();
        book.sandbox.clearFaults();
        assertThat(state(report)).isEqualTo("failed");
        assertThat(state(report, "categories")).isEqualTo("failed");
        assertThat(state(report, "materials")).isEqualTo("left-out");
        assertThat(RunningSyncline.entity(report, "materials").path("notPublished").asInt()).as("its update was read and came to nothing").isEqualTo(1);
        assertThat(reasons(report, "materials")).contains("Left out: it refers to categories, which could not be read.");
        assertThat(report.path("failure").asText()).contains("categories: ", "materials: ", "services: ", "equipment: ", "500");
        assertThat(book.everythingStored()).isEqualTo(before);
        assertThat(counts(book.incremental(), "materials")).containsEntry("update", 1);
    }

    @Test
    void whenNothingCanBeReadTheRunFailsWithEachReason() {
        List<String> before = book.everythingStored();
        book.sandbox.fault("* -> status 503");
        JsonNode report = book.full();
        book.sandbox.clearFaults();
        assertThat(state(report)).isEqualTo("failed");
        assertThat(report.path("failure").asText().lines()).hasSize(4).allMatch(line -> line.contains("503"));
        assertThat(book.everythingStored()).isEqualTo(before);
        assertThat(state(book.full())).isEqualTo("published");
    }

    @Test
    void aRecordThatDoesNotFitIsSetAsideAndItsNeighboursGoOn() {
        List<Long> ids = book.sandbox.snapshot(Entity.MATERIALS).keySet().stream().limit(5).toList();
        book.sandbox.put(Entity.MATERIALS, ids.get(0), "{\"cost\": \"a lot\"}");
        book.sandbox.put(Entity.MATERIALS, ids.get(1), "{\"code\": null}");
        book.sandbox.put(Entity.MATERIALS, ids.get(2), "{\"displayName\": \"nul \\u0000 within\"}");
        book.sandbox.put(Entity.MATERIALS, ids.get(3), "{\"taxable\": {\"$ne\": null}, \"cost\": 1e400}");
        book.sandbox.put(Entity.MATERIALS, ids.get(4), "{\"displayName\": \"${camelContext.stop} #{7*7} '; drop table pricebook.materials --\"}");
        JsonNode report = book.incremental();
        assertThat(counts(report, "materials")).as(report.toPrettyString()).containsEntry("rejected", 4).containsEntry("update", 1);
        assertThat(book.columns("materials", ids.get(4), "display_name")).isEqualTo("${camelContext.stop} #{7*7} '; drop table pricebook.materials --");
        assertThat(reason(ids.get(0))).contains("cost");
        assertThat(reason(ids.get(1))).contains("code", "required");
        assertThat(reason(ids.get(2))).contains("display_name");
        assertThat(reason(ids.get(3))).contains("taxable").contains("cost");

        assertThat(counts(book.full(), "materials")).as("a rejected record is not absent").containsEntry("rejected", 4).doesNotContainKey("delete");
        assertThat(open("rejected")).isEqualTo(4);
        for (long id : ids) {
            book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 2, \"code\": \"M" + id + "\", \"displayName\": \"fine\", \"taxable\": true}");
        }
        assertThat(counts(book.incremental(), "materials")).containsEntry("update", 5);
        assertThat(open("rejected")).as("healed entries are closed").isZero();
    }

    @Test
    void aChildWhoseParentIsMissingWaitsAndReturnsWhenItComes() {
        book.sandbox.put(Entity.MATERIALS, 600_001, "{\"code\": \"ORPHAN\", \"categories\": [60001]}");
        book.sandbox.put(Entity.SERVICES, 600_002, "{\"code\": \"FINE\"}");
        JsonNode report = book.incremental();
        assertThat(counts(report, "materials")).containsEntry("parked", 1);
        assertThat(counts(report, "services")).containsEntry("create", 1);
        assertThat(reason(600_001)).contains("waits for categories 60001");
        assertThat(book.count("pricebook.materials where st_id = '600001'")).isZero();

        book.sandbox.clock().advance(Duration.ofHours(3));
        assertThat(counts(book.incremental(), "materials")).as("it is not lost, and nothing new").doesNotContainKey("create");
        assertThat(open("parked")).isOne();

        book.sandbox.clock().advance(Duration.ofHours(3));
        book.sandbox.put(Entity.CATEGORIES, 60_001, "{\"name\": \"Late parent\"}");
        report = book.incremental();
        assertThat(counts(report, "categories")).containsEntry("create", 1);
        assertThat(counts(report, "materials")).as(report.toPrettyString()).containsEntry("create", 1);
        assertThat(open("parked")).isZero();
        assertThat(book.one("select c.st_id from pricebook.materials m join pricebook.categories c on c.row_id = m.category_id_row where m.st_id = '600001'",
                String.class))
                .isEqualTo("60001");
    }

    @Test
    void aChildThatComesTogetherWithItsParentIsNotParked() {
        book.sandbox.put(Entity.CATEGORIES, 60_003, "{\"name\": \"Child\", \"parentId\": 60004}");
        book.sandbox.put(Entity.CATEGORIES, 60_004, "{\"name\": \"Parent\"}");
        book.sandbox.put(Entity.EQUIPMENT, 600_003, "{\"code\": \"BOTH\", \"categories\": [60003]}");
        JsonNode report = book.incremental();
        assertThat(counts(report, "categories")).containsEntry("create", 2);
        assertThat(counts(report, "equipment")).containsEntry("create", 1);
        assertThat(book.one("select p.st_id from pricebook.categories c join pricebook.categories p on p.row_id = c.parent_id_row where c.st_id = '60003'",
                String.class))
                .isEqualTo("60004");
        assertThat(open("parked")).isZero();
    }

    @Test
    void categoriesThatAreTheirOwnAncestorsWaitWithTheWayTheyGo() {
        book.sandbox.put(Entity.CATEGORIES, 61_001, "{\"name\": \"A\", \"parentId\": 61002}");
        book.sandbox.put(Entity.CATEGORIES, 61_002, "{\"name\": \"B\", \"parentId\": 61001}");
        book.sandbox.put(Entity.CATEGORIES, 61_003, "{\"name\": \"Self\", \"parentId\": 61003}");
        book.sandbox.put(Entity.CATEGORIES, 61_004, "{\"name\": \"Below\", \"parentId\": 61001}");
        book.sandbox.put(Entity.SERVICES, 610_005, "{\"code\": \"BELOW\", \"categories\": [61004]}");
        JsonNode report = book.full();
        assertThat(counts(report, "categories")).as(report.toPrettyString()).containsEntry("parked", 4);
        assertThat(counts(report, "services")).containsEntry("parked", 1);
        assertThat(reason(61_001)).contains("is its own ancestor", "61001", "61002");
        assertThat(reason(61_003)).contains("is its own ancestor");
        assertThat(reason(610_005)).contains("waits for categories 61004");

        book.sandbox.clock().advance(Duration.ofHours(2));
        book.sandbox.put(Entity.CATEGORIES, 61_001, "{\"parentId\": null}");
        book.sandbox.put(Entity.CATEGORIES, 61_003, "{\"parentId\": null}");
        report = book.incremental();
        assertThat(counts(report, "categories")).as(report.toPrettyString()).containsEntry("create", 4);
        assertThat(counts(report, "services")).as(report.toPrettyString()).containsEntry("create", 1);
        assertThat(open("parked")).isZero();
    }
}
