package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Promise 7: more deletes than the entity's limit, or any after an empty answer, are held for a person; creates and updates go on.
 * Deletes that a person approved pass, and do not count.
 */
@Component
public class Brake {
    private static final String LIVE =
            "select count(*) from (select from {table} where org_id = ? and {side_id} is not null and deleted_at is null limit ?) live";
    private static final String NOT_APPROVED =
            "not exists (select from syncline.approval a where a.run_id = s.run_id and a.entity = {entity} and a.row_id = s.row_id)";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    public Brake(JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /**
     * Holds the staged deletes of the run where there are too many. Applied again, it leaves what is held as it is and tells the same.
     *
     * @param emptyAnswer the source delivered no record at all
     * @param unconfirmed not every absence was asked for, because there were more than the limit allows
     * @return why they are held; empty when none are
     */
    public Optional<String> apply(long run, SyncConfig sync, EntityConfig entity, String organisation, boolean emptyAnswer, boolean unconfirmed) {
        EntityTable table = new EntityTable(sync, entity);
        return transaction.execute(status -> {
            Map<String, Object> staged = jdbc.queryForMap(table.fill("""
                    select count(*) filter (where s.outcome = 'delete') as deletes, min(s.reason) filter (where s.outcome = 'held') as held
                    from {staging} s where s.run_id = ? and s.outcome in ('delete', 'held') and\s""" + NOT_APPROVED), run);
            long deletes = (long) staged.get("deletes");
            Optional<String> reason = Optional.ofNullable((String) staged.get("held"))
                    .or(() -> deletes == 0 ? Optional.empty() : limit(sync, entity, organisation, emptyAnswer ? Long.MAX_VALUE
                            : DeleteLimit.enough(entity.brake(), deletes)).reason(deletes, emptyAnswer, unconfirmed));
            reason.ifPresent(why -> jdbc.update(table.fill("""
                    update {staging} s set outcome = 'held', reason = ?, writes = false, agrees = false
                    where s.run_id = ? and s.outcome = 'delete' and\s""" + NOT_APPROVED), why, run));
            return reason;
        });
    }

    /** How many deletes of the entity one run may publish without asking; for that, live rows are counted no further than it matters. */
    public long most(SyncConfig sync, EntityConfig entity, String organisation) {
        return limit(sync, entity, organisation, DeleteLimit.enough(entity.brake())).most();
    }

    /** @param enough live rows need not be counted further */
    private DeleteLimit limit(SyncConfig sync, EntityConfig entity, String organisation, long enough) {
        return new DeleteLimit(entity.brake(), jdbc.queryForObject(new EntityTable(sync, entity).fill(LIVE), Long.class, organisation, enough));
    }
}
