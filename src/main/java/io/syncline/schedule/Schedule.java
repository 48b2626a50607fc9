package io.syncline.schedule;

import io.syncline.config.SyncConfig;
import io.syncline.run.Mode;

import java.util.stream.Stream;

/** One cron line of a sync's file, for one of its organisations. */
record Schedule(String name, String sync, String organisation, Mode mode, String cron, String zone) {
    /** Those of a sync; none where it runs only when asked to. */
    static Stream<Schedule> of(SyncConfig sync) {
        SyncConfig.Schedules times = sync.schedules();
        return sync.organisations().stream().flatMap(organisation -> Stream.of(
                        of(sync, organisation, Mode.FULL, times.full()),
                        of(sync, organisation, Mode.INCREMENTAL, times.incremental()))
                .filter(schedule -> schedule.cron() != null));
    }

    private static Schedule of(SyncConfig sync, String organisation, Mode mode, String cron) {
        return new Schedule(sync.name() + "-" + organisation + "-" + mode.word(), sync.name(), organisation, mode, cron, sync.schedules().zone().getId());
    }
}
