package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.List;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a run is expected to make of a fault on one page of materials.
 *
 * @param end      how it ends for materials
 * @param requests how often the struck page is asked for
 * @param pause    what the log says of the wait before it is asked again, as a pattern; null where it is not
 * @param words    what the reason says
 */
record Verdict(End end, int requests, String pause, List<String> words) {
    static final String BACKOFF = "in 0\\.0(0[5-9]|10) s";
    static final String AS_TOLD = "in 0\\.05 s";

    enum End {
        /** As if nothing had happened. */
        WHOLE,
        /** Materials stay as they were, their neighbours go on. */
        FAILED,
        /** What came is taken over, but nothing is taken for deleted and the watermark stays. */
        NO_PROOF
    }

    static Verdict whole() {
        return new Verdict(End.WHOLE, 1, null, List.of());
    }

    static Verdict afterAnotherAttempt(String pause) {
        return new Verdict(End.WHOLE, 2, pause, List.of());
    }

    static Verdict fails(String... words) {
        return new Verdict(End.FAILED, 1, null, List.of(words));
    }

    static Verdict failsAfterAllAttempts(String pause, String... words) {
        return new Verdict(End.FAILED, 2, pause, List.of(words));
    }

    static Verdict noProof(String... words) {
        return new Verdict(End.NO_PROOF, 1, null, List.of(words));
    }

    void check(FaultMatrix matrix, FaultMatrix.Ground ground, JsonNode report, boolean whole, int page) {
        String at = report.toPrettyString();
        // A late answer is in the journal only when it has been given.
        Pricebook.until(() -> matrix.asked("/materials", "&page=" + page + "&") >= requests);
        assertThat(matrix.asked("/materials", "&page=" + page + "&")).as("requests for page " + page + ": " + matrix.journal()).isEqualTo(requests);
        String struck = ".*GET .*/materials" + (page == 1 ? "" : ", page " + page) + " is asked again in .*";
        List<String> waits = matrix.waits().stream().filter(line -> line.matches(struck)).toList();
        if (pause != null) {
            assertThat(waits).as("waits").hasSize(1).allMatch(line -> line.matches(".*" + pause + ", attempt 2 of 2"));
        } else {
            assertThat(waits).as("waits").isEmpty();
        }
        assertThat(at).doesNotContain("Back soon", "Scheduled maintenance", "could not be served", "Something went wrong", "sandbox-client");
        neighboursWentOn(matrix.book, ground, report);
        switch (end) {
            case WHOLE -> assertWhole(matrix, ground, report, whole);
            case FAILED -> assertFailed(matrix, ground, report);
            case NO_PROOF -> assertNoProof(words, matrix, ground, report);
        }
    }

    static void neighboursWentOn(Pricebook book, FaultMatrix.Ground ground, JsonNode report) {
        String at = report.toPrettyString();
        for (String entity : List.of("categories", "services", "equipment")) {
            assertThat(state(report, entity)).as(at).isEqualTo("published");
        }
        assertThat(book.columns("services", ground.service(), "price")).as(at).isEqualTo(Integer.toString(ground.value()));
        assertThat(book.columns("equipment", ground.equipment(), "price")).as(at).isEqualTo(Integer.toString(ground.value()));
        assertThat(book.mark("services")).as(at).isAfter(ground.mark());
    }

    private static void assertWhole(FaultMatrix matrix, FaultMatrix.Ground ground, JsonNode report, boolean whole) {
        String at = report.toPrettyString();
        assertThat(state(report)).as(at).isEqualTo("published");
        assertThat(counts(report, "materials")).as(at).containsEntry("update", ground.updated().size()).containsEntry("create", 2);
        assertThat(counts(report, "materials").get("delete")).as(at).isEqualTo(whole ? 2 : null);
        Instant now = matrix.book.sandbox.clock().now();
        assertThat(matrix.book.mark("materials")).as(at).isBetween(now.minusSeconds(5), now);
        if (whole) {
            matrix.assertExactlyTheSource();
        } else {
            assertThat(matrix.isDeleted(ground.removed().get(0))).as("changes prove no absence").isFalse();
        }
    }

    private void assertFailed(FaultMatrix matrix, FaultMatrix.Ground ground, JsonNode report) {
        String at = report.toPrettyString();
        assertThat(state(report)).as(at).isEqualTo("partial");
        assertThat(state(report, "materials")).as(at).isEqualTo("failed");
        // Promise 30: what failed, which request, what to do.
        assertThat(reasons(report, "materials")).as(at).hasSize(1).first().asString()
                .startsWith("servicetitan: GET /pricebook/v2/tenant/${SERVICETITAN_TENANT}/materials").contains(words).matches("(?s).*\\. [A-Z].*\\.");
        assertThat(matrix.stored()).as(at).isEqualTo(ground.stored());
        assertThat(matrix.book.mark("materials")).as(at).isEqualTo(ground.mark());
    }

    static void assertNoProof(List<String> words, FaultMatrix matrix, FaultMatrix.Ground ground, JsonNode report) {
        String at = report.toPrettyString();
        assertThat(state(report)).as(at).isEqualTo("published");
        assertThat(counts(report, "materials")).as(at).doesNotContainKeys("delete", "held");
        assertThat(String.join(" ", reasons(report, "materials"))).as(at).containsIgnoringCase("the watermark stays where it was").contains(words);
        assertThat(matrix.book.mark("materials")).as(at).isEqualTo(ground.mark());
    }
}
