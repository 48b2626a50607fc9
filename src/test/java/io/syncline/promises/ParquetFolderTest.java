package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/** The shipped caseload of Parquet files, as a newcomer drops them. */
class ParquetFolderTest {
    private static final Path FIRST = Path.of("demo/caseload/caseload-2026-11-01.parquet");
    private static final Path NEXT = Path.of("demo/caseload-2026-11-02.parquet");

    @TempDir
    private Path folder;

    private RunningSyncline start(Path drop) throws IOException {
        for (String file : List.of("systems/sap_files.yaml", "syncs/caseload_files.yaml")) {
            Files.createDirectories(folder.resolve("config").resolve(file).getParent());
            Files.copy(Path.of("config").resolve(file), folder.resolve("config").resolve(file));
        }
        return RunningSyncline.start(folder.resolve("config"), TestPostgres.url(), Map.of("SAP_FILES_DIRECTORY", drop.toString()));
    }

    private static String text(RunningSyncline syncline, String query) {
        return syncline.sql().sql(query).query(String.class).single();
    }

    @Test
    void aDroppedFileIsTheCaseloadAndTheNextOneChangesIt() throws IOException {
        Path drop = Files.createDirectory(folder.resolve("drop"));
        Files.copy(FIRST, drop.resolve("caseload-2026-11-01.parquet"));
        try (RunningSyncline syncline = start(drop)) {
            JsonNode report = syncline.full("caseload_files");
            assertThat(counts(report, "cases")).as(report.toPrettyString()).isEqualTo(Map.of("create", 400));
            assertThat(text(syncline, "select concat_ws('|', title, status, person_name, street, city, due_on, claim_amount, urgent, items) "
                    + "from caseload_files.cases_live where sap_id = '0000700003'")).isEqualTo(
                            "Change of address|Closed|Fatma Öztürk|Stationsplein 4|Brugge|2026-11-18|237.57|f|"
                            + "[{\"Text\": \"Assessment\", \"Amount\": 0.93, \"ItemNo\": 10}, {\"Text\": \"Interest\", \"Amount\": 0.03, \"ItemNo\": 20}]");

            Files.copy(FIRST, drop.resolve("caseload-delivered-again.parquet"));
            assertThat(counts(syncline.full("caseload_files"), "cases")).as("a file is taken once").isEqualTo(Map.of("unchanged", 400));

            Files.copy(NEXT, drop.resolve("caseload-2026-11-02.parquet.tmp"));
            assertThat(counts(syncline.full("caseload_files"), "cases")).as("half a file is none").isEqualTo(Map.of("unchanged", 400));
            Files.move(drop.resolve("caseload-2026-11-02.parquet.tmp"), drop.resolve("caseload-2026-11-02.parquet"));
            assertThat(counts(syncline.full("caseload_files"), "cases")).containsEntry("update", 20).containsEntry("create", 10);
            report = syncline.full("caseload_files");
            assertThat(counts(report, "cases")).as("promise 10: the same files again change nothing").doesNotContainKeys("update", "create", "delete");
            assertThat(text(syncline, "select status from caseload_files.cases_live where sap_id = '0000700003'")).isEqualTo("Reopened");
        }
    }

    @Test
    void severalFilesAtOnceEndWithTheNewestInWhateverOrder() throws IOException {
        Path drop = Files.createDirectory(folder.resolve("drop"));
        Files.copy(FIRST, drop.resolve("caseload-b-old.parquet"));
        Files.copy(NEXT, drop.resolve("caseload-a-new.parquet"));
        try (RunningSyncline syncline = start(drop)) {
            JsonNode report = syncline.full("caseload_files");
            assertThat(text(syncline, "select count(*)::text from caseload_files.cases_live")).as(report.toPrettyString()).isEqualTo("410");
            assertThat(text(syncline, "select count(*)::text from caseload_files.cases_live where status = 'Reopened' "
                    + "and sap_modified_on = '2026-11-02 06:30Z'")).isEqualTo("20");
            assertThat(counts(syncline.full("caseload_files"), "cases")).doesNotContainKeys("update", "create", "delete");
        }
    }

    @Test
    void aDamagedFileIsNamedForAPersonAndTakesNothingAway() throws IOException {
        Path drop = Files.createDirectory(folder.resolve("drop"));
        Files.copy(FIRST, drop.resolve("caseload-1.parquet"));
        Files.copy(NEXT, drop.resolve("caseload-2.parquet"));
        try (RunningSyncline syncline = start(drop)) {
            syncline.full("caseload_files");
            byte[] whole = Files.readAllBytes(FIRST);
            Files.write(drop.resolve("caseload-1.parquet"), Arrays.copyOf(whole, whole.length / 2));
            JsonNode report = syncline.full("caseload_files");
            assertThat(counts(report, "cases")).as(report.toPrettyString()).isEqualTo(Map.of("unchanged", 30, "rejected", 1));
            assertThat(reasons(report, "cases")).anySatisfy(reason -> assertThat(reason).contains("Nothing was taken for deleted"));
            assertThat(text(syncline, "select count(*)::text from caseload_files.cases_live")).isEqualTo("410");
            String told = "file caseload-1.parquet cannot be read: it has no end: it was cut off, or is still being written";
            assertThat(reasons(report, "cases")).anySatisfy(reason -> assertThat(reason).contains(told));
            assertThat(syncline.call("GET", "/api/v1/attention", null).body()).contains(told);

            Files.write(drop.resolve("caseload-1.parquet"), whole);
            report = syncline.full("caseload_files");
            assertThat(state(report)).isEqualTo("published");
            assertThat(syncline.call("GET", "/api/v1/attention", null).body()).as("whole again, and nobody has to do anything").doesNotContain(told);
        }
    }
}
