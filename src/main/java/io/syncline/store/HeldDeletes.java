package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.Explained;
import io.syncline.config.SyncConfig;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The deletes that a run held, entity by entity, until a person approves them or the source shows the records again. A set is replaced by that of the next
 * run that holds deletes of the entity. Promise 7: what was approved is a ceiling, frozen row by row when the approving run is accepted.
 */
@Component
public class HeldDeletes {
    private static final String OF_SET = "from syncline.attention where kind = 'held' and state = 'open' and run_id = :run and entity = :entity"
            + " and organisation = :organisation";

    private final JdbcClient sql;

    public HeldDeletes(JdbcClient sql) {
        this.sql = sql;
    }

    /**
     * A set as it stands.
     *
     * @param count  how many rows are still held
     * @param keys   some of them, in their order
     * @param next   the key to go on after, or null when these were the last
     * @param newer  the run whose set has replaced this one, or null
     */
    public record Held(String sync, String reason, long count, List<String> keys, String next, Long newer) {
    }

    /** Why a set cannot be approved. */
    public static final class NotApprovable extends RuntimeException implements Explained {
        private final Long newer;

        NotApprovable(Long newer, String message) {
            super(message);
            this.newer = newer;
        }

        /** The run whose set has taken its place, or null when nothing is held any more. */
        public Long newer() {
            return newer;
        }
    }

    /**
     * What a run holds of an entity; empty when it never held anything of it, or is none of the organisation's.
     *
     * @param after the last key of the list before, or null for the first
     */
    public Optional<Held> list(String organisation, long run, String entity, String after, int limit) {
        Optional<String> sync = sync(organisation, run, entity);
        if (sync.isEmpty()) {
            return Optional.empty();
        }
        List<String> keys = set("select subject " + OF_SET + " and subject collate \"C\" > :after order by subject collate \"C\" limit :limit", organisation,
                run, entity).param("after", after == null ? "" : after).param("limit", limit + 1).query(String.class).list();
        boolean more = keys.size() > limit;
        List<String> shown = more ? keys.subList(0, limit) : keys;
        return Optional.of(new Held(sync.get(), set("select min(reason) " + OF_SET, organisation, run, entity).query(String.class).optional().orElse(null),
                set("select count(*) " + OF_SET, organisation, run, entity).query(Long.class).single(), shown, more ? shown.get(limit - 1) : null,
                newer(sync.get(), organisation, entity, run)));
    }

    /** The sync of a run that held deletes of the entity, also when none of them waits any more. */
    public Optional<String> sync(String organisation, long run, String entity) {
        return sql.sql("""
                select r.sync from syncline.run r, jsonb_array_elements(r.report::jsonb -> 'entities') e
                where r.id = ? and r.organisation = ? and e ->> 'entity' = ? and e -> 'counts' -> 'held' is not null limit 1""")
                .params(run, organisation, entity).query(String.class).optional();
    }

    /**
     * Makes the rows that are held now the ceiling of the run that was just accepted; in the transaction that accepts it.
     *
     * @param approved the run that held them
     * @throws NotApprovable when a newer run has replaced the set, or nothing of it is held any more
     */
    public void freeze(long run, String sync, String organisation, String entity, long approved) {
        Long newer = newer(sync, organisation, entity, approved);
        if (newer != null) {
            throw new NotApprovable(newer, "Run " + newer + " has read " + entity + " since and holds deletes of its own. Look at those of run " + newer
                    + " and approve them instead.");
        }
        int frozen = set("insert into syncline.approval (run_id, entity, row_id) select distinct :new::bigint, entity, row_id " + OF_SET + " and sync = :sync",
                organisation, approved, entity).param("new", run).param("sync", sync).update();
        if (frozen == 0) {
            throw new NotApprovable(null, "Nothing that run " + approved + " held of " + entity
                    + " waits any more: it came back at the source, or was decided.");
        }
    }

    private Long newer(String sync, String organisation, String entity, long run) {
        return sql.sql("select max(run_id) from syncline.attention where kind = 'held' and state = 'open' and sync = ? and entity = ? and organisation = ?"
                + " and run_id > ?").params(sync, entity, organisation, run).query(Long.class).optional().orElse(null);
    }

    /** Which of the rows a run may delete whatever the brake says. */
    public Set<Long> approved(long run, String entity, Collection<Long> rows) {
        return new HashSet<>(sql.sql("select row_id from syncline.approval where run_id = ? and entity = ? and row_id = any(?)")
                .params(run, entity, rows.toArray(Long[]::new)).query(Long.class).list());
    }

    /** How many rows a run may delete whatever the brake says. */
    public long ceiling(long run, String entity) {
        return sql.sql("select count(*) from syncline.approval where run_id = ? and entity = ?").params(run, entity).query(Long.class).single();
    }

    /** How many of the deletes that a run may make it has found to be due. */
    public long confirmed(long run, SyncConfig sync, EntityConfig entity) {
        return sql.sql(new EntityTable(sync, entity).fill("""
                select count(*) from syncline.approval a join {staging} s on s.run_id = a.run_id and s.row_id = a.row_id
                where a.run_id = ? and a.entity = {entity} and s.outcome = 'delete'""")).params(run).query(Long.class).single();
    }

    private JdbcClient.StatementSpec set(String statement, String organisation, long run, String entity) {
        return sql.sql(statement).param("run", run).param("entity", entity).param("organisation", organisation);
    }
}
