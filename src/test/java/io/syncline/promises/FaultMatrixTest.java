package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.run.Mode;
import io.syncline.sandbox.Fault;
import io.syncline.sandbox.FaultRule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Verdict.AS_TOLD;
import static io.syncline.promises.Verdict.BACKOFF;
import static io.syncline.promises.Verdict.afterAnotherAttempt;
import static io.syncline.promises.Verdict.fails;
import static io.syncline.promises.Verdict.failsAfterAllAttempts;
import static io.syncline.promises.Verdict.noProof;
import static io.syncline.promises.Verdict.whole;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises 2, 3, 5, 6, 8, 24 and 30 against everything a source can do to one request of many: each fault, on the first, a middle and the last page, when an
 * absence is confirmed, when one record is asked for and when a token is, in full, incremental and single runs of the whole product. After each cell the
 * source heals, and the next run brings every table to exactly what it says.
 */
class FaultMatrixTest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static FaultMatrix matrix;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder, "timeout: 4s, attempts: 2, firstWait: 10ms, longestWait: 50ms", Map.of());
        matrix = new FaultMatrix(book);
    }

    @AfterAll
    static void tell() {
        matrix.outcomes().forEach(System.out::println);
        System.out.println("Fault matrix: " + matrix.outcomes().size() + " cells passed");
        book.close();
    }

    private static final class Cells {
        private final List<DynamicTest> tests = new ArrayList<>();

        void pages(String fault, String calls, Verdict verdict, int... pages) {
            for (Mode mode : List.of(Mode.FULL, Mode.INCREMENTAL)) {
                for (int page : pages.length == 0 ? new int[]{1, 2, 4} : pages) {
                    page(mode, fault, calls, verdict, page);
                }
            }
        }

        void page(Mode mode, String fault, String calls, Verdict verdict, int page) {
            add(mode.word(), "page " + page + (calls.isEmpty() ? "" : ", once"), fault, ground -> {
                book.sandbox.fault("/materials page=" + page + calls + " -> " + fault);
                JsonNode report = mode == Mode.FULL ? book.full() : book.incrementalSince(LONG_AGO);
                verdict.check(matrix, ground, report, mode == Mode.FULL, page);
                return verdict.end().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            });
        }

        void add(String mode, String when, String fault, Function<FaultMatrix.Ground, String> body) {
            tests.add(DynamicTest.dynamicTest(mode + ", " + when + ": " + fault, () -> matrix.cell(mode, when, fault, body)));
        }
    }

    @TestFactory
    List<DynamicTest> whatPassesByIsAskedForAgainAndTheRunGoesOn() {
        Cells cells = new Cells();
        for (String fault : List.of("reset", "half-body", "half-chunk", "status 500", "status 503", "status 429")) {
            cells.pages(fault, " call=1", afterAnotherAttempt(BACKOFF));
        }
        for (String fault : List.of("status 502", "status 504", "status 408", "status 429 retry-after 0", "delay 6000", "drip 9000")) {
            cells.pages(fault, " call=1", afterAnotherAttempt(BACKOFF), 2);
        }
        for (String fault : List.of("status 429 retry-after 1", "status 429 retry-after-date 5")) {
            cells.pages(fault, " call=1", afterAnotherAttempt(AS_TOLD));
        }
        cells.pages("status 503 retry-after 1", " call=1", afterAnotherAttempt(AS_TOLD), 2);
        cells.pages("status 401", " call=1", afterAnotherAttempt(null));
        cells.pages("reset-after", " call=1", whole());
        cells.pages("byte-order-mark", "", whole());
        cells.pages("duplicate-rows 2", "", whole());
        cells.page(Mode.INCREMENTAL, "since-ignored", "", whole(), 1);
        return cells.tests;
    }

    @TestFactory
    List<DynamicTest> whatDoesNotPassFailsTheEntityWithItsReasonAndNothingElse() {
        Cells cells = new Cells();
        cells.pages("reset", "", failsAfterAllAttempts(BACKOFF, "broke off or never came, 2 times"));
        cells.pages("half-body", "", failsAfterAllAttempts(BACKOFF, "broke off or never came, 2 times"));
        cells.pages("half-chunk", "", failsAfterAllAttempts(BACKOFF, "broke off or never came, 2 times"));
        cells.pages("status 500", "", failsAfterAllAttempts(BACKOFF, "answered 500 2 times"));
        cells.pages("status 429 retry-after 1", "", failsAfterAllAttempts(AS_TOLD, "answered 429 2 times", "limits how often"));
        cells.pages("delay 6000", "", failsAfterAllAttempts(BACKOFF, "no whole answer in time, 2 times"), 2);
        cells.pages("drip 9000", "", failsAfterAllAttempts(BACKOFF, "no whole answer in time, 2 times"), 2);
        cells.pages("status 401", "", failsAfterAllAttempts(null, "answered 401, we are not let in", "Check the credentials"));
        cells.pages("status 403", "", fails("answered 403, we are not let in", "Check the credentials"));
        cells.pages("status 400", "", fails("answered 400"), 2);
        cells.pages("status 404", "", fails("answered 404, there is nothing there"));
        cells.page(Mode.FULL, "status 410", "", fails("answered 410, there is nothing there"), 2);
        cells.pages("status 302", "", fails("answered 302, a redirect"), 2);
        cells.pages("status 204", "", fails("answered 204 instead of 200"), 2);
        return cells.tests;
    }

    @TestFactory
    List<DynamicTest> anAnswerThatCannotBeUnderstoodIsNeverTheEndOfTheData() {
        Cells cells = new Cells();
        cells.pages("html", "", fails("is a web page"));
        cells.pages("empty-body", "", fails("the answer is empty"));
        cells.pages("cut-json", "", fails("stops in the middle"));
        cells.pages("foreign-charset", "", fails("calls itself iso-8859-1, but JSON is UTF-8"), 1);
        cells.pages("utf16", "", fails("zero bytes, as UTF-16 does"), 1);
        cells.pages("wrong-charset", "", fails("bytes that are no UTF-8"), 4);
        cells.pages("null-data", "", fails("data is null, not a list of records"));
        cells.pages("null-total", "", fails("totalCount is null, not a number of records"));
        cells.pages("repeated-page", "", fails("the same page came again"), 2);
        cells.pages("repeated-page", "", fails("promises more than the"), 4);
        cells.pages("more-forever", "", fails("promises more than the"), 4);
        cells.pages("shift -3", "", fails("promises more than the"), 4);
        return cells.tests;
    }

    @TestFactory
    List<DynamicTest> pagesThatDoNotAddUpProveNothing() {
        Cells cells = new Cells();
        cells.pages("shift 3", "", noProof("different ones came"), 2, 4);
        cells.pages("shift -3", "", noProof("different ones came"), 2);
        cells.pages("empty-page", "", noProof("the total moved"), 2, 4);
        return cells.tests;
    }

    @TestFactory
    List<DynamicTest> anAbsenceThatIsNotConfirmedIsNoDeletionAndTheOthersGoOn() {
        Cells cells = new Cells();
        for (String fault : List.of("reset", "half-body", "status 500", "status 429 retry-after 1", "status 401")) {
            confirmation(cells, fault, " call=1", null);
        }
        confirmation(cells, "status 404", "", null);
        confirmation(cells, "status 410", "", null);
        confirmation(cells, "reset", "", "broke off or never came");
        confirmation(cells, "drip 9000", "", "no whole answer in time");
        confirmation(cells, "status 500", "", "answered 500 2 times");
        confirmation(cells, "status 429", "", "answered 429 2 times");
        confirmation(cells, "status 400", "", "answered 400");
        confirmation(cells, "status 401", "", "answered 401");
        confirmation(cells, "status 403", "", "answered 403");
        confirmation(cells, "status 302", "", "a redirect");
        confirmation(cells, "html", "", "is a web page");
        confirmation(cells, "empty-body", "", "the answer is empty");
        return cells.tests;
    }

    /** @param unclear what the reason says where the first of two absences cannot be confirmed; null where it can */
    private static void confirmation(Cells cells, String fault, String calls, String unclear) {
        cells.add("full", "confirmation" + (calls.isEmpty() ? "" : ", once"), fault, ground -> {
            long first = ground.removed().get(0);
            book.sandbox.fault("/materials/" + first + calls + " -> " + fault);
            JsonNode report = book.full();
            String at = report.toPrettyString();
            Verdict.neighboursWentOn(book, ground, report);
            assertThat(state(report)).as(at).isEqualTo("published");
            assertThat(counts(report, "materials")).as(at).containsEntry("update", 3).containsEntry("create", 2)
                    .containsEntry("delete", unclear == null ? 2 : 1);
            assertThat(matrix.isDeleted(first)).as(at).isEqualTo(unclear == null);
            assertThat(matrix.isDeleted(ground.removed().get(1))).as("its neighbour: " + at).isTrue();
            assertThat(book.mark("materials")).as(at).isAfter(ground.mark());
            if (unclear != null) {
                assertThat(reasons(report, "materials")).as(at).hasSize(1).first().asString().contains("not taken for deleted", Long.toString(first), unclear);
            }
            return unclear == null ? "deleted" : "not deleted";
        });
    }

    @TestFactory
    List<DynamicTest> aSingleRecordIsReadOrItsRunSaysWhyNot() {
        Cells cells = new Cells();
        for (String fault : List.of("reset", "half-chunk", "status 500", "status 429 retry-after-date 3", "status 401", "drip 9000")) {
            single(cells, fault, " call=1", null);
        }
        single(cells, "byte-order-mark", "", null);
        single(cells, "reset", "", "broke off or never came, 2 times");
        single(cells, "half-body", "", "broke off or never came, 2 times");
        single(cells, "drip 9000", "", "no whole answer in time, 2 times");
        single(cells, "status 503", "", "answered 503 2 times");
        single(cells, "status 429", "", "answered 429 2 times");
        single(cells, "status 401", "", "answered 401, we are not let in");
        single(cells, "status 403", "", "answered 403, we are not let in");
        single(cells, "status 400", "", "answered 400");
        single(cells, "html", "", "is a web page");
        single(cells, "cut-json", "", "stops in the middle");
        single(cells, "empty-body", "", "the answer is empty");
        single(cells, "utf16", "", "zero bytes");
        return cells.tests;
    }

    /** @param failure what the run says where it fails; null where it does not */
    private static void single(Cells cells, String fault, String calls, String failure) {
        cells.add("single", "one record" + (calls.isEmpty() ? "" : ", once"), fault, ground -> {
            long id = ground.updated().get(0);
            book.sandbox.fault("/materials/" + id + calls + " -> " + fault);
            JsonNode report = book.single("materials", id);
            String at = report.toPrettyString();
            assertThat(book.mark("materials")).as(at).isEqualTo(ground.mark());
            if (failure == null) {
                assertThat(state(report)).as(at).isEqualTo("published");
                assertThat(book.columns("materials", id, "cost")).as(at).isEqualTo(Integer.toString(ground.value()));
                return "whole";
            }
            assertThat(state(report)).as(at).isEqualTo("failed");
            assertThat(report.path("failure").asText()).as(at).contains(failure, Long.toString(id)).doesNotContain("Something went wrong");
            assertThat(matrix.stored()).as(at).isEqualTo(ground.stored());
            return "failed";
        });
    }

    @TestFactory
    List<DynamicTest> withoutATokenNothingIsReadAndTheRunSaysSo() {
        Cells cells = new Cells();
        for (String fault : List.of("reset", "half-body", "status 500", "status 429 retry-after 1", "drip 9000")) {
            token(cells, fault, " call=1", null);
        }
        token(cells, "reset", "", "broke off or never came, 2 times");
        token(cells, "status 503", "", "answered 503 2 times");
        token(cells, "status 400", "", "answered 400, we are not let in");
        token(cells, "status 401", "", "answered 401, we are not let in");
        token(cells, "html", "", "is no JSON");
        token(cells, "empty-body", "", "holds no token");
        token(cells, "cut-json", "", "is no JSON");
        return cells.tests;
    }

    /** @param failure what the run says where it fails; null where it does not */
    private static void token(Cells cells, String fault, String calls, String failure) {
        cells.add("full", "token" + (calls.isEmpty() ? "" : ", once"), fault, ground -> {
            List<String> stored = book.everythingStored();
            book.sandbox.expireTokens();
            book.sandbox.fault("/connect/token" + calls + " -> " + fault);
            JsonNode report = book.full();
            String at = report.toPrettyString();
            if (failure == null) {
                assertThat(state(report)).as(at).isEqualTo("published");
                matrix.assertExactlyTheSource();
                return "whole";
            }
            assertThat(state(report)).as(at).isEqualTo("failed");
            assertThat(report.path("failure").asText().lines()).as(at).hasSize(4).allMatch(line -> line.contains("for a token: ") && line.contains(failure));
            assertThat(book.everythingStored()).as(at).isEqualTo(stored);
            return "failed";
        });
    }

    @TestFactory
    List<DynamicTest> aTokenThatEndsInTheMiddleIsRenewedOnce() {
        Cells cells = new Cells();
        for (int page : new int[]{1, 2, 4}) {
            cells.add("full", "page " + page, "token expires", ground -> {
                book.sandbox.fault(FaultRule.on("/materials", new Fault.Act(book.sandbox::expireTokens)).page(page).call(1));
                JsonNode report = book.full();
                assertThat(state(report)).as(report.toPrettyString()).isEqualTo("published");
                matrix.assertExactlyTheSource();
                assertThat(matrix.asked("/connect/token", "")).as("one renewal serves all").isEqualTo(1);
                return "whole";
            });
        }
        cells.add("full", "page 2", "token expires, none is given", ground -> {
            book.sandbox.fault("/connect/token -> status 400");
            book.sandbox.fault(FaultRule.on("/materials", new Fault.Act(book.sandbox::expireTokens)).page(2).call(1));
            JsonNode report = book.full();
            String at = report.toPrettyString();
            assertThat(state(report, "materials")).as(at).isEqualTo("failed");
            assertThat(reasons(report, "materials")).as(at).first().asString().contains("for a token: answered 400, we are not let in",
                    "Check the credentials");
            assertThat(matrix.stored()).as(at).isEqualTo(ground.stored());
            return "failed";
        });
        return cells.tests;
    }
}
