package io.syncline.schedule;

import io.syncline.config.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The schedules as people see them: when each runs next, what it is owed, and whether somebody has paused it. */
@Component
public class Timetable {
    private static final String LOOK = """
            select s.name, s.sync, s.mode, s.cron, s.zone, extract(epoch from s.jitter) as jitter, s.catch_up, s.noted_at, s.owed_since, s.last_run,
                   s.paused_at, s.paused_by, t.next_fire_time
            from syncline.schedule s
            left join quartz.qrtz_triggers t on t.sched_name = '%1$s' and t.trigger_group = '%1$s' and t.trigger_name = s.name
            where s.organisation = ? and s.sync = any (?)""".formatted(StoredClock.NAME);

    private final JdbcClient sql;
    private final String[] syncs;

    Timetable(JdbcClient sql, Configuration configuration) {
        this.sql = sql;
        this.syncs = configuration.syncs().keySet().toArray(String[]::new);
    }

    /**
     * A schedule as it stands.
     *
     * @param next      when it comes next, but for its jitter; null while it is paused
     * @param since     since when it has been in the files
     * @param owedSince since when it waits for another run to end, or null
     * @param lastRun   the last run that it asked for, or null
     * @param pausedAt  null unless it is paused
     */
    public record Entry(String name, String sync, String mode, String cron, String zone, Duration jitter, boolean catchUp, Instant since, Instant next,
                        Instant owedSince, Long lastRun, Instant pausedAt, String pausedBy) {
        public boolean isPaused() {
            return pausedAt != null;
        }
    }

    /** Those of an organisation, in the order of their names. */
    public List<Entry> of(String organisation) {
        return sql.sql(LOOK + " order by s.name").params(organisation, syncs).query(Timetable::entry).list();
    }

    /**
     * From now on its times pass, and what it was owed is forgotten. One that is paused already stays as it is.
     *
     * @return empty when the organisation has no such schedule
     */
    public Optional<Entry> pause(String organisation, String name, String by) {
        sql.sql("""
                update syncline.schedule set paused_at = clock_timestamp(), paused_by = ?, owed_since = null
                where name = ? and organisation = ? and paused_at is null""").params(by, name, organisation).update();
        return one(organisation, name);
    }

    /**
     * It runs again from its next time on; what passed meanwhile is not made up for.
     *
     * @return empty when the organisation has no such schedule
     */
    public Optional<Entry> resume(String organisation, String name) {
        sql.sql("update syncline.schedule set paused_at = null, paused_by = null where name = ? and organisation = ?").params(name, organisation).update();
        return one(organisation, name);
    }

    /** When an import looks for files by itself next; empty where it does only when it is asked to. */
    public Optional<Instant> nextImport(String sync, String organisation, String name) {
        return sql.sql("select next_fire_time from quartz.qrtz_triggers where sched_name = ? and trigger_group = ? and trigger_name = ?")
                .params(StoredClock.NAME, ImportTimes.GROUP, ImportTimes.name(sync, organisation, name)).query(Long.class).optional()
                .map(Instant::ofEpochMilli);
    }

    private Optional<Entry> one(String organisation, String name) {
        return sql.sql(LOOK + " and s.name = ?").params(organisation, syncs, name).query(Timetable::entry).optional();
    }

    private static Entry entry(ResultSet row, int number) throws SQLException {
        Instant pausedAt = instant(row, "paused_at");
        Long next = row.getObject("next_fire_time", Long.class);
        return new Entry(row.getString("name"), row.getString("sync"), row.getString("mode"), row.getString("cron"), row.getString("zone"),
                Duration.ofMillis(Math.round(row.getDouble("jitter") * 1000)), row.getBoolean("catch_up"), instant(row, "noted_at"),
                pausedAt != null || next == null ? null : Instant.ofEpochMilli(next), instant(row, "owed_since"), row.getObject("last_run", Long.class),
                pausedAt, row.getString("paused_by"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
