package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How many rows an entity has, by how they stand. It reads the whole table, so who asks often keeps the answer. */
@Component
public class EntityCounts {
    private final JdbcClient sql;

    EntityCounts(JdbcClient sql) {
        this.sql = sql;
    }

    /**
     * Rows of one entity and organisation.
     *
     * @param total   those that are not deleted
     * @param synced  of them, those that say what the side says
     * @param pending of them, those with something that has not reached the other side yet
     */
    public record Rows(long total, long synced, long pending, long deleted) {
    }

    public Rows count(SyncConfig sync, EntityConfig entity, String organisation) {
        return sql.sql(new EntityTable(sync, entity).fill("""
                select count(*) filter (where deleted_at is null) as total,
                       count(*) filter (where deleted_at is null and sync_status = 'synced') as synced,
                       count(*) filter (where deleted_at is null and sync_status in ('pending_push', 'pending_pull')) as pending,
                       count(*) filter (where deleted_at is not null) as deleted
                from {table} where org_id = ?""")).param(organisation).query(Rows.class).single();
    }

    /** Another answer than before means that something may have been written; the same means that nothing was. */
    public String mark(String sync, String organisation) {
        return sql.sql("""
                select concat_ws(' ', (select max(finished_at) from syncline.run where sync = ? and organisation = ? and finished_at is not null),
                    (select max(id) from syncline.local_edit))""").params(sync, organisation).query(String.class).single();
    }
}
