package io.syncline.preview;

import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.util.Optional;

/** Rollbacks for those who ask for them. Promise 29: the organisation is part of the question. */
@Component
public class Rollbacks {
    private final JdbcClient sql;

    Rollbacks(JdbcClient sql) {
        this.sql = sql;
    }

    private record Told(String sync, String mode, String entity, String state, boolean dryRun, boolean ended, Long snapshot) {
    }

    /**
     * The request for the run that plans to take a run back; empty when the organisation never had that run.
     *
     * @param reason why, for the report and the activity
     * @throws CannotBeRolledBack when the run is under way, or published nothing
     */
    public Optional<RunRequest> request(String organisation, long run, String reason, String trigger, String requestedBy) {
        return sql.sql("""
                select sync, mode, entity, state, dry_run, finished_at is not null as ended, snapshot_id as snapshot
                from syncline.run where organisation = ? and id = ?""").params(organisation, run).query(Told.class).optional().map(told -> {
            if (told.snapshot() == null) {
                throw new CannotBeRolledBack(run, !told.ended(), why(run, told));
            }
            return new RunRequest(told.sync(), organisation, Mode.ROLLBACK, true, null, told.entity(), null, false, null, null,
                    new RunRequest.Rollback(run, reason), trigger, requestedBy);
        });
    }

    private static String why(long run, Told told) {
        String subject = "Run " + run + " (" + told.mode() + ") ";
        if (!told.ended()) {
            return subject + "is under way. Ask again when it has ended, or cancel it.";
        }
        if (told.dryRun()) {
            return subject + "only made a plan, and published nothing, so there is nothing to take back. Name the run that applied it, or drop the plan.";
        }
        return subject + "published nothing (" + told.state() + "), so there is nothing to take back. GET /api/v1/runs tells which runs left a snapshot.";
    }
}
