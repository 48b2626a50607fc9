package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.Observed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Promise 8: a record whose parent is missing waits, and with it the records below it; everything else goes on.
 * A parent is there when it has a row (deleted or not), or when the same plan creates it.
 */
@Component
public class Parking {
    static final String STAYING = "('create', 'link', 'update', 'remapped', 'restore')";

    private final JdbcClient sql;
    private final TransactionTemplate transaction;

    public Parking(JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.sql = JdbcClient.create(jdbc);
        this.transaction = transaction;
    }

    /**
     * Parks the staged records of all planned entities whose parent is missing, and those below them, and those that are their own ancestor.
     *
     * @return how many were parked
     */
    public long park(long run, SyncConfig sync, String organisation, List<EntityConfig> planned) {
        return park(run, sync, organisation, planned, "parked", "waits for", "which is not there yet");
    }

    /**
     * Leaves out of a plan that is being applied what lacks its parent: because that was not chosen, was set aside, or is gone since.
     *
     * @return how many were left out
     */
    long leaveOut(long run, SyncConfig sync, String organisation, List<EntityConfig> chosen) {
        return park(run, sync, organisation, chosen, "moved", "needs", "which is not there and is not applied with it");
    }

    /**
     * Parks what would close a circle with rows that moved since the plan was completed, and what is below it. Until the caller's transaction ends, nobody else
     * moves a record of these trees.
     *
     * @return whether anything was parked
     */
    boolean parkCircles(long run, SyncConfig sync, String organisation, List<EntityConfig> planned) {
        boolean closed = holdStill(run, sync, organisation, planned).stream().mapToInt(moved -> moved.parkCircles("parked")).sum() > 0;
        if (closed) {
            park(run, sync, organisation, planned);
        }
        return closed;
    }

    /** Nobody else moves a record of the trees in which this plan moves one, until the caller's transaction ends. */
    List<Ancestry> holdStill(long run, SyncConfig sync, String organisation, List<EntityConfig> planned) {
        List<Ancestry> moved = tables(sync, planned).stream().flatMap(table -> table.ownReferences().stream()
                .map(reference -> new Ancestry(sql, table, reference, run, organisation))).filter(Ancestry::isMoved).toList();
        moved.forEach(Ancestry::holdStill);
        return moved;
    }

    private long park(long run, SyncConfig sync, String organisation, List<EntityConfig> planned, String outcome, String waits, String why) {
        List<EntityTable> tables = tables(sync, planned);
        return transaction.execute(status -> {
            long parked = 0;
            for (long more = 1; more > 0; parked += more) {
                more = 0;
                for (EntityTable table : tables) {
                    for (Field reference : table.references()) {
                        if (table.ownReferences().contains(reference)) {
                            Ancestry ancestry = new Ancestry(sql, table, reference, run, organisation);
                            // What is parked keeps its old place, and that can close another circle.
                            more += ancestry.parkCircles(outcome);
                            more += ancestry.parkOrphans(outcome, waits, why);
                        } else {
                            more += sql.sql(orphans(table, reference)).param("outcome", outcome).param("waits", waits).param("why", why).param("run", run)
                                    .param("organisation", organisation).update();
                        }
                    }
                }
            }
            return parked;
        });
    }

    private static List<EntityTable> tables(SyncConfig sync, List<EntityConfig> planned) {
        return planned.stream().map(entity -> new EntityTable(sync, entity)).toList();
    }

    /**
     * Records parked by earlier runs whose parents are all there now, or come with this plan, in the order of their keys.
     * Those that the run has staged anew, or seen as they were agreed, are not among them. Of a tree, all levels come back at once.
     *
     * @param afterKey the last key of the batch before, or null for the first
     */
    public List<Observed> returning(long run, SyncConfig sync, EntityConfig entity, String organisation, String afterKey, int limit) {
        EntityTable table = new EntityTable(sync, entity);
        List<Observed> returning = new ArrayList<>();
        List<Observed> some;
        String after = afterKey;
        do {
            some = waiting(table, run, organisation, after, limit);
            after = some.isEmpty() ? after : some.get(some.size() - 1).key();
            Set<String> seen = seen(table, run, organisation, some);
            some.stream().filter(each -> !seen.contains(each.key())).forEach(returning::add);
        } while (some.size() == limit && returning.size() < limit);
        return returning.size() > limit ? returning.subList(0, limit) : returning;
    }

    /** The keys of those among them that the run has seen. */
    private Set<String> seen(EntityTable table, long run, String organisation, List<Observed> records) {
        if (records.isEmpty()) {
            return Set.of();
        }
        Map<Long, String> rows = new HashMap<>();
        sql.sql(table.fill("select row_id, {side_id} from {table} where org_id = :organisation and {side_id} = any(:keys)")).param("organisation", organisation)
                .param("keys", records.stream().map(Observed::key).toArray(String[]::new)).query(row -> { rows.put(row.getLong(1), row.getString(2)); });
        return rows.isEmpty() ? Set.of() : sql.sql(table.fill(SeenRows.among("select unnest(:rows)"))).param("run", run)
                .param("rows", rows.keySet().toArray(Long[]::new)).query((row, number) -> rows.get(row.getLong(1))).set();
    }

    private List<Observed> waiting(EntityTable table, long run, String organisation, String afterKey, int limit) {
        StringBuilder parents = new StringBuilder();
        for (Field reference : table.references()) {
            String key = "(a.document::jsonb ->> " + EntityTable.literal(reference.name()) + ")";
            parents.append(" and (").append(key).append(" is null or ").append(exists(table.parent(reference), key));
            if (table.ownReferences().contains(reference)) {
                if (afterKey == null) {
                    transaction.executeWithoutResult(status -> new Ancestry(sql, table, reference, run, organisation).climbParked());
                }
                parents.append(" or exists (select from syncline_staging.climb c where c.run_id = :run and c.key = a.key)");
            }
            parents.append(')');
        }
        return sql.sql(table.fill("""
                select a.key, a.document, a.version, a.modified_at, a.deleted from syncline.attention a
                where a.sync = {sync} and a.entity = {entity} and a.organisation = :organisation and a.kind = 'parked' and a.state = 'open'
                  and a.key collate "C" > :after and not exists (select from {staging} s where s.run_id = :run and s.key = a.key)
                  and not exists (select from {staging} s join {table} t on t.row_id = s.row_id
                                  where s.run_id = :run and t.org_id = :organisation and t.{side_id} = a.key)
                  and not exists (select from {table} t where t.org_id = :organisation and t.{side_id} = a.key and t.{side_synced_at} > a.last_seen_at)""")
                + parents
                + " order by a.key collate \"C\" limit :limit")
                .param("run", run).param("organisation", organisation).param("after", afterKey == null ? "" : afterKey).param("limit", limit)
                .query((row, number) -> {
                    Document document = Document.stored(row.getString(2));
                    return new Observed(row.getString(1), document, row.getObject(3, Long.class), StoredStates.instant(row, 4),
                            row.getBoolean(5), List.of(), null);
                }).list();
    }

    private static String orphans(EntityTable table, Field reference) {
        String staged = "s." + EntityTable.staged(reference) + "::text";
        return table.fill("""
                update {staging} s set outcome = :outcome, writes = false, agrees = false,
                       reason = :waits || ' {parent_name} ' || {parent_key} || ', ' || :why || ' ({reference})'
                where s.run_id = :run and s.outcome in""".replace("{parent_name}", reference.references().replace("'", "''"))
                .replace("{reference}", reference.name().replace("'", "''")).replace("{parent_key}", staged)) + STAYING + " and " + staged
                        + " is not null and not "
                + exists(table.parent(reference), staged);
    }

    static String exists(EntityTable parent, String key) {
        return parent.fill("(exists (select from {table} p where p.org_id = :organisation and p.{side_id} = " + key
                + ") or exists (select from {staging} q where q.run_id = :run and q.key = " + key + " and q.outcome in ('create', 'link')))");
    }
}
