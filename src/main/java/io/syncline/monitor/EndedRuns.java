package io.syncline.monitor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.syncline.run.RunEnded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Counts the runs that end in this process, each once, and how long they took. */
@Component
class EndedRuns {
    private static final Logger LOG = LoggerFactory.getLogger(EndedRuns.class);
    private static final int REMEMBERED = 10_000;

    private final JdbcClient sql;
    private final MeterRegistry meters;
    private final Set<Long> counted = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }));

    EndedRuns(JdbcClient sql, MeterRegistry meters) {
        this.sql = sql;
        this.meters = meters;
    }

    @EventListener
    public void count(RunEnded ended) {
        try {
            sql.sql("""
                    select sync, case when dry_run then 'plan' else mode end as mode, state,
                        extract(epoch from finished_at - coalesce(started_at, finished_at)) * 1000 as millis
                    from syncline.run where id = ? and finished_at is not null""").param(ended.run())
                    .query((row, n) -> new Ended(row.getString("sync"), row.getString("mode"), row.getString("state"),
                            Duration.ofMillis(row.getLong("millis"))))
                    .optional().filter(run -> counted.add(ended.run())).ifPresent(this::count);
        } catch (DataAccessException e) {
            LOG.warn("Run {} is not counted among the metrics: {}", ended.run(), e.getMessage());
        }
    }

    private void count(Ended run) {
        meters.counter("syncline.runs", "sync", run.sync(), "mode", run.mode(), "outcome", run.state()).increment();
        Timer.builder("syncline.run.duration").tags("sync", run.sync(), "mode", run.mode())
                .serviceLevelObjectives(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10),
                        Duration.ofHours(1)).register(meters).record(run.took());
    }

    private record Ended(String sync, String mode, String state, Duration took) {
    }
}
