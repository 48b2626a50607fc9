package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.run.Mode;
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

import static io.syncline.promises.Verdict.AS_TOLD;
import static io.syncline.promises.Verdict.BACKOFF;
import static io.syncline.promises.Verdict.afterAnotherAttempt;
import static io.syncline.promises.Verdict.fails;
import static io.syncline.promises.Verdict.failsAfterAllAttempts;
import static io.syncline.promises.Verdict.noProof;
import static io.syncline.promises.Verdict.whole;

/**
 * Promises 2, 3, 5, 6, 8, 24 and 30 against everything a source can do to one page of many: each fault, on the first, a middle and the last page, in a full
 * and an incremental run of the whole product. After each cell the source heals, and the next run brings every table to exactly what it says.
 */
class FaultMatrixTest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static FaultMatrix matrix;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder, "timeout: 700ms, attempts: 2, firstWait: 10ms, longestWait: 50ms", Map.of());
        matrix = new FaultMatrix(book);
    }

    @AfterAll
    static void tell() {
        matrix.outcomes().forEach(System.out::println);
        System.out.println(matrix.outcomes().size() + " cells of the fault matrix passed");
        book.close();
    }

    private static final class Cells {
        private final List<DynamicTest> tests = new ArrayList<>();

        void everywhere(String fault, String calls, Verdict verdict) {
            on(fault, calls, verdict, 1, 2, 4);
        }

        void on(String fault, String calls, Verdict verdict, int... pages) {
            for (Mode mode : List.of(Mode.FULL, Mode.INCREMENTAL)) {
                for (int page : pages) {
                    in(mode, fault, calls, verdict, page);
                }
            }
        }

        void in(Mode mode, String fault, String calls, Verdict verdict, int page) {
            String when = "page " + page + (calls.isEmpty() ? "" : " once");
            tests.add(DynamicTest.dynamicTest(mode.word() + ", " + when + ": " + fault, () -> page(mode, fault, calls, verdict, page, when)));
        }

        private static void page(Mode mode, String fault, String calls, Verdict verdict, int page, String when) {
            FaultMatrix.Ground ground = matrix.ground();
            book.sandbox.fault("/materials page=" + page + calls + " -> " + fault);
            JsonNode report = mode == Mode.FULL ? book.full() : book.incrementalSince(LONG_AGO);
            verdict.check(matrix, ground, report, mode == Mode.FULL, page);
            matrix.heal();
            matrix.passed(mode.word(), when, fault, verdict.end().name().toLowerCase(Locale.ROOT));
        }
    }

    @TestFactory
    List<DynamicTest> whatPassesByIsAskedForAgainAndTheRunGoesOn() {
        Cells cells = new Cells();
        for (String fault : List.of("reset", "half-body", "half-chunk", "status 500", "status 502", "status 503", "status 504", "status 408", "status 429",
                "delay 1000", "drip 2000")) {
            cells.everywhere(fault, " call=1", afterAnotherAttempt(BACKOFF));
        }
        for (String fault : List.of("status 429 retry-after 1", "status 429 retry-after-date 5", "status 503 retry-after 1")) {
            cells.everywhere(fault, " call=1", afterAnotherAttempt(AS_TOLD));
        }
        cells.everywhere("status 401", " call=1", afterAnotherAttempt(null));
        cells.everywhere("reset-after", " call=1", whole());
        cells.everywhere("byte-order-mark", "", whole());
        cells.everywhere("duplicate-rows 2", "", whole());
        cells.in(Mode.INCREMENTAL, "since-ignored", "", whole(), 1);
        return cells.tests;
    }

    @TestFactory
    List<DynamicTest> whatDoesNotPassFailsTheEntityWithItsReasonAndNothingElse() {
        Cells cells = new Cells();
        cells.everywhere("reset", "", failsAfterAllAttempts(BACKOFF, "broke off or never came, 2 times"));
        cells.everywhere("half-body", "", failsAfterAllAttempts(BACKOFF, "broke off or never came, 2 times"));
        cells.everywhere("half-chunk", "", failsAfterAllAttempts(BACKOFF, "broke off or never came, 2 times"));
        cells.everywhere("status 500", "", failsAfterAllAttempts(BACKOFF, "answered 500 2 times"));
        cells.everywhere("status 429 retry-after 1", "", failsAfterAllAttempts(AS_TOLD, "answered 429 2 times", "limits how often"));
        cells.on("delay 1000", "", failsAfterAllAttempts(BACKOFF, "no whole answer in time, 2 times"), 2);
        cells.on("drip 2000", "", failsAfterAllAttempts(BACKOFF, "no whole answer in time, 2 times"), 2);
        cells.everywhere("status 401", "", failsAfterAllAttempts(null, "answered 401, we are not let in", "Check the credentials"));
        cells.everywhere("status 403", "", fails("answered 403, we are not let in", "Check the credentials"));
        cells.everywhere("status 400", "", fails("answered 400"));
        cells.everywhere("status 404", "", fails("answered 404, there is nothing there"));
        cells.everywhere("status 302", "", fails("answered 302, a redirect"));
        cells.everywhere("status 204", "", fails("answered 204 instead of 200"));
        return cells.tests;
    }

    @TestFactory
    List<DynamicTest> anAnswerThatCannotBeUnderstoodIsNeverTheEndOfTheData() {
        Cells cells = new Cells();
        cells.everywhere("html", "", fails("is a web page"));
        cells.everywhere("empty-body", "", fails("the answer is empty"));
        cells.everywhere("cut-json", "", fails("stops in the middle"));
        cells.everywhere("foreign-charset", "", fails("calls itself iso-8859-1, but JSON is UTF-8"));
        cells.everywhere("utf16", "", fails("no UTF-8"));
        cells.on("wrong-charset", "", fails("bytes that are no UTF-8"), 4);
        cells.everywhere("null-data", "", fails("data is null, not a list of records"));
        cells.everywhere("null-total", "", fails("totalCount is null, not a number of records"));
        cells.on("repeated-page", "", fails("the same page came again"), 2, 4);
        cells.on("more-forever", "", fails("promises more than the"), 4);
        return cells.tests;
    }

    @TestFactory
    List<DynamicTest> pagesThatDoNotAddUpProveNothing() {
        Cells cells = new Cells();
        cells.on("shift 3", "", noProof("different ones came"), 2, 4);
        cells.on("shift -3", "", noProof("different ones came"), 2, 4);
        cells.on("empty-page", "", noProof("the total moved"), 2, 4);
        return cells.tests;
    }
}
