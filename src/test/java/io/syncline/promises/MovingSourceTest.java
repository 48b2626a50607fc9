package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.Fault;
import io.syncline.sandbox.FaultRule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/** The fault matrix, continued: a source that moves while it is read, whose records change their form, whose clock is wrong, or that is suddenly empty. */
class MovingSourceTest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static FaultMatrix matrix;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder, "timeout: 20s, attempts: 2, firstWait: 10ms, longestWait: 50ms", Map.of());
        matrix = new FaultMatrix(book);
    }

    @AfterAll
    static void tell() {
        matrix.outcomes().forEach(System.out::println);
        System.out.println("Fault matrix: " + matrix.outcomes().size() + " cells of a moving source passed");
        book.close();
    }

    private static JsonNode run(Mode mode) {
        return mode == Mode.FULL ? book.full() : book.incrementalSince(LONG_AGO);
    }

    private static void before(int page, Runnable act) {
        book.sandbox.fault(FaultRule.on("/materials", new Fault.Act(act)).page(page).call(1));
    }

    private static long at(int index) {
        return List.copyOf(book.sandbox.snapshot(Entity.MATERIALS).keySet()).get(index);
    }

    private static void assertReadsThemAgain(JsonNode report, FaultMatrix.Ground ground, String... words) {
        Verdict.neighboursWentOn(book, ground, report);
        Verdict.assertNoProof(List.of(words), matrix, ground, report);
    }

    /** One goes from a page already read and one comes at the end: the total stays, the count fits, and yet a record slipped through between two pages. */
    @Test
    void whatSlippedFromPagesThatAddUpIsAskedForAndNotDeleted() {
        matrix.cell("full", "page 2", "one goes, one comes", ground -> {
            long slipping = at(10);
            book.sandbox.put(Entity.MATERIALS, slipping, "{\"active\": true, \"cost\": 77}");
            assertThat(state(book.full())).isEqualTo("published");
            book.sandbox.put(Entity.MATERIALS, slipping, "{\"cost\": 78}");
            Instant mark = book.mark("materials");
            book.sandbox.clock().advance(Duration.ofMinutes(1));
            book.sandbox.clearJournal();
            before(2, () -> {
                book.sandbox.remove(Entity.MATERIALS, at(0));
                book.sandbox.put(Entity.MATERIALS, 990_001, "{\"code\": \"CAME\"}");
            });
            JsonNode report = book.full();
            String at = report.toPrettyString();
            assertThat(matrix.asked("/materials/" + slipping, "")).as("asked for: " + at).isEqualTo(1);
            assertThat(matrix.isDeleted(slipping)).isFalse();
            assertThat(book.columns("materials", slipping, "cost")).as("and judged like any other: " + at).isEqualTo("78");
            assertThat(reasons(report, "materials")).as(at).anySatisfy(reason -> assertThat(reason).contains("came when asked for", "pages moved"));
            assertThat(book.mark("materials")).as("whoever slipped unseen is read again").isEqualTo(mark);
            return "no proof";
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "INCREMENTAL"})
    void aRecordThatComesWhilePagesAreReadProvesNothing(Mode mode) {
        matrix.cell(mode.word(), "page 2", "a record comes", ground -> {
            before(2, () -> book.sandbox.put(Entity.MATERIALS, 7_001, "{\"code\": \"BEFORE ALL\"}"));
            assertReadsThemAgain(run(mode), ground, "the total moved");
            book.sandbox.remove(Entity.MATERIALS, 7_001);
            return "no proof";
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "INCREMENTAL"})
    void aRecordThatGoesWhilePagesAreReadProvesNothing(Mode mode) {
        matrix.cell(mode.word(), "page 3", "a record goes", ground -> {
            before(3, () -> book.sandbox.remove(Entity.MATERIALS, at(5)));
            assertReadsThemAgain(run(mode), ground, "the total moved");
            return "no proof";
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "INCREMENTAL"})
    void aRecordModifiedWhilePagesAreReadIsReadAgainByTheNextRun(Mode mode) {
        matrix.cell(mode.word(), "page 3", "a record is modified", ground -> {
            long id = ground.updated().get(0);
            before(3, () -> book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 4711}"));
            assertThat(state(run(mode))).isEqualTo("published");
            assertThat(book.columns("materials", id, "cost")).as("its page had gone by").isEqualTo(Integer.toString(ground.value()));
            book.sandbox.clock().advance(Duration.ofHours(1));
            assertThat(counts(book.incremental(), "materials")).as("the mark was fixed before").containsEntry("update", 1);
            assertThat(book.columns("materials", id, "cost")).isEqualTo("4711");
            return "whole";
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void whateverMovesNothingIsInventedAndTheNextRunHeals(int seed) {
        Mode mode = seed % 2 == 0 ? Mode.FULL : Mode.INCREMENTAL;
        matrix.cell(mode.word(), "page " + (1 + seed % 3), "mutate " + seed + " 8", ground -> {
            book.sandbox.fault("/materials page=" + (1 + seed % 3) + " call=1 -> mutate " + seed + " 8");
            JsonNode report = run(mode);
            assertThat(state(report)).as(report.toPrettyString()).isIn("published", "partial");
            List<String> deleted = book.sql().sql("select st_id from pricebook.materials where deleted_at is not null").query(String.class).list();
            assertThat(deleted).as(report.toPrettyString()).allSatisfy(key -> assertThat(book.sandbox.record(Entity.MATERIALS, Long.parseLong(key)))
                    .as(key).matches(record -> record.isEmpty() || !record.get().path("active").asBoolean()));
            return state(report, "materials");
        });
    }

    @Test
    void manyRecordsOfOneMomentAcrossPagesAllCome() {
        matrix.cell("incremental", "three pages", "25 changed in one moment", ground -> {
            assertThat(state(book.full())).isEqualTo("published");
            book.sandbox.clock().advance(Duration.ofHours(1));
            List<Long> ids = book.sandbox.snapshot(Entity.MATERIALS).keySet().stream().limit(25).toList();
            ids.forEach(id -> book.sandbox.put(Entity.MATERIALS, id, "{\"active\": true, \"cost\": 8.5}"));
            assertThat(counts(book.incremental(), "materials").values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(25);
            assertThat(book.count("pricebook.materials_live where cost = 8.5")).isEqualTo(25);
            book.sandbox.put(Entity.MATERIALS, at(30), "{\"active\": true, \"cost\": 8.5}");
            book.incremental();
            assertThat(book.count("pricebook.materials_live where cost = 8.5")).as("one more of the same moment, seen late").isEqualTo(26);
            return "whole";
        });
    }

    @Test
    void aTimeThatIsStillToComeDoesNotCarryTheMarkAway() {
        matrix.cell("incremental", "one record", "modified tomorrow", ground -> {
            long id = ground.updated().get(0);
            Instant tomorrow = book.sandbox.clock().now().plus(Duration.ofDays(1));
            book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 31, \"modifiedOn\": \"" + tomorrow + "\"}");
            book.incremental();
            assertThat(book.columns("materials", id, "cost")).isEqualTo("31");
            assertThat(book.mark("materials")).isBefore(tomorrow);
            book.sandbox.clock().advance(Duration.ofMinutes(5));
            book.sandbox.put(Entity.MATERIALS, ground.updated().get(1), "{\"cost\": 32}");
            assertThat(counts(book.incremental(), "materials")).containsEntry("update", 1);
            book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 33, \"modifiedOn\": \"" + tomorrow + "\"}");
            assertThat(counts(book.incremental(), "materials")).as("the same time says nothing about what is older").containsEntry("update", 1);
            book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 34}");
            assertThat(counts(book.incremental(), "materials")).as("nor does one that is still to come").containsEntry("update", 1);
            return "whole";
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.25", "\"7.25\"", "\"dear\"", "{\"amount\": 7.25}", "[7.25]", "true"})
    void aFieldThatChangesItsTypeInOneRecordSetsThatRecordAsideOrIsReadAsItIsMeant(String value) {
        boolean fits = value.contains("7.25") && !value.contains("{") && !value.contains("[");
        matrix.cell("incremental", "one record", "price: " + value, ground -> {
            long id = ground.updated().get(0);
            book.sandbox.put(Entity.MATERIALS, id, "{\"price\": " + value + "}");
            JsonNode report = book.incremental();
            String at = report.toPrettyString();
            Verdict.neighboursWentOn(book, ground, report);
            assertThat(counts(report, "materials")).as(at).containsEntry("update", fits ? 3 : 2).containsEntry("create", 2);
            assertThat(counts(report, "materials").getOrDefault("rejected", 0)).as(at).isEqualTo(fits ? 0 : 1);
            assertThat(book.mark("materials")).as("its outcome is final: " + at).isAfter(ground.mark());
            book.sandbox.put(Entity.MATERIALS, id, "{\"price\": 9}");
            return fits ? "whole" : "set aside";
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"without-field code", "field-as-object price", "field-as-object code"})
    void whereNotOneRecordFitsTheMarkStaysAndTheRunDoesNotCallItselfWhole(String fault) {
        for (Mode mode : List.of(Mode.FULL, Mode.INCREMENTAL)) {
            matrix.cell(mode.word(), "every page", fault, ground -> {
                book.sandbox.fault("/materials -> " + fault);
                JsonNode report = run(mode);
                String at = report.toPrettyString();
                Verdict.neighboursWentOn(book, ground, report);
                assertThat(state(report)).as(at).isEqualTo("partial");
                assertThat(counts(report, "materials")).as(at).containsEntry("rejected", RunningSyncline.entity(report, "materials").path("delivered").asInt());
                assertThat(reasons(report, "materials")).as(at).anySatisfy(reason -> assertThat(reason).contains("None of the", "watermark stays"));
                assertThat(book.mark("materials")).as(at).isEqualTo(ground.mark());
                book.sandbox.clearFaults();
                assertThat(counts(book.incremental(), "materials")).as("what changed meanwhile is read again").containsEntry("update", 3)
                        .containsEntry("create", 2);
                return "set aside, to be read again";
            });
        }
    }

    @Test
    void aRequiredFieldThatIsGoneFromOnePageSetsItsRecordsAside() {
        matrix.cell("full", "page 2", "without-field code", ground -> {
            book.sandbox.fault("/materials page=2 -> without-field code");
            JsonNode report = book.full();
            String at = report.toPrettyString();
            Verdict.neighboursWentOn(book, ground, report);
            assertThat(counts(report, "materials")).as(at).containsEntry("rejected", 10).containsEntry("update", 2).containsEntry("delete", 2);
            assertThat(matrix.isDeleted(ground.updated().get(1))).as("set aside is not absent").isFalse();
            return "set aside";
        });
    }

    @Test
    void anOptionalFieldThatIsGoneIsEmptyAndHistoryKeepsIt() {
        matrix.cell("full", "every page", "without-field cost", ground -> {
            long id = ground.updated().get(0);
            String was = book.columns("materials", id, "cost");
            book.sandbox.fault("/materials -> without-field cost");
            JsonNode report = book.full();
            assertThat(state(report)).isEqualTo("published");
            assertThat(book.columns("materials", id, "cost")).isEmpty();
            assertThat(book.count("pricebook.materials_history where st_id = ? and document::jsonb ->> 'cost' = ?", Long.toString(id), was)).isEqualTo(1);
            return "whole";
        });
    }

    @Test
    void anEmptyAnswerToAWholeReadHoldsEveryDelete() {
        matrix.cell("full", "page 1", "empty-page", ground -> {
            long live = book.count("pricebook.materials_live");
            book.sandbox.fault("/materials -> empty-page");
            JsonNode report = book.full();
            String at = report.toPrettyString();
            Verdict.neighboursWentOn(book, ground, report);
            assertThat(counts(report, "materials")).as(at).containsOnlyKeys("held");
            assertThat(book.count("pricebook.materials_live")).as(at).isEqualTo(live);
            assertThat(book.mark("materials")).as(at).isEqualTo(ground.mark());
            return "held";
        });
    }

    @Test
    void anEmptyAnswerAboutChangesMeansThatThereAreNone() {
        matrix.cell("incremental", "page 1", "no changes", ground -> {
            book.full();
            book.sandbox.clock().advance(Duration.ofHours(1));
            JsonNode report = book.incremental();
            assertThat(counts(report, "materials")).isEmpty();
            assertThat(book.mark("materials")).isAfter(ground.mark());
            return "whole";
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "INCREMENTAL"})
    void nobodyThereFailsWhatWasNotReadYet(Mode mode) {
        matrix.cell(mode.word(), "page 2", "connect refused", ground -> {
            book.sandbox.fault("/materials page=2 call=1 -> outage 60000");
            JsonNode report = run(mode);
            String at = report.toPrettyString();
            assertThat(state(report)).as(at).isIn("partial", "failed");
            assertThat(reasons(report, "materials")).as(at).hasSize(1).first().asString()
                    .containsPattern("(nobody answers there|broke off or never came), 2 times").contains("Check that the system is up");
            assertThat(matrix.stored()).as(at).isEqualTo(ground.stored());
            assertThat(book.mark("materials")).as(at).isEqualTo(ground.mark());
            return "failed";
        });
    }

    @Test
    void nobodyThereAnyMoreConfirmsNoAbsence() {
        matrix.cell("full", "confirmation", "connect refused", ground -> {
            book.sandbox.fault("/materials/" + ground.removed().get(0) + " call=1 -> outage 60000");
            JsonNode report = book.full();
            assertThat(matrix.isDeleted(ground.removed().get(0))).as(report.toPrettyString()).isFalse();
            return "not deleted";
        });
    }

    @Test
    void nobodyThereForATokenFailsTheRun() {
        matrix.cell("full", "token", "connect refused", ground -> {
            List<String> stored = book.everythingStored();
            book.sandbox.expireTokens();
            book.sandbox.fault("/connect/token call=1 -> outage 60000");
            JsonNode report = book.full();
            assertThat(state(report)).as(report.toPrettyString()).isEqualTo("failed");
            assertThat(report.path("failure").asText()).containsPattern("for a token: (nobody answers there|broke off or never came), 2 times");
            assertThat(book.everythingStored()).isEqualTo(stored);
            return "failed";
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aSourceWhoseClockIsAnHourOffIsReadByItsOwnClock(int hours) {
        matrix.cell("incremental", "clock", (hours > 0 ? "+" : "") + hours + " h to ours", ground -> {
            // The sandbox's clock stands months away from ours already; an hour more or less must not matter either.
            book.full();
            book.sandbox.clock().set(Instant.now().plus(Duration.ofHours(hours)).plus(Duration.ofDays(1000 + 10 * hours)));
            book.full();
            book.sandbox.clock().advance(Duration.ofMinutes(1));
            book.sandbox.put(Entity.MATERIALS, ground.updated().get(1), "{\"cost\": " + (50 + hours) + "}");
            book.sandbox.clock().advance(Duration.ofMinutes(1));
            assertThat(counts(book.incremental(), "materials")).containsEntry("update", 1);
            assertThat(book.mark("materials")).isBetween(book.sandbox.clock().now().minusSeconds(5), book.sandbox.clock().now());
            return "whole";
        });
    }

    @Test
    void aSourceWhoseClockWasSetBackIsNotBelievedToHaveNoChanges() {
        matrix.cell("incremental", "clock", "set back by 1 h", ground -> {
            book.sandbox.clock().advance(Duration.ofHours(1));
            book.full();
            book.sandbox.clock().advance(Duration.ofHours(-1));
            book.sandbox.put(Entity.MATERIALS, at(15), "{\"cost\": 61}");
            assertReadInFull("set back behind the watermark");
            book.sandbox.put(Entity.MATERIALS, at(15), "{\"cost\": 62}");
            assertThat(counts(book.incremental(), "materials")).containsEntry("update", 1);
            return "read in full";
        });
    }

    @Test
    void aSourceThatKeepsItsChangesNoLongerIsNotBelievedToHaveNone() {
        matrix.cell("incremental", "page 1", "since-expired", ground -> {
            book.sandbox.fault("/materials -> since-expired");
            assertReadInFull("410");
            return "read in full";
        });
    }

    /** Changes alone cannot be asked for, so everything is read in the same run. */
    private static void assertReadInFull(String reason) {
        JsonNode report = book.incremental();
        String at = report.toPrettyString();
        assertThat(reasons(report, "materials")).as(at).anySatisfy(told -> assertThat(told).contains(reason));
        assertThat(state(report, "materials")).as(at).isEqualTo("published");
        matrix.assertExactlyTheSource();
    }
}
