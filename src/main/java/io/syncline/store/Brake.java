package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Promise 7: more deletes than the entity's limit, or any after an empty answer, are held for a person; creates and updates go on. */
@Component
public class Brake {
    /** Up to so many deletes never exceed the percentage: in a small table one row is a lot of percent. */
    private static final int ALWAYS_FEW = 5;
    private static final String LIVE = "select count(*) from {table} where org_id = ? and {side_id} is not null and deleted_at is null";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    public Brake(JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /**
     * Holds the staged deletes of the run where there are too many.
     *
     * @param emptyAnswer the source delivered no record at all
     * @param unconfirmed not every absence was asked for, because there were more than the limit allows
     * @return why they are held; empty when none are
     */
    public Optional<String> apply(long run, SyncConfig sync, EntityConfig entity, String organisation, boolean emptyAnswer, boolean unconfirmed) {
        EntityTable table = new EntityTable(sync, entity);
        return transaction.execute(status -> {
            long deletes = jdbc.queryForObject(table.fill("select count(*) from {staging} where run_id = ? and outcome = 'delete'"), Long.class, run);
            if (deletes == 0) {
                return Optional.empty();
            }
            long live = jdbc.queryForObject(table.fill(LIVE), Long.class, organisation);
            Optional<String> reason = reason(entity.brake(), deletes, live, emptyAnswer).or(() -> unconfirmed
                    ? Optional.of(deletes + " deletes were not confirmed one by one, so they wait for approval") : Optional.empty());
            reason.ifPresent(why -> jdbc.update(
                    table.fill("update {staging} set outcome = 'held', reason = ?, writes = false, agrees = false where run_id = ? and outcome = 'delete'"),
                            why, run));
            return reason;
        });
    }

    /** How many deletes of the entity one run may publish without asking. */
    public long limit(SyncConfig sync, EntityConfig entity, String organisation) {
        long live = jdbc.queryForObject(new EntityTable(sync, entity).fill(LIVE), Long.class, organisation);
        return limit(entity.brake(), live);
    }

    static long limit(EntityConfig.Brake brake, long live) {
        return Math.min(brake.rows(), Math.max(ALWAYS_FEW, live * brake.percent() / 100));
    }

    static Optional<String> reason(EntityConfig.Brake brake, long deletes, long live, boolean emptyAnswer) {
        if (emptyAnswer) {
            return Optional.of("the source's answer was empty while " + live + " rows are live, so " + deletes + " deletes wait for approval");
        }
        if (deletes > brake.rows()) {
            return Optional.of(deletes + " deletes are more than the limit of " + brake.rows() + ", so they wait for approval");
        }
        if (deletes > ALWAYS_FEW && deletes * 100 > live * brake.percent()) {
            return Optional.of(deletes + " deletes of " + live + " live rows are more than the limit of " + brake.percent() + " %, so they wait for approval");
        }
        return Optional.empty();
    }
}
