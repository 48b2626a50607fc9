package io.syncline.inspect;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The snapshots of a sync for an organisation, the newest first. */
@Component
public class Snapshots {
    private static final String LISTED = """
            select s.id, s.number, s.sealed_at, s.run_id, r.mode, r.trigger, r.requested_by, s.changes, encode(s.digest, 'hex') as digest,
                   encode(s.previous, 'hex') as previous
            from syncline.snapshot s left join syncline.run r on r.id = s.run_id where s.sync = ? and s.organisation = ? and s.number > 0""";

    private final JdbcClient sql;

    Snapshots(JdbcClient sql) {
        this.sql = sql;
    }

    /** @param below the number that the last step ended with, or one that no snapshot has for the newest */
    public List<Snapshot> list(String sync, String organisation, long below, int limit) {
        return sql.sql(LISTED + " and s.number < ? order by s.number desc limit ?").params(sync, organisation, below, limit)
                .query((row, n) -> snapshot(row)).list();
    }

    /** By the clock that versions are dated by, which need not be this machine's. */
    public Instant now() {
        return sql.sql("select clock_timestamp() as now").query((row, n) -> Records.instant(row, "now")).single();
    }

    public Optional<Snapshot> find(String sync, String organisation, long number) {
        return sql.sql(LISTED + " and s.number = ?").params(sync, organisation, number).query((row, n) -> snapshot(row)).optional();
    }

    private static Snapshot snapshot(ResultSet row) throws SQLException {
        return new Snapshot(row.getLong("id"), row.getLong("number"), Records.instant(row, "sealed_at"), row.getObject("run_id", Long.class),
                row.getString("mode"), row.getString("trigger"), row.getString("requested_by"), row.getLong("changes"), row.getString("digest"),
                row.getString("previous"));
    }
}
