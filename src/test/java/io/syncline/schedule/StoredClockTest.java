package io.syncline.schedule;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What PostgreSQL knows of the schedules' times, over the ends and beginnings of processes. */
class StoredClockTest {
    private static final String NEVER = "0 0 0 1 1 ? 2099";
    private static final String AN_HOUR_AGO = "(extract(epoch from clock_timestamp() - interval '1 hour') * 1000)::bigint";

    @TempDir
    private Path folder;
    private final Turnstile source = new Turnstile();
    private final String database = TestPostgres.url();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database));

    @AfterEach
    void close() {
        source.close();
    }

    private RunningSyncline start(String schedules) {
        return RunningSyncline.start(source.configure(folder, schedules), database, Map.of("syncline.schedules.enabled", "true"));
    }

    private static void until(Callable<Boolean> isSo) {
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(50)).until(isSo);
    }

    private List<String> runs() {
        return sql.sql("select concat_ws(' ', requested_by, state) from syncline.run order by id").query(String.class).list();
    }

    private void nobodyRanAnHourAgo() {
        sql.sql("update quartz.qrtz_triggers set next_fire_time = " + AN_HOUR_AGO).update();
    }

    private long next() {
        return sql.sql("select min(next_fire_time) from quartz.qrtz_triggers").query(Long.class).single();
    }

    @Test
    void timesThatPassedWhileNoProcessRanAreMadeUpForOnceOrSkipped() {
        start("{incremental: \"" + NEVER + "\"}").close();
        long never = next();
        nobodyRanAnHourAgo();
        try (RunningSyncline syncline = start("{incremental: \"" + NEVER + "\"}")) {
            until(() -> runs().equals(List.of("goods-default-incremental published")));
            assertThat(next()).isEqualTo(never);
            assertThat(syncline.sql().sql("select last_run from syncline.schedule").query(Long.class).single()).isOne();
        }
        start("{incremental: \"" + NEVER + "\", misfire: skip}").close();
        nobodyRanAnHourAgo();
        try (RunningSyncline syncline = start("{incremental: \"" + NEVER + "\", misfire: skip}")) {
            until(() -> next() == never);
        }
        // Its end has waited for whatever the clock had begun.
        assertThat(sql.sql("select count(owed_since) from syncline.schedule").query(Integer.class).single()).isZero();
        assertThat(runs()).hasSize(1);
    }

    /** It was said to have fired, and died before it could note that a run is owed. */
    @Test
    void aTimeThatAProcessDiedInIsMadeUpFor() {
        start("{full: \"" + NEVER + "\"}").close();
        sql.sql("insert into quartz.qrtz_scheduler_state values ('syncline', 'died', " + AN_HOUR_AGO + ", 7500)").update();
        sql.sql("""
                insert into quartz.qrtz_fired_triggers values ('syncline', 'entry', 'goods-default-full', 'syncline', 'died', %s, %s, 5, 'EXECUTING',
                    'goods-default-full', 'syncline', false, true)""".formatted(AN_HOUR_AGO, AN_HOUR_AGO)).update();
        try (RunningSyncline syncline = start("{full: \"" + NEVER + "\"}")) {
            until(() -> runs().equals(List.of("goods-default-full published")));
        }
    }

    @Test
    void theStoreFollowsTheFile() {
        start("{incremental: \"" + NEVER + "\", full: \"" + NEVER + "\"}").close();
        assertThat(stored()).containsExactly("goods-default-full " + NEVER + " UTC", "goods-default-incremental " + NEVER + " UTC");
        start("{full: \"" + NEVER + "\", zone: Europe/Berlin}").close();
        assertThat(stored()).containsExactly("goods-default-full " + NEVER + " Europe/Berlin");
        assertThat(sql.sql("select concat_ws(' ', name, zone) from syncline.schedule").query(String.class).list())
                .containsExactly("goods-default-full Europe/Berlin");
        start("{}").close();
        assertThat(stored()).isEmpty();
        assertThat(sql.sql("select count(*) from quartz.qrtz_job_details").query(Integer.class).single()).isZero();
        assertThat(sql.sql("select count(*) from syncline.schedule").query(Integer.class).single()).isZero();
    }

    private List<String> stored() {
        return sql.sql("select concat_ws(' ', trigger_name, cron_expression, time_zone_id) from quartz.qrtz_cron_triggers order by 1")
                .query(String.class).list();
    }

    /** Every second that passed was fired once, whichever process did it. */
    @Test
    void ofTwoProcessesOneFires() {
        noteWhatFires();
        long both;
        try (RunningSyncline first = start("{full: \"* * * * * ?\"}")) {
            until(() -> !fired().isEmpty());
            try (RunningSyncline second = start("{full: \"* * * * * ?\"}")) {
                until(() -> second.sql().sql("select count(*) from quartz.qrtz_scheduler_state").query(Integer.class).single() == 2);
                both = fired().get(fired().size() - 1);
                int had = dues();
                until(() -> dues() > had + 6);
            }
        }
        assertThat(fired()).as("no time is fired twice").doesNotHaveDuplicates();
        List<Long> times = fired().stream().filter(time -> time >= both).toList();
        assertThat(times).as("and none is left out").hasSizeGreaterThan(6)
                .isEqualTo(Stream.iterate(both, time -> time + 1000).limit(times.size()).toList());
        assertThat(dues()).as("each is said once; two that come together may be one").isLessThanOrEqualTo(fired().size());
    }

    /** The times that processes fire, as the clock's own tables have them, and how often a schedule's time is then said to have come. */
    private void noteWhatFires() {
        sql.sql("create table public.fired (time bigint)").update();
        sql.sql("create table public.due (what text)").update();
        sql.sql("""
                create function public.fires() returns trigger language plpgsql as $$
                begin insert into public.fired values (new.sched_time); return null; end $$""").update();
        sql.sql("""
                create function public.is_due() returns trigger language plpgsql as $$
                begin insert into public.due values (tg_op); return null; end $$""").update();
        sql.sql("create trigger noted after update on quartz.qrtz_fired_triggers for each row when (new.state = 'EXECUTING') execute function public.fires()")
                .update();
        sql.sql("create trigger noted after update of owed_behind on syncline.schedule for each statement execute function public.is_due()").update();
    }

    private List<Long> fired() {
        return sql.sql("select time from public.fired order by time").query(Long.class).list();
    }

    private int dues() {
        return sql.sql("select count(*) from public.due").query(Integer.class).single();
    }
}
