package io.syncline.inspect;

import io.syncline.store.BriefReads;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is different between two snapshots of an entity. Only versions that began or ended between the two are read, found by the indexes on the snapshots of
 * their intervals: what did not change costs nothing.
 */
@Component
public class Comparison {
    private static final String ROOM = "set local work_mem = '64MB'";
    public static final List<String> KINDS = List.of("added", "removed", "changed");

    /**
     * A row that changed between the two has a version that began between them and stands in the later one; what it was before ended between them. The other
     * end of an interval is no condition for an index ({@code + 0}), or two large ones would be brought together to find what one finds.
     */
    private static final String DIFFERENT = """
            with late as (
                select row_id, {side_id} as key, deleted_at is not null as deleted, document, hash from {table}
                where snapshot_id > :low and snapshot_id <= :high and org_id = :organisation and row_id > :after
                union all
                select row_id, {side_id}, deleted, document, hash from {history}
                where from_snapshot > :low and from_snapshot <= :high and to_snapshot + 0 > :high and org_id = :organisation and row_id > :after
                union all
                select row_id, side_key, before_deleted, before, before_hash from syncline.local_edit
                where sync = {sync} and entity = {entity} and organisation = :organisation and snapshot_id is null
                  and before_snapshot > :low and before_snapshot <= :high and row_id > :after),
            early as (
                select row_id, {side_id} as key, deleted, document, hash from {history}
                where to_snapshot > :low and to_snapshot <= :high and from_snapshot + 0 <= :low and org_id = :organisation and row_id > :after),
            different as (
                select row_id, coalesce(l.key, e.key) as key, e.deleted is false as was, l.deleted is false as stays, e.document as early, l.document as late
                from late l full join early e using (row_id) where l.hash is distinct from e.hash or l.deleted is distinct from e.deleted),
            told as (
                select row_id, key, early, late, case when was and stays then 'changed' when {there} then 'added' else 'removed' end as kind
                from different where was or stays)
            """;

    private final JdbcClient sql;
    private final BriefReads reads;

    Comparison(JdbcClient sql, BriefReads reads) {
        this.sql = sql;
        this.reads = reads;
    }

    /** How many records are different, by each kind. */
    public Map<String, Long> count(Place place, Snapshot from, Snapshot to) {
        Map<String, Long> counts = new LinkedHashMap<>();
        KINDS.forEach(kind -> counts.put(kind, 0L));
        reads.read(() -> {
            sql.sql(ROOM).update();
            sql.sql(different(place, from, to) + "select kind, count(*) as records from told group by kind").params(parameters(place, from, to, 0))
                    .query(row -> { counts.put(row.getString("kind"), row.getLong("records")); });
            return null;
        });
        return counts;
    }

    /**
     * A step of them in the order of their rows.
     *
     * @param kind  one of {@link #KINDS}, or null for all
     * @param after the row that the last step ended with, or 0
     */
    public List<ComparedRecord> read(Place place, Snapshot from, Snapshot to, String kind, long after, int limit) {
        Map<String, Object> parameters = parameters(place, from, to, after);
        parameters.put("kind", kind);
        parameters.put("limit", limit);
        return reads.read(() -> {
            sql.sql(ROOM).update();
            return sql.sql(different(place, from, to) + "select * from told where kind = coalesce(:kind, kind) order by row_id limit :limit")
                    .params(parameters).query((row, n) -> compared(row, from.id() > to.id())).list();
        });
    }

    private static String different(Place place, Snapshot from, Snapshot to) {
        return place.table().fill(DIFFERENT.replace("{there}", from.id() <= to.id() ? "stays" : "was"));
    }

    private static Map<String, Object> parameters(Place place, Snapshot from, Snapshot to, long after) {
        return new HashMap<>(Map.of("low", Math.min(from.id(), to.id()), "high", Math.max(from.id(), to.id()), "organisation", place.organisation(),
                "after", after));
    }

    private static ComparedRecord compared(ResultSet row, boolean backwards) throws SQLException {
        String kind = row.getString("kind");
        String before = kind.equals("added") ? null : row.getString(backwards ? "late" : "early");
        String after = kind.equals("removed") ? null : row.getString(backwards ? "early" : "late");
        boolean erased = "".equals(before) || "".equals(after);
        return new ComparedRecord(row.getLong("row_id"), row.getString("key"), kind, erased ? List.of() : Difference.between(before, after), erased);
    }
}
