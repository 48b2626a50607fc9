package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.run.Runs;
import io.syncline.sandbox.Call;
import io.syncline.sandbox.Fault;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.KeptWaiting;
import io.syncline.sandbox.SapSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

import static io.syncline.promises.Caseload.count;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/** Promises 1, 2, 6 and 28 for what a source gives to tell later changes from: it is kept in the publish, with the mark, or not at all, and shown to nobody. */
@ExtendWith(OutputCaptureExtension.class)
class DeltaLinksTest {
    private static final SapSandbox.Options SMALL = SapSandbox.Options.DEFAULT.size(300).pageSize(50);

    @TempDir
    private Path folder;

    private record Kept(String cursor, Instant mark) {
    }

    private static Kept kept(Caseload caseload) {
        return caseload.syncline.sql().sql("""
                select c.cursor, w.mark from syncline.watermark w left join syncline.cursor c using (sync, organisation, entity, side)
                where entity = 'cases'""")
                .query((row, n) -> new Kept(row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant())).single();
    }

    private static List<String> asked(Caseload caseload) {
        return caseload.sandbox.journal().stream().filter(call -> call.path().endsWith("/Cases")).map(Call::query).toList();
    }

    private static JsonNode cases(JsonNode report) {
        return RunningSyncline.entity(report, "cases");
    }

    private static void anHourLater(Caseload caseload, long seed, int changes) {
        caseload.sandbox.clock().advance(Duration.ofHours(1));
        caseload.sandbox.mutate(seed, changes);
        caseload.sandbox.clearJournal();
    }

    private static JsonNode run(Caseload caseload, Mode mode, boolean dry, Instant since) {
        return caseload.syncline.run(new RunRequest("cases", "default", mode, dry, since, null, null, "test", "test"));
    }

    private static void assertSame(Caseload caseload) {
        assertThat(caseload.documents("cases").keySet()).isEqualTo(caseload.sandbox.snapshot().keySet());
        JsonNode all = run(caseload, Mode.FULL, true, null);
        assertThat(count(all, "cases", "unchanged")).as(all.toPrettyString()).isEqualTo(caseload.sandbox.snapshot().size());
        assertThat(count(all, "items", "unchanged")).as(all.toPrettyString()).isEqualTo(caseload.sandbox.items());
    }

    @Test
    void aRefreshCostsWhatChangedAndTellsWhatIsGone() {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            for (int round = 1; round <= 4; round++) {
                anHourLater(caseload, round, 20);
                JsonNode report = caseload.incremental();

                assertThat(cases(report).path("delivered").asInt()).isBetween(1, 20);
                assertThat(cases(report).path("reasons")).isEmpty();
                assertThat(cases(report).path("window").path("since").asText()).isNotEqualTo("everything");
                assertThat(asked(caseload)).singleElement().asString().contains("$deltatoken=");
                assertThat(RunningSyncline.entity(report, "items").path("delivered").asInt()).as("they have no change time").isBetween(1, 60);
                assertThat(caseload.documents("cases").keySet()).isEqualTo(caseload.sandbox.snapshot().keySet());
                assertThat(caseload.documents("items")).hasSize(caseload.sandbox.items());
            }
            assertSame(caseload);
            JsonNode again = caseload.incremental();
            assertThat(cases(again).path("delivered").asInt()).isZero();
            assertThat(again.path("snapshot").path("changes").asInt()).isZero();
        }
    }

    @Test
    void aRunThatPublishesNothingLeavesTheLinkAndTheNextFollowsItAgain() {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            Kept before = kept(caseload);
            anHourLater(caseload, 5, 30);

            JsonNode preview = run(caseload, Mode.INCREMENTAL, true, null);
            assertThat(cases(preview).path("delivered").asInt()).isPositive();
            caseload.sandbox.fault(FaultRule.on("/Cases", new Fault.CutJson()));
            assertThat(cases(caseload.incremental()).path("state").asText()).isEqualTo("failed");
            caseload.sandbox.clearFaults();
            caseload.sandbox.fault(FaultRule.on("/Cases", new Fault.EmptyPage()));
            assertThat(cases(caseload.incremental()).path("reasons").toString()).contains("neither a next link nor a delta link");
            caseload.sandbox.clearFaults();
            assertThat(kept(caseload)).isEqualTo(before);

            JsonNode report = caseload.incremental();
            assertThat(cases(report).path("counts")).isEqualTo(cases(preview).path("counts"));
            assertThat(kept(caseload).cursor()).isNotEqualTo(before.cursor());
            assertThat(asked(caseload)).as("the same link, each time").hasSizeGreaterThanOrEqualTo(4).containsOnly(asked(caseload).get(0));
            assertSame(caseload);
        }
    }

    @Test
    void theLinkMovesWithThePublishOrNotAtAll() {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            Kept before = kept(caseload);
            Map<String, String> documents = caseload.documents("cases");
            anHourLater(caseload, 6, 30);
            caseload.syncline.sql().sql("create function public.no_end() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$")
                    .update();
            caseload.syncline.sql().sql("""
                    create trigger no_end before update on syncline.run for each row when (new.state in ('published', 'partial'))
                    execute function public.no_end()""").update();
            assertThat(caseload.incremental().path("state").asText()).isEqualTo("failed");
            assertThat(kept(caseload)).isEqualTo(before);
            assertThat(caseload.documents("cases")).isEqualTo(documents);

            caseload.syncline.sql().sql("drop function public.no_end() cascade").update();
            assertThat(caseload.incremental().path("state").asText()).isEqualTo("published");
            assertThat(kept(caseload).cursor()).isNotEqualTo(before.cursor());
            assertThat(kept(caseload).mark()).isAfter(before.mark());
            assertSame(caseload);
        }
    }

    @Test
    void aForgottenLinkMeansToReadEverythingWithItsReason() {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            anHourLater(caseload, 7, 30);
            caseload.sandbox.forgetDeltas();
            JsonNode report = caseload.incremental();

            assertThat(cases(report).path("window").path("since").asText()).isEqualTo("everything");
            assertThat(cases(report).path("reasons").toString()).contains("Read in full: ", "answered 410 to the delta link");
            assertThat(count(report, "cases", "delete")).isPositive();
            assertSame(caseload);
            anHourLater(caseload, 8, 10);
            assertThat(cases(caseload.incremental()).path("reasons")).isEmpty();
            assertThat(asked(caseload)).singleElement().asString().contains("$deltatoken=");
        }
    }

    /** More removals than the brake lets through wait for a person; they are told once, and the next full read finds them again. */
    @Test
    void removalsBeyondTheLimitAreHeld() {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            anHourLater(caseload, 9, 1);
            List.copyOf(caseload.sandbox.snapshot().keySet()).subList(0, 120).forEach(caseload.sandbox::remove);
            JsonNode report = caseload.incremental();
            assertThat(count(report, "cases", "held")).as(report.toPrettyString()).isGreaterThanOrEqualTo(120);
            assertThat(count(report, "cases", "delete")).isZero();
            assertThat(count(caseload.full(), "cases", "held")).isGreaterThanOrEqualTo(120);
        }
    }

    @Test
    void aMomentThatAPersonNamesIsAskedForByTimeAndLeavesTheLink() {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            Kept before = kept(caseload);
            anHourLater(caseload, 10, 30);
            run(caseload, Mode.INCREMENTAL, false, before.mark().minus(Duration.ofMinutes(1)));

            assertThat(asked(caseload)).singleElement().asString().contains("$filter=ChangedAt");
            assertThat(kept(caseload).cursor()).isEqualTo(before.cursor());
            assertThat(kept(caseload).mark()).isAfter(before.mark());
            caseload.incremental();
            assertSame(caseload);
        }
    }

    @Test
    void aMarkThatWasSetBackLeavesTheLinkBehind() {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            anHourLater(caseload, 11, 5);
            caseload.syncline.sql().sql("update syncline.watermark set mark = mark - interval '1 minute'").update();
            caseload.incremental();
            assertThat(asked(caseload)).singleElement().asString().contains("$filter=ChangedAt");
        }
    }

    @Test
    void whatIsAskedForOtherwiseNowIsReadInFull() throws IOException {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            anHourLater(caseload, 12, 5);
            Path system = folder.resolve("systems/sap.yaml");
            Files.writeString(system, Files.readString(system).replace("      delta: true", "      select: false\n      delta: true"));
            try (RunningSyncline changed = caseload.another(Map.of()).syncline) {
                JsonNode report = changed.incremental("cases");
                assertThat(cases(report).path("reasons").toString()).contains("Read in full: ", "the system's file has changed");
                assertThat(cases(report).path("delivered").asInt()).isEqualTo(caseload.sandbox.snapshot().size());
            }
        }
    }

    @Test
    void aServiceThatGivesNoLinkIsAskedByTimeAndThatIsTold() {
        try (Caseload caseload = Caseload.open("sap", SMALL.size(20), folder)) {
            caseload.sandbox.offerDeltas(false);
            assertThat(cases(caseload.full()).path("reasons").toString()).contains("gave no delta link", "by their time");
            assertThat(RunningSyncline.entity(caseload.full(), "items").path("reasons").toString()).contains("The next run reads everything again.");
            assertThat(kept(caseload).cursor()).isNull();
            anHourLater(caseload, 13, 5);
            JsonNode report = caseload.incremental();
            assertThat(asked(caseload)).singleElement().asString().contains("$filter=ChangedAt");
            assertThat(RunningSyncline.entity(report, "items").path("reasons").toString()).contains("Read in full: there is no delta link to go on from.");
        }
    }

    /** Promises 1 and 23. */
    @Test
    void aRunWhoseProcessDiesInADeltaGoesOnAtItsPage() {
        Map<String, String> silent = Map.of("syncline.runs.patience", "1h");
        try (Caseload caseload = Caseload.open("sap", SMALL, folder, Map.of("syncline.runs.patience", "1s"));
                RunningSyncline dying = caseload.another(silent).syncline) {
            caseload.full();
            Kept before = kept(caseload);
            anHourLater(caseload, 14, 250);
            KeptWaiting sleeper = new KeptWaiting();
            caseload.sandbox.fault(FaultRule.on("/Cases", sleeper.fault()).call(2));
            long run = dying.bean(Runs.class).request(RunningSyncline.request("cases", Mode.INCREMENTAL)).run();
            until(() -> rows(caseload, "syncline.run_page where entity = 'cases' and run_id = " + run) == 1
                    && rows(caseload, "syncline.run_entity where state = 'planned' and run_id = " + run) == 2);
            sleeper.awaitAsked();
            String late = caseload.sandbox.snapshot().lastKey();
            caseload.sandbox.remove(late);
            caseload.syncline.sql().sql("update syncline.run set alive_until = clock_timestamp() - interval '1 second' where id = ?").param(run).update();
            Runs runs = caseload.syncline.bean(Runs.class);
            assertThat(runs.awaitEnd(run, Duration.ofMinutes(2))).isTrue();
            JsonNode report = RunningSyncline.json(runs.report("default", run).orElseThrow());
            sleeper.letGo();

            assertThat(report.path("state").asText()).as(report.toPrettyString()).isEqualTo("published");
            assertThat(report.path("takeovers").asInt()).isEqualTo(1);
            assertThat(cases(report).path("reasons")).isEmpty();
            assertThat(asked(caseload).get(0)).contains("$deltatoken=");
            assertThat(asked(caseload)).as("the first page is not read again").filteredOn(asked(caseload).get(0)::equals).hasSize(1);
            assertThat(kept(caseload).cursor()).isNotNull().isNotEqualTo(before.cursor());
            caseload.incremental();
            assertThat(caseload.documents("cases")).as("what went meanwhile is in the next delta").doesNotContainKey(late);
            assertSame(caseload);
        }
    }

    @Test
    void aLinkIsShownToNobody(CapturedOutput log) {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            String token = kept(caseload).cursor().replaceAll(".*deltatoken=([^&\"]+).*", "$1");
            anHourLater(caseload, 15, 20);
            String reports = caseload.incremental().toString();
            caseload.sandbox.forgetDeltas();
            reports += kept(caseload).cursor().contains(token) + caseload.incremental().toString();

            assertThat(token).hasSizeGreaterThan(3);
            assertThat(reports).contains("false").doesNotContain(token);
            assertThat(log.getAll()).doesNotContain("deltatoken");
            for (String table : List.of("run", "run_entity", "watermark", "activity")) {
                assertThat(caseload.syncline.sql().sql("select coalesce(string_agg(t::text, ' '), '') from syncline." + table + " t")
                        .query(String.class).single())
                        .as(table).doesNotContain("deltatoken");
            }
            assertThat(caseload.syncline.sql().sql("""
                    select count(*) from information_schema.role_table_grants
                    where table_schema = 'syncline' and table_name = 'cursor' and grantee <> (select tableowner from pg_tables where tablename = 'cursor')""")
                    .query(Long.class).single()).isZero();
        }
    }

    private static long rows(Caseload caseload, String from) {
        return caseload.syncline.sql().sql("select count(*) from " + from).query(Long.class).single();
    }
}
