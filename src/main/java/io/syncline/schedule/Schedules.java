package io.syncline.schedule;

import io.syncline.config.Configuration;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.quartz.SchedulerException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.List;

/** Turns the cron lines of sync files into routes made from the template in {@code routes/schedules.yaml}, and notes them in PostgreSQL. */
@Component
class Schedules implements CamelContextConfiguration {
    private final boolean enabled;
    private final List<Schedule> all;
    private final StoredClock clock;
    private final JdbcClient sql;
    private final TransactionTemplate transaction;

    /** @param enabled {@code syncline.schedules.enabled}, true unless set */
    Schedules(Configuration configuration, StoredClock clock, JdbcClient sql, TransactionTemplate transaction,
              @Value("${syncline.schedules.enabled:true}") boolean enabled) {
        this.enabled = enabled;
        this.clock = clock;
        this.all = enabled ? configuration.syncs().values().stream().flatMap(Schedule::of).toList() : List.of();
        this.sql = sql;
        this.transaction = transaction;
    }

    /** Those that this process keeps. */
    List<Schedule> all() {
        return all;
    }

    @Override
    public void beforeApplicationStart(CamelContext context) {
    }

    @Override
    public void afterApplicationStart(CamelContext context) {
        if (!enabled) {
            return;
        }
        try {
            clock.keepOnly(all, context);
        } catch (SchedulerException e) {
            throw new IllegalStateException("the schedules cannot be stored", e);
        }
        transaction.executeWithoutResult(status -> note());
        all.forEach(schedule -> TemplatedRouteBuilder.builder(context, "schedule").routeId("schedule-" + schedule.name())
                .parameter("name", schedule.name()).parameter("cron", schedule.cron()).parameter("zone", schedule.zone())
                .parameter("misfire", schedule.misfireInstruction()).add());
    }

    /** What is owed to one that is noted already stays owed, and one that is paused stays paused. */
    private void note() {
        sql.sql("delete from syncline.schedule where name <> all (?)").param(all.stream().map(Schedule::name).toArray(String[]::new)).update();
        all.forEach(schedule -> sql.sql("""
                insert into syncline.schedule (name, sync, organisation, mode, cron, zone, jitter, catch_up) values (?, ?, ?, ?, ?, ?, ?::interval, ?)
                on conflict (name) do update
                set cron = excluded.cron, zone = excluded.zone, jitter = excluded.jitter, catch_up = excluded.catch_up""")
                .params(schedule.name(), schedule.sync(), schedule.organisation(), schedule.mode().word(), schedule.cron(), schedule.zone(),
                        schedule.jitter().toString(), schedule.catchUp()).update());
    }
}
