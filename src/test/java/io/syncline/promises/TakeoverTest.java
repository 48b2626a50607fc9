package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.access.Role;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.run.Runs;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.KeptWaiting;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises 1, 3 and 23: a run whose process dies goes on behind its last page, and what comes of it is what would have come of it undisturbed. The process
 * that dies here does not know it: it is only silent for too long, and wakes up while another has its run (promise 22).
 */
class TakeoverTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int LAST = 4;
    private static final List<String> ENTITIES = List.of("categories", "services", "materials", "equipment");

    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static Pricebook dying;
    private static int next;
    private final KeptWaiting sleeper = new KeptWaiting();

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder, Map.of("syncline.runs.patience", "1s"));
        dying = book.another(Map.of("syncline.runs.patience", "1h"));
        book.full();
    }

    @AfterAll
    static void stop() {
        dying.stop();
        book.close();
    }

    @BeforeEach
    void anHourLaterThereIsNews() {
        book.sandbox.reset();
        book.sandbox.clock().set(Pricebook.MORNING.plus(Duration.ofDays(++next)));
        for (Entity entity : Entity.values()) {
            book.sandbox.snapshot(entity).keySet().forEach(id -> book.sandbox.put(entity, id, "{\"active\": true}"));
        }
        assertThat(state(book.full())).isEqualTo("published");
        book.sandbox.clock().advance(Duration.ofHours(1));
        List<Long> materials = List.copyOf(book.sandbox.snapshot(Entity.MATERIALS).keySet());
        for (int at = 1; at < materials.size(); at += 7) {
            book.sandbox.put(Entity.MATERIALS, materials.get(at), "{\"cost\": " + (1000 + next) + "}");
        }
        book.sandbox.put(Entity.SERVICES, 700_000 + next, "{\"code\": \"NEW\"}");
    }

    @AfterEach
    void nothingIsLeft() {
        sleeper.letGo();
        book.sandbox.clearFaults();
        until(() -> dying.syncline.bean(CamelContext.class).getInflightRepository().size() == 0);
        until(() -> book.stagedRows() == 0);
        assertThat(counts(book.dry(Mode.FULL))).as("what was published is what the source has").allSatisfy((entity, counts) ->
                assertThat(counts.keySet()).isSubsetOf("unchanged", "held"));
    }

    private static Map<String, Map<String, Integer>> counts(JsonNode report) {
        Map<String, Map<String, Integer>> all = new TreeMap<>();
        ENTITIES.forEach(entity -> all.put(entity, Pricebook.counts(report, entity)));
        return all;
    }

    private static long begin(RunRequest request) {
        book.sandbox.clearJournal();
        return dying.syncline.bean(Runs.class).request(request).run();
    }

    private static long pages(long run, String entity, String origin) {
        return book.count("syncline.run_page where run_id = ? and entity = ? and origin = ?", run, entity, origin);
    }

    /** The first process that asks for this page of materials. */
    private void keepWaiting(int page) {
        book.sandbox.fault(FaultRule.on("/materials", sleeper.fault()).page(page).call(1));
    }

    /** Waits until the other entities are read, this one has so many pages, and whoever dies sleeps over what comes next. */
    private void untilRead(long run, int pages) {
        until(() -> book.count("syncline.run_entity where run_id = ? and state = 'planned'", run) == 3 && pages(run, "materials", "source") == pages);
        sleeper.awaitAsked();
    }

    private static void die(long run) {
        book.sql().sql("update syncline.run set alive_until = clock_timestamp() - interval '1 second' where id = ?").param(run).update();
    }

    private static JsonNode end(long run) {
        Runs runs = book.syncline.bean(Runs.class);
        assertThat(runs.awaitEnd(run, LONG)).isTrue();
        return Pricebook.checked(RunningSyncline.json(runs.report("default", run).orElseThrow()));
    }

    private static List<Integer> pagesAsked(String entity) {
        return book.asked("/" + entity).stream().map(query -> Integer.parseInt(query.replaceAll("(^|.*&)page=(\\d+).*", "$2"))).sorted().toList();
    }

    private static long times(int page) {
        return pagesAsked("materials").stream().filter(asked -> asked == page).count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, LAST})
    void aRunWhoseProcessDiesAtAPageGoesOnThere(int page) {
        Map<String, Map<String, Integer>> undisturbed = counts(book.dry(Mode.FULL));
        keepWaiting(page);
        long run = begin(RunningSyncline.request("pricebook", Mode.FULL));
        untilRead(run, page - 1);
        Instant died = book.sandbox.clock().now();
        book.sandbox.clock().advance(Duration.ofMinutes(10));
        die(run);
        JsonNode report = end(run);
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("published");
        assertThat(report.path("takeovers").asInt()).isEqualTo(1);
        assertThat(counts(report)).isEqualTo(undisturbed);
        assertThat(pagesAsked("services")).as("what had been read is not read again").doesNotHaveDuplicates();
        // The process that died wakes up with the page that it had asked for, may ask for one more ahead, and keeps neither.
        sleeper.letGo();
        until(() -> times(page) == 2);
        assertThat(pagesAsked("materials").stream().filter(asked -> asked != page && asked != page + 1)).doesNotHaveDuplicates();
        assertThat(pagesAsked("materials").stream().distinct()).containsExactlyElementsOf(IntStream.rangeClosed(1, LAST).boxed().toList());
        assertThat(book.mark("materials").isBefore(died)).as("fixed when reading began, whoever went on").isEqualTo(page > 1);
    }

    /** As on a disk so full that not even the end of a run can be written down. */
    @Test
    void aRunThatCannotBeEndedStandsStillSaysWhyAndGoesOnByItself() {
        book.sql().sql("""
                create function public.no_room() returns trigger language plpgsql as $$ begin
                    raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$""").update();
        book.sql().sql("""
                create trigger no_room before update on syncline.run for each row when (new.finished_at is not null)
                execute function public.no_room()""").update();
        Visitor operator = Visitor.of(book.syncline, "on duty", "default", Role.OPERATOR);
        long run;
        try {
            Visitor.Answered answer = operator.post("/api/sync/pricebook/full", "{}");
            assertThat(answer.status()).as(answer.text()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("run-stands-still");
            run = answer.json().path("run").asLong();
            assertThat(answer.detail()).isEqualTo("The disk of the database is full. Nothing of run " + run
                    + " was published yet; it goes on by itself as soon as this is mended. Make room where PostgreSQL keeps its data.");
        } finally {
            book.sql().sql("drop trigger no_room on syncline.run").update();
            book.sql().sql("drop function public.no_room").update();
        }
        until(() -> operator.get("/api/v1/runs/" + run).json().path("state").asText().equals("published"));
    }

    @Test
    void aDeadRunThatCannotBeEndedDoesNotKeepTheOthersFromGoingOn() {
        book.sql().sql("""
                create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$""").update();
        book.sql().sql("""
                create trigger refuse before update on syncline.run for each row when (new.sync = 'nowhere' and new.finished_at is not null)
                execute function public.refuse()""").update();
        long run;
        try {
            book.sql().sql("""
                    insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, holder, alive_until)
                    values ('nowhere', 'default', 'full', 'test', 'test', 'running', 'dead', clock_timestamp() + interval '1 hour')""").update();
            keepWaiting(1);
            run = begin(RunningSyncline.request("pricebook", Mode.FULL));
            untilRead(run, 0);
            book.sql().sql("update syncline.run set alive_until = clock_timestamp() - interval '1 second' where finished_at is null").update();
            assertThat(state(end(run))).isEqualTo("published");
            assertThat(book.count("syncline.run where sync = 'nowhere' and finished_at is null")).isOne();
        } finally {
            book.sql().sql("drop function public.refuse() cascade").update();
        }
        until(() -> book.count("syncline.run where sync = 'nowhere' and state = 'failed'") == 1);
        book.sql().sql("delete from syncline.run where sync = 'nowhere'").update();
    }

    /** Promise 22. */
    @Test
    void aProcessThatWakesUpWhileAnotherHasItsRunStagesNothing() {
        Map<String, Map<String, Integer>> undisturbed = counts(book.dry(Mode.FULL));
        keepWaiting(2);
        try (KeptWaiting another = new KeptWaiting()) {
            book.sandbox.fault(FaultRule.on("/materials", another.fault()).page(LAST));
            long run = begin(RunningSyncline.request("pricebook", Mode.FULL));
            untilRead(run, 1);
            die(run);
            another.awaitAsked();
            sleeper.letGo();
            // The sleeper has its second page now.
            until(() -> times(2) == 2);
            assertThat(book.count("syncline.run where id = ? and finished_at is null", run)).isEqualTo(1);
            another.letGo();
            JsonNode report = end(run);
            assertThat(counts(report)).as(report.toPrettyString()).isEqualTo(undisturbed);
            assertThat(state(report)).isEqualTo("published");
        }
    }

    @Test
    void aRunWhoseProcessDiesWhileItLooksForAbsencesFetchesNoPageAgain() {
        long gone = book.sandbox.snapshot(Entity.MATERIALS).keySet().iterator().next();
        book.sandbox.remove(Entity.MATERIALS, gone);
        Map<String, Map<String, Integer>> undisturbed = counts(book.dry(Mode.FULL));
        assertThat(undisturbed.get("materials")).containsEntry("delete", 1);
        book.sandbox.fault(FaultRule.on("/materials/" + gone, sleeper.fault()).call(1));
        long run = begin(RunningSyncline.request("pricebook", Mode.FULL));
        untilRead(run, LAST);
        die(run);
        JsonNode report = end(run);
        assertThat(counts(report)).as(report.toPrettyString()).isEqualTo(undisturbed);
        assertThat(pagesAsked("materials")).doesNotHaveDuplicates();
    }

    /** Promises 7 and 8: what completes a plan is done again and says the same. */
    @Test
    void aRunWhoseProcessDiesBeforeItsPublishCompletesItsPlanAgain() throws Exception {
        book.sandbox.put(Entity.EQUIPMENT, 900_000 + next, "{\"code\": \"ORPHAN\", \"categories\": [" + (90_000 + next) + "]}");
        assertThat(Pricebook.counts(book.incremental(), "equipment")).containsEntry("parked", 1);
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.CATEGORIES, 90_000 + next, "{\"name\": \"Late parent\"}");
        book.sandbox.snapshot(Entity.SERVICES).values().stream().limit(12).forEach(record -> book.sandbox.remove(Entity.SERVICES, record.path("id").asLong()));
        JsonNode undisturbed = book.dry(Mode.FULL);
        assertThat(counts(undisturbed).get("services")).containsKey("held");
        long snapshots = book.count("syncline.snapshot");
        try (Connection lock = DriverManager.getConnection(book.database)) {
            keepWaiting(3);
            long run = begin(RunningSyncline.request("pricebook", Mode.FULL));
            sleeper.awaitAsked();
            lock.setAutoCommit(false);
            lock.createStatement().execute("select from syncline.turn where sync = 'pricebook' and organisation = 'default' for update");
            sleeper.letGo();
            until(() -> book.count("syncline.run where id = ? and state = 'publishing'", run) == 1);
            die(run);
            until(() -> book.count("syncline.run where id = ? and state = 'publishing' and takeovers = 1", run) == 1);
            lock.rollback();
            JsonNode report = end(run);
            assertThat(counts(report)).as(report.toPrettyString()).isEqualTo(counts(undisturbed));
            ENTITIES.forEach(entity -> assertThat(reasons(report, entity)).isEqualTo(reasons(undisturbed, entity)));
            ENTITIES.forEach(entity -> assertThat(pagesAsked(entity)).doesNotHaveDuplicates());
        }
        assertThat(book.count("syncline.snapshot")).isEqualTo(snapshots + 1);
    }

    /** A crash of PostgreSQL empties what is staged, and with it the epoch. */
    @Test
    void aRunWhoseStagedPlanIsLostReadsAnewAndSaysSo() {
        Map<String, Map<String, Integer>> undisturbed = counts(book.dry(Mode.FULL));
        keepWaiting(3);
        long run = begin(RunningSyncline.request("pricebook", Mode.FULL));
        untilRead(run, 2);
        List<String> staged = book.sql().sql("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'syncline_staging'")
                .query(String.class).list();
        staged.forEach(table -> book.sql().sql("delete from " + table).update());
        sleeper.letGo();
        JsonNode report = end(run);
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("published");
        assertThat(counts(report)).isEqualTo(undisturbed);
        ENTITIES.forEach(entity -> assertThat(reasons(report, entity)).singleElement().asString().startsWith("Read anew: ").contains("was lost"));
    }

    @Test
    void aRunWhosePositionIsOfNoUseReadsThatEntityAnew() {
        Map<String, Map<String, Integer>> undisturbed = counts(book.dry(Mode.FULL));
        keepWaiting(3);
        long run = begin(RunningSyncline.request("pricebook", Mode.FULL));
        untilRead(run, 2);
        book.sql().sql("update syncline.run_page set resume = 'nowhere' where run_id = ? and entity = 'materials'").param(run).update();
        die(run);
        JsonNode report = end(run);
        assertThat(counts(report)).as(report.toPrettyString()).isEqualTo(undisturbed);
        assertThat(reasons(report, "materials")).singleElement().asString().startsWith("Read anew: ").contains("no longer knew where");
        assertThat(reasons(report, "services")).isEmpty();
        assertThat(pagesAsked("services")).doesNotHaveDuplicates();
    }

    /** Promises 2 and 6: the total stayed the same, and yet a record slipped through between the two halves of the read. */
    @Test
    void aResumedReadThatDidNotShowEverythingDeletesNothingAndMovesNoMark() {
        Instant mark = book.mark("materials");
        long live = book.count("pricebook.materials_live");
        keepWaiting(3);
        long run = begin(RunningSyncline.request("pricebook", Mode.FULL));
        untilRead(run, 2);
        long last = book.sandbox.snapshot(Entity.MATERIALS).keySet().stream().mapToLong(Long::longValue).max().orElseThrow();
        book.sandbox.remove(Entity.MATERIALS, last);
        book.sandbox.put(Entity.MATERIALS, next, "{\"code\": \"FIRST\"}");
        die(run);
        JsonNode report = end(run);
        assertThat(reasons(report, "materials")).as(report.toPrettyString()).singleElement().asString()
                .startsWith("Nothing was taken for deleted, and the watermark stays where it was: ").contains("different ones came");
        assertThat(book.mark("materials")).isEqualTo(mark);
        assertThat(book.mark("services")).isAfter(mark);
        assertThat(book.count("pricebook.materials_live")).as("also the one that is gone").isEqualTo(live);
        book.full();
    }

    @Test
    void aFailureThatWasSaidBeforeStands() {
        book.sandbox.fault("/equipment call=1 -> null-data");
        keepWaiting(3);
        long run = begin(RunningSyncline.request("pricebook", Mode.FULL));
        until(() -> book.count("syncline.run_entity where run_id = ? and (state = 'planned' or state = 'failed')", run) == 3
                && pages(run, "materials", "source") == 2);
        sleeper.awaitAsked();
        die(run);
        JsonNode report = end(run);
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("partial");
        assertThat(state(report, "equipment")).isEqualTo("failed");
        assertThat(reasons(report, "equipment")).hasSize(1);
        assertThat(state(report, "materials")).isEqualTo("published");
        book.full();
    }

    @Test
    void aDeadRunForARecordAndADeadDryRunAreMadeByAnother() {
        long id = book.anyOf(Entity.SERVICES);
        Map<String, Map<String, Integer>> undisturbed = counts(book.dry(Mode.FULL));
        KeptWaiting asleep = new KeptWaiting();
        book.sandbox.fault(FaultRule.on("/services/" + id, asleep.fault()).call(1));
        keepWaiting(2);
        long dry = begin(new RunRequest("pricebook", "default", Mode.FULL, true, null, null, null, "test", "test"));
        long single = begin(new RunRequest("pricebook", "default", Mode.SINGLE, false, null, "services", Long.toString(id), "test", "test"));
        asleep.awaitAsked();
        untilRead(dry, 1);
        die(single);
        die(dry);
        assertThat(Pricebook.counts(end(single), "services")).isEqualTo(Map.of("create", 1));
        JsonNode report = end(dry);
        assertThat(state(report)).isEqualTo("planned");
        assertThat(counts(report).get("materials")).isEqualTo(undisturbed.get("materials"));
        asleep.letGo();
        assertThat(state(book.full())).isEqualTo("published");
    }

    /** Promise 23. */
    @Test
    void aRunOfASilentProcessHasEndedWithinItsPatienceAndTenSeconds() {
        long dead = book.one("""
                insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, holder, alive_until, fence, started_at)
                select sync, organisation, 'full', 'test', 'test', 'running', 'a process that is no more', clock_timestamp() + interval '1 second', fence + 1,
                       clock_timestamp() from syncline.lease returning id""", Long.class);
        book.sql().sql("update syncline.lease set fence = fence + 1, run_id = ?").param(dead).update();
        JsonNode report = end(dead);
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("published");
        assertThat(book.one("select finished_at - requested_at < interval '11 seconds' from syncline.run where id = ?", Boolean.class, dead)).isTrue();
    }
}
