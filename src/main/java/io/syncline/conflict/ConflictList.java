package io.syncline.conflict;

import io.syncline.store.BriefReads;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The conflicts of a sync, the newest first, and how many there are of which sort. Promise 29: the organisation is part of every statement. */
@Component
public class ConflictList {
    public static final List<String> STATES = List.of("open", "settled");
    public static final List<String> KINDS = List.of("changed-both", "deleted-there", "deleted-here", "bypassed");

    static final String COLUMNS = """
            select c.*, r.actor as decided_by, r.at as decided_at, r.how as decided_how, r.reason as decided_why
            from syncline.conflict c left join syncline.resolution r on r.id = c.decided""";

    /** What was removed is an empty text. */
    private static final String SAID = """
            (position(lower(:said) in lower(c.key)) > 0 or exists (
                select from (select value from jsonb_each_text(nullif(c.ours, '')::jsonb)
                             union all select value from jsonb_each_text(nullif(c.theirs, '')::jsonb)) v
                where position(lower(:said) in lower(v.value)) > 0))""";

    private final JdbcClient sql;
    private final BriefReads reads;

    ConflictList(JdbcClient sql, BriefReads reads) {
        this.sql = sql;
        this.reads = reads;
    }

    /**
     * A part of the list.
     *
     * @param counts by state (whatever state was asked for), entity, kind and field
     */
    public record Part(List<Conflict> items, Map<String, Map<String, Long>> counts) {
    }

    /** @param below the number that the last step ended with, or null for the newest */
    public Part read(ConflictFilter filter, Long below, int limit) {
        return reads.read(() -> {
            Map<String, Object> parameters = parameters(filter);
            parameters.put("below", below);
            parameters.put("limit", limit);
            List<Conflict> items = sql.sql(COLUMNS + " where " + conditions(filter, true) + (below == null ? "" : " and c.id < :below")
                    + " order by c.id desc limit :limit").params(parameters).query((row, n) -> conflict(row)).list();
            return new Part(items, counts(filter));
        });
    }

    public Optional<Conflict> find(String organisation, String sync, long id) {
        return sql.sql(COLUMNS + " where c.organisation = ? and c.sync = ? and c.id = ?").params(organisation, sync, id)
                .query((row, n) -> conflict(row)).optional();
    }

    /** The same, and nobody else decides about it until the end of the transaction. It is read only then: whoever had it may have decided. */
    Optional<Conflict> locked(String organisation, String sync, long id) {
        return sql.sql("select c.id from syncline.conflict c where c.organisation = ? and c.sync = ? and c.id = ? for no key update")
                .params(organisation, sync, id).query(Long.class).optional().flatMap(locked -> find(organisation, sync, locked));
    }

    /** The conflict that a settled one was opened again as. */
    Optional<Long> reopenedAs(Conflict conflict) {
        return sql.sql("select id from syncline.conflict where reopens = ? and organisation = ? order by id limit 1")
                .params(conflict.id(), conflict.organisation()).query(Long.class).optional();
    }

    private Map<String, Map<String, Long>> counts(ConflictFilter filter) {
        Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
        List.of("state", "entity", "kind", "field").forEach(of -> counts.put(of, new LinkedHashMap<>()));
        STATES.forEach(state -> counts.get("state").put(state, 0L));
        // Conflicts are looked at once, however much is counted of them.
        sql.sql("with alike as materialized (select c.state, c.entity, c.kind, c.fields, count(*) as number from syncline.conflict c where "
                        + conditions(filter, false) + " group by 1, 2, 3, 4), asked as (select * from alike c where "
                        + (filter.state() == null ? "true" : "c.state = :state") + """
                        )
                        select 'state' as of, state as name, sum(number) as number from alike group by 2
                        union all select 'entity', entity, sum(number) from asked group by 2
                        union all select 'kind', kind, sum(number) from asked group by 2
                        union all select 'field', f.name, sum(number) from asked, unnest(fields) as f (name) group by 2 order by 1, 3 desc, 2""")
                .params(parameters(filter)).query(row -> {
                    counts.get(row.getString(1)).put(row.getString(2), row.getLong(3));
                });
        return counts;
    }

    /** @param state whether the state matters */
    static String conditions(ConflictFilter filter, boolean state) {
        List<String> all = new ArrayList<>(List.of("c.organisation = :organisation", "c.sync = :sync"));
        if (state && filter.state() != null) {
            all.add("c.state = :state");
        }
        if (filter.entity() != null) {
            all.add("c.entity = :entity");
        }
        if (filter.field() != null) {
            all.add(":field = any(c.fields)");
        }
        if (filter.kind() != null) {
            all.add("c.kind = :kind");
        }
        if (filter.text() != null) {
            all.add("position(lower(:text) in lower(c.key)) > 0");
        }
        if (filter.settledBy() != null) {
            all.add("c.settled_by = :settledBy");
        }
        if (filter.said() != null) {
            all.add(SAID);
        }
        if (filter.ids() != null) {
            all.add("c.id in (:ids)");
        }
        return String.join(" and ", all);
    }

    static Map<String, Object> parameters(ConflictFilter filter) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("organisation", filter.organisation());
        parameters.put("sync", filter.sync());
        parameters.put("state", filter.state());
        parameters.put("entity", filter.entity());
        parameters.put("field", filter.field());
        parameters.put("kind", filter.kind());
        parameters.put("text", filter.text());
        parameters.put("settledBy", filter.settledBy());
        parameters.put("said", filter.said());
        parameters.put("ids", filter.ids());
        return parameters;
    }

    static Conflict conflict(ResultSet row) throws SQLException {
        Instant settledAt = instant(row, "settled_at");
        Long decided = row.getObject("decided", Long.class);
        String by = row.getString("decided_by");
        return new Conflict(row.getLong("id"), row.getString("sync"), row.getString("entity"), row.getString("organisation"), row.getString("key"),
                row.getLong("row_id"), row.getString("side"), row.getString("kind"), row.getString("reason"),
                List.of((String[]) row.getArray("fields").getArray()), row.getString("base"), row.getString("theirs"), row.getString("ours"),
                row.getBytes("theirs_hash"), row.getObject("theirs_version", Long.class), instant(row, "theirs_modified_on"), row.getString("theirs_before"),
                instant(row, "detected_at"), instant(row, "refreshed_at"), row.getLong("run_id"),
                settledAt == null ? null : new Conflict.Settled(row.getString("settled_by"), settledAt, row.getString("settled_how"),
                        decided == null ? null : row.getString("decided_why")),
                settledAt != null || decided == null ? null : new Conflict.Waiting(decided, by, instant(row, "decided_at"), row.getString("decided_how")),
                decided, row.getObject("reopens", Long.class));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
