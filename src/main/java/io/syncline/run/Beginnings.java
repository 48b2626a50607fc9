package io.syncline.run;

import io.syncline.config.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How runs that wait here begin. One that nobody held before notes the epoch that it stages in as it begins. */
final class Beginnings {
    private static final String NOT_BETWEEN = " and (mode not in ('full', 'incremental') or dry_run or started_at is not null)";

    private final JdbcClient sql;
    private final Configuration configuration;
    private final String holder;
    private final Duration patience;

    Beginnings(JdbcClient sql, Configuration configuration, String holder, Duration patience) {
        this.sql = sql;
        this.configuration = configuration;
        this.holder = holder;
        this.patience = patience;
    }

    /** Those that need not begin between two publishes; empty when it is none of them, or does not wait to begin here. */
    Optional<Run> ofAnyTime(long id) {
        return begun(id, Unhurried.WITH + ", ", " from unhurried", NOT_BETWEEN);
    }

    /** In the transaction that keeps publishes away. */
    Optional<Run> betweenPublishes(long id) {
        return begun(id, "with ", "", "");
    }

    private record Begun(Run run, boolean noted) {
    }

    private Optional<Run> begun(long id, String with, String from, String which) {
        return sql.sql(with + """
                first as (insert into syncline_staging.epoch default values on conflict do nothing returning id)
                update syncline.run set state = 'running', started_at = coalesce(started_at, clock_timestamp()), alive_until = clock_timestamp() + ?::interval,
                       epoch = case when takeovers > 0 then epoch
                                    else coalesce((select f.id from first f), (select e.id from syncline_staging.epoch e)) end""" + from
                + " where id = ? and state = 'queued' and holder = ?" + which
                + " returning sync, organisation, mode, dry_run, entity, since, repair, approves, trigger, requested_by, fence, takeovers, epoch")
                .params(patience.toString(), id, holder)
                .query((row, n) -> new Begun(run(id, row), row.getObject("epoch") != null || row.getInt("takeovers") > 0)).optional().map(this::noted);
    }

    /** Where another one brought in the epoch meanwhile, the statement that began could not see it yet. */
    private Run noted(Begun begun) {
        if (!begun.noted()) {
            sql.sql("update syncline.run set epoch = (select e.id from syncline_staging.epoch e) where id = ? and takeovers = 0").param(begun.run().id())
                    .update();
        }
        return begun.run();
    }

    private Run run(long id, ResultSet row) throws SQLException {
        return new Run(id, configuration.syncs().get(row.getString("sync")), row.getString("organisation"),
                Mode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)), row.getBoolean("dry_run"), row.getString("entity"), List.of(),
                row.getObject("since") == null ? null : row.getObject("since", OffsetDateTime.class).toInstant(), row.getBoolean("repair"),
                row.getObject("approves", Long.class), row.getString("trigger"), row.getString("requested_by"), row.getObject("fence", Long.class),
                row.getInt("takeovers"));
    }
}
