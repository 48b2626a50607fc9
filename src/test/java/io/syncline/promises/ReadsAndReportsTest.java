package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.run.Mode;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.KeptWaiting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/** Promises 2, 3 and 10 through the whole product: what a run reads, where the mark goes, what the report says. */
class ReadsAndReportsTest {
    @TempDir
    private static Path folder;
    private static Pricebook book;

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
        book.sandbox.clearFaults();
        book.sandbox.clock().advance(Duration.ofHours(1));
        assertThat(state(book.full())).isEqualTo("published");
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.clearJournal();
    }

    @Test
    void aFullRunCountsEverythingTheSourceHas() {
        JsonNode report = book.full();
        for (Entity entity : Entity.values()) {
            assertThat(counts(report, entity.path())).isEqualTo(Map.of("unchanged", book.sandbox.snapshot(entity).size()));
        }
        assertThat(report.path("snapshot").path("changes").asInt()).isZero();
    }

    @Test
    void anIncrementalRunReadsOnlyWhatChanged() {
        long id = book.anyOf(Entity.MATERIALS);
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 77.25}");
        Instant before = book.mark("materials");
        JsonNode report = book.incremental();
        assertThat(counts(report, "materials")).isEqualTo(Map.of("update", 1));
        assertThat(counts(report, "services")).isEmpty();
        // Promise 2: asked for with the overlap, stored without.
        assertThat(book.asked("/materials")).hasSize(1).first().asString().contains("modifiedOnOrAfter=" + before.minus(Duration.ofMinutes(1)).toString()
                .replace(":", "%3A"));
        assertMark("materials", book.sandbox.clock().now());
    }

    /** The source tells its time in whole seconds, so the mark is at most a little early, never late. */
    private static void assertMark(String entity, Instant time) {
        assertThat(book.mark(entity)).isBetween(time.minusSeconds(5), time);
    }

    @Test
    void theMarkIsTheStartOfTheRunAndWhatChangesMeanwhileIsReadNextTime() {
        Instant start = book.sandbox.clock().now();
        KeptWaiting reader = new KeptWaiting();
        book.sandbox.fault(FaultRule.on("/materials", reader.fault()).page(2));
        CompletableFuture<JsonNode> run = CompletableFuture.supplyAsync(book::full);
        reader.awaitAsked();
        book.sandbox.clock().advance(Duration.ofMinutes(30));
        long first = book.sandbox.snapshot(Entity.MATERIALS).firstKey();
        book.sandbox.put(Entity.MATERIALS, first, "{\"cost\": 12.75}");
        reader.letGo();
        run.join();
        assertMark("materials", start);
        assertThat(counts(book.incremental(), "materials")).containsEntry("update", 1);
    }

    @Test
    void aRecordChangedInTheVeryMomentOfTheMarkIsNotLost() {
        JsonNode first = book.incremental();
        assertThat(counts(first, "materials")).isEmpty();
        long id = book.anyOf(Entity.MATERIALS);
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 3.5}");
        assertThat(counts(book.incremental(), "materials")).isEqualTo(Map.of("update", 1));
        assertThat(counts(book.incremental(), "materials")).isEqualTo(Map.of("unchanged", 1));
    }

    @Test
    void theMarkDoesNotMoveOverWhatAGivenSinceLeftOut() {
        Instant before = book.mark("materials");
        book.sandbox.put(Entity.MATERIALS, book.anyOf(Entity.MATERIALS), "{\"cost\": 55.5}");
        book.sandbox.clock().advance(Duration.ofHours(2));
        assertThat(counts(book.incrementalSince(book.sandbox.clock().now().minusSeconds(1)), "materials")).isEmpty();
        assertThat(book.mark("materials")).isEqualTo(before);
        assertThat(counts(book.incremental(), "materials")).isEqualTo(Map.of("update", 1));
        Instant now = book.sandbox.clock().now();
        assertMark("materials", now);
        book.sandbox.clock().advance(Duration.ofHours(2));
        book.incrementalSince(before);
        // All that the mark covers was read.
        assertMark("materials", now.plus(Duration.ofHours(2)));
    }

    @Test
    void theMarkOfAFailedEntityStaysAndItsChangesComeWithTheNextRun() {
        Instant before = book.mark("services");
        book.sandbox.put(Entity.SERVICES, book.anyOf(Entity.SERVICES), "{\"price\": 41.5}");
        book.sandbox.fault("/services -> status 500");
        assertThat(state(book.incremental())).isEqualTo("partial");
        assertThat(book.mark("services")).isEqualTo(before);
        assertMark("materials", book.sandbox.clock().now());
        book.sandbox.clearFaults();
        assertThat(counts(book.incremental(), "services")).isEqualTo(Map.of("update", 1));
    }

    @Test
    void aSingleRecordIsReadWhateverBecameOfIt() {
        long id = book.anyOf(Entity.EQUIPMENT);
        Instant mark = book.mark("equipment");
        assertThat(counts(book.single("equipment", id), "equipment")).isEqualTo(Map.of("unchanged", 1));
        book.sandbox.put(Entity.EQUIPMENT, id, "{\"price\": 1234.5}");
        assertThat(counts(book.single("equipment", id), "equipment")).isEqualTo(Map.of("update", 1));
        book.sandbox.put(Entity.EQUIPMENT, 987_654, "{\"code\": \"NEW\"}");
        assertThat(counts(book.single("equipment", 987_654), "equipment")).isEqualTo(Map.of("create", 1));
        book.sandbox.remove(Entity.EQUIPMENT, 987_654);
        assertThat(counts(book.single("equipment", 987_654), "equipment")).isEqualTo(Map.of("delete", 1));
        assertThat(counts(book.single("equipment", 987_654), "equipment")).isEqualTo(Map.of("unchanged", 1));
        JsonNode unknown = book.single("equipment", 123_123);
        assertThat(counts(unknown, "equipment")).isEmpty();
        assertThat(reasons(unknown, "equipment")).containsExactly("The source has no equipment record 123123, and neither have we.");
        assertThat(book.mark("equipment")).as("a single record moves no mark").isEqualTo(mark);
    }

    @Test
    void aSingleRecordThatTheSourceCannotShowFailsAndChangesNothing() {
        long id = book.anyOf(Entity.EQUIPMENT);
        book.sandbox.fault("/equipment/" + id + " -> status 403");
        List<String> before = book.everythingStored();
        JsonNode report = book.single("equipment", id);
        assertThat(state(report)).isEqualTo("failed");
        assertThat(report.path("failure").asText()).contains("equipment", "403");
        assertThat(book.everythingStored()).isEqualTo(before);
    }

    @Test
    void aDryRunSaysWhatARunWouldDoAndDoesNothing() {
        book.sandbox.mutate(4711, 25);
        book.sandbox.put(Entity.MATERIALS, book.anyOf(Entity.MATERIALS), "{\"code\": null}");
        book.sandbox.put(Entity.MATERIALS, 555_001, "{\"categories\": [404404]}");
        List<String> before = book.everythingStored();
        long snapshots = book.count("syncline.snapshot");
        JsonNode dry = book.dry(Mode.FULL);
        assertThat(state(dry)).isEqualTo("planned");
        assertThat(dry.has("snapshot")).isFalse();
        assertThat(book.everythingStored()).isEqualTo(before);
        assertThat(book.count("syncline.snapshot")).isEqualTo(snapshots);
        until(() -> book.stagedRows() == 0);
        JsonNode real = book.full();
        for (Entity entity : Entity.values()) {
            assertThat(counts(real, entity.path())).isEqualTo(counts(dry, entity.path()));
        }
        assertThat(counts(real, "materials")).containsEntry("parked", 1).containsKey("rejected");
        book.sandbox.put(Entity.MATERIALS, book.anyOf(Entity.MATERIALS), "{\"code\": \"HEALED\"}");
        book.sandbox.remove(Entity.MATERIALS, 555_001);
    }

    /** Pages drift while the data changes: what is shown twice is counted once as what it is, in a dry run as in a real one. */
    @Test
    void aDryRunCountsARecordShownTwiceLikeARealRun() {
        for (long id : book.sandbox.snapshot(Entity.SERVICES).keySet()) {
            book.sandbox.put(Entity.SERVICES, id, "{\"price\": " + (9_000 + id % 100) + "}");
        }
        book.sandbox.fault("/services page=2 -> shift -3");
        JsonNode dry = book.dry(Mode.INCREMENTAL);
        JsonNode real = book.incremental();
        assertThat(counts(real, "services")).containsEntry("stale", 3).isEqualTo(counts(dry, "services"));
    }

    @Test
    void aRunOfOneEntityLeavesTheOthersAlone() {
        book.sandbox.put(Entity.SERVICES, book.anyOf(Entity.SERVICES), "{\"price\": 17.75}");
        book.sandbox.put(Entity.MATERIALS, book.anyOf(Entity.MATERIALS), "{\"cost\": 17.75}");
        Instant mark = book.mark("services");
        JsonNode report = book.run(Mode.INCREMENTAL, false, null, "materials", null);
        assertThat(report.path("entities")).hasSize(1);
        assertThat(counts(report, "materials")).isEqualTo(Map.of("update", 1));
        assertThat(book.mark("services")).isEqualTo(mark);
        assertThat(counts(book.incremental(), "services")).isEqualTo(Map.of("update", 1));
    }

    @Test
    void aRepeatedRunTouchesNoRow() {
        book.full();
        book.incremental();
        List<String> rows = book.everythingStored().stream().filter(row -> !row.startsWith("syncline.watermark")).toList();
        book.full();
        book.incremental();
        book.single("materials", book.anyOf(Entity.MATERIALS));
        assertThat(book.everythingStored().stream().filter(row -> !row.startsWith("syncline.watermark")).toList()).isEqualTo(rows);
    }
}
