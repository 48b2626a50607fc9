package io.syncline.schedule;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.run.Runs;
import io.syncline.run.Ticket;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A schedule that meets a different run under way has its turn when that ends. The clocks stand still here: a test says when a schedule's time has come. */
class OwedRunsTest {
    private static final String NEVER = "0 0 0 1 1 ? 2099";
    private static final String FULL = "goods-default-full";
    private static final String INCREMENTAL = "goods-default-incremental";

    @TempDir
    private static Path folder;
    private static Turnstile source;
    private static String database;
    private static RunningSyncline syncline;
    private static long before;

    @BeforeAll
    static void start() {
        source = new Turnstile();
        source.configure(folder, "{incremental: \"" + NEVER + "\", full: \"" + NEVER + "\"}");
        database = TestPostgres.url();
        syncline = start(NEVER);
    }

    private static RunningSyncline start(String look) {
        return RunningSyncline.start(folder, database, Map.of("syncline.schedules.enabled", "true", "syncline.schedules.look", look));
    }

    @AfterAll
    static void stop() {
        source.close();
        syncline.close();
    }

    @BeforeEach
    void nothingHasRun() {
        before = sql().sql("select coalesce(max(id), 0) from syncline.run").query(Long.class).single();
    }

    /** What comes after a run looks at what is owed, too: it has done so before the next test owes anything. */
    @AfterEach
    void everythingEnds() {
        source.open();
        until(() -> count("syncline.run where finished_at is null") == 0 && syncline.bean(CamelContext.class).getInflightRepository().size() == 0);
    }

    private static JdbcClient sql() {
        return syncline.sql();
    }

    private static int count(String from) {
        return sql().sql("select count(*) from " + from).query(Integer.class).single();
    }

    private static void until(Callable<Boolean> isSo) {
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(20)).until(isSo);
    }

    private static List<String> owed() {
        return sql().sql("select name from syncline.schedule where owed_since is not null order by name").query(String.class).list();
    }

    private static List<String> runs() {
        return sql().sql("select concat_ws(' ', mode, entity, requested_by, state) from syncline.run where id > ? order by id")
                .param(before).query(String.class).list();
    }

    private static void strikes(String... schedules) {
        Stream.of(schedules).forEach(syncline.bean(OwedRuns.class)::due);
        syncline.bean(ProducerTemplate.class).sendBody("direct:owed-runs", null);
    }

    private static void owes(String schedule) {
        sql().sql("update syncline.schedule set owed_since = now(), owed_behind = ? where name = ?").params(before, schedule).update();
    }

    private static void underWay(Mode mode, String entity) {
        source.shut();
        syncline.bean(Runs.class).request(new RunRequest("goods", "default", mode, false, null, entity, null, "test", "test"));
    }

    @Test
    void aScheduleThatMeetsNoRunAsksForItsOwnAtOnce() {
        strikes(INCREMENTAL);
        until(() -> runs().equals(List.of("incremental " + INCREMENTAL + " published")));
        assertThat(owed()).isEmpty();
    }

    @Test
    void oneThatMeetsADifferentRunHasItsTurnAsSoonAsThatEnds() {
        underWay(Mode.INCREMENTAL, null);
        strikes(FULL);
        assertThat(owed()).containsExactly(FULL);
        assertThat(runs()).hasSize(1);
        source.open();
        until(() -> runs().equals(List.of("incremental test published", "full " + FULL + " published")));
        assertThat(owed()).isEmpty();
    }

    @Test
    void oneThatMeetsAnEqualRunJoinsItAndIsOwedNothing() {
        underWay(Mode.FULL, null);
        strikes(FULL);
        assertThat(owed()).isEmpty();
        source.open();
        until(() -> runs().equals(List.of("full test published")));
    }

    @Test
    void theFullRunComesFirstAndSettlesTheIncrementalOne() {
        underWay(Mode.FULL, "items");
        strikes(INCREMENTAL, FULL);
        assertThat(owed()).containsExactly(FULL, INCREMENTAL);
        source.open();
        until(() -> owed().isEmpty() && count("syncline.run where finished_at is null") == 0);
        assertThat(runs()).containsExactly("full items test published", "full " + FULL + " published");
    }

    /** It had begun before the time came, so it may have read before what was to be read had changed. */
    @Test
    void theFullRunThatItMetSettlesNothing() {
        underWay(Mode.FULL, null);
        strikes(INCREMENTAL);
        source.open();
        until(() -> runs().equals(List.of("full test published", "incremental " + INCREMENTAL + " published")));
        assertThat(owed()).isEmpty();
    }

    @Test
    void aRunThatFailedSettlesNothing() {
        owes(INCREMENTAL);
        sql().sql("""
                insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, started_at, finished_at)
                values ('goods', 'default', 'full', 'test', 'test', 'failed', now(), now())""").update();
        syncline.bean(ProducerTemplate.class).sendBody("direct:owed-runs", null);
        until(() -> runs().equals(List.of("full test failed", "incremental " + INCREMENTAL + " published")));
    }

    @Test
    void whatIsOwedIsAskedForOnce() throws InterruptedException, ExecutionException {
        source.shut();
        syncline.bean(OwedRuns.class).due(FULL);
        ExecutorService many = Executors.newFixedThreadPool(8);
        List<Callable<List<Ticket>>> looks = Collections.nCopies(40, syncline.bean(OwedRuns.class)::take);
        List<Ticket> taken = new ArrayList<>();
        for (Future<List<Ticket>> look : many.invokeAll(looks)) {
            taken.addAll(look.get());
        }
        many.shutdown();
        assertThat(taken).hasSize(1);
        assertThat(runs()).hasSize(1);
        assertThat(owed()).isEmpty();
        syncline.bean(ProducerTemplate.class).sendBody("direct:start-run", taken.get(0));
    }

    @Test
    void aTimeThatComesWhileTheDatabaseDoesNotAnswerIsNotLost() {
        sql().sql("alter table syncline.schedule rename to away").update();
        try {
            strikes(INCREMENTAL);
        } finally {
            sql().sql("alter table syncline.away rename to schedule").update();
        }
        assertThat(runs()).isEmpty();
        syncline.bean(ProducerTemplate.class).sendBody("direct:owed-runs", null);
        until(() -> runs().equals(List.of("incremental " + INCREMENTAL + " published")));
    }

    @Test
    void aPausedScheduleLetsItsTimesPass() {
        sql().sql("update syncline.schedule set paused_at = now(), paused_by = 'Ann' where name = ?").param(FULL).update();
        try {
            strikes(FULL, INCREMENTAL);
            until(() -> runs().equals(List.of("incremental " + INCREMENTAL + " published")));
            assertThat(owed()).isEmpty();
        } finally {
            sql().sql("update syncline.schedule set paused_at = null, paused_by = null").update();
        }
    }

    @Test
    void aTimeWithJitterComesWithinIt() {
        sql().sql("update syncline.schedule set jitter = '1000h' where name = ?").param(FULL).update();
        try {
            strikes(FULL);
            assertThat(sql().sql("select owed_since - clock_timestamp() between '0' and '1000h' from syncline.schedule where name = ?").param(FULL)
                    .query(Boolean.class).single()).isTrue();
            assertThat(runs()).isEmpty();
            sql().sql("update syncline.schedule set owed_since = now() where name = ?").param(FULL).update();
            syncline.bean(ProducerTemplate.class).sendBody("direct:owed-runs", null);
            until(() -> runs().equals(List.of("full " + FULL + " published")));
        } finally {
            sql().sql("update syncline.schedule set jitter = '0'").update();
        }
    }

    /** The clock of the next process finds it: its own look, no end of any run. */
    @Test
    void whatIsOwedSurvivesTheProcess() {
        owes(INCREMENTAL);
        syncline.close();
        syncline = start("* * * * * ?");
        until(() -> runs().equals(List.of("incremental " + INCREMENTAL + " published")));
        assertThat(owed()).isEmpty();
        syncline.close();
        syncline = start(NEVER);
    }
}
