package io.syncline.schedule;

import io.syncline.config.SyncConfig;
import io.syncline.run.Mode;
import org.quartz.CronTrigger;

import java.time.Duration;
import java.util.stream.Stream;

/** One cron line of a sync's file, for one of its organisations. */
record Schedule(String name, String sync, String organisation, Mode mode, String cron, String zone, Duration jitter, boolean catchUp) {
    /** Those of a sync; none where it runs only when asked to. */
    static Stream<Schedule> of(SyncConfig sync) {
        SyncConfig.Schedules times = sync.schedules();
        return sync.organisations().stream().flatMap(organisation -> Stream.of(
                        of(sync, organisation, Mode.FULL, times.full()),
                        of(sync, organisation, Mode.INCREMENTAL, times.incremental()))
                .filter(schedule -> schedule.cron() != null));
    }

    private static Schedule of(SyncConfig sync, String organisation, Mode mode, String cron) {
        SyncConfig.Schedules times = sync.schedules();
        return new Schedule(sync.name() + "-" + organisation + "-" + mode.word(), sync.name(), organisation, mode, cron, times.zone().getId(), times.jitter(),
                times.catchUp());
    }

    /** What Quartz does with times that passed while no process ran. */
    int misfireInstruction() {
        return catchUp ? CronTrigger.MISFIRE_INSTRUCTION_FIRE_ONCE_NOW : CronTrigger.MISFIRE_INSTRUCTION_DO_NOTHING;
    }
}
