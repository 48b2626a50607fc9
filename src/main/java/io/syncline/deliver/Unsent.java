package io.syncline.deliver;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.util.List;

/** Finds where something waits for a run of mode {@code push}. */
@Component("unsent")
public class Unsent {
    private final JdbcClient sql;
    private final Configuration configuration;

    Unsent(JdbcClient sql, Configuration configuration) {
        this.sql = sql;
        this.configuration = configuration;
    }

    /**
     * A request for each sync and organisation with edits that are not sealed, or answers or decisions about conflicts that are not settled. One that has just
     * failed rests for a minute.
     */
    public List<RunRequest> waiting() {
        return sql.sql("""
                select distinct w.sync, w.organisation
                from (select sync, organisation from syncline.local_edit where snapshot_id is null
                      union all select sync, organisation from syncline.push where state = 'answered'
                      union all select sync, organisation from syncline.conflict where state = 'open' and decided is not null) w
                where not exists (select from syncline.run r where r.sync = w.sync and r.organisation = w.organisation and r.mode = 'push'
                                  and r.state = 'failed' and r.finished_at > clock_timestamp() - interval '1 minute')""")
                .query((row, n) -> request(row.getString(1), row.getString(2), "edit")).list().stream().filter(this::isConfigured).toList();
    }

    /** Where a sync and organisation are called {@code ["pricebook","default"]} in a notification. */
    static RunRequest request(String sync, String organisation, String trigger) {
        return new RunRequest(sync, organisation, Mode.PUSH, false, null, null, null, trigger, trigger);
    }

    boolean isConfigured(RunRequest request) {
        SyncConfig sync = configuration.syncs().get(request.sync());
        return sync != null && sync.organisations().contains(request.organisation());
    }

    /** What was answered of a batch is settled at once; of nothing answered, nothing is. */
    public List<RunRequest> settle(List<Claim> batch) {
        String sync = batch.get(0).sync();
        String organisation = batch.get(0).order().organisation();
        boolean answered = sql.sql("select exists (select from syncline.push where sync = ? and organisation = ? and state = 'answered')")
                .params(sync, organisation).query(Boolean.class).single();
        return answered ? List.of(request(sync, organisation, "push")) : List.of();
    }
}
