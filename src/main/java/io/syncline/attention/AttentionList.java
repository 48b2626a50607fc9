package io.syncline.attention;

import io.syncline.store.BriefReads;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What waits for a person in an organisation, the newest first, wherever it is kept. Held deletes are one item for each run and entity.
 * Promise 29: the organisation is part of every statement.
 */
@Component
public class AttentionList {
    public static final List<String> KINDS = List.of("rejected", "parked", "held", "conflict", "refused", "unknown");

    private static final String ENTRIES = """
            select 'a' || a.id as id, a.kind, a.sync, a.entity, a.key, a.row_id, a.reason, a.attempts, a.first_seen_at as since, a.last_seen_at,
                   a.next_attempt_at, a.run_id, 1::bigint as records, array[]::text[] as fields, a.closed_at, a.closed_how, a.closed_by, a.close_reason
            from syncline.attention a where a.organisation = :organisation and a.kind in ('rejected', 'parked')""";
    private static final String SETS = """
            select 'h' || a.run_id || '.' || a.entity as id, 'held' as kind, a.sync, a.entity, null::text as key, null::bigint as row_id,
                   min(a.reason) as reason, 1 as attempts, min(a.first_seen_at) as since, max(a.last_seen_at) as last_seen_at, null::timestamptz as
                       next_attempt_at, a.run_id,
                   count(*) as records, array[]::text[] as fields, max(a.closed_at) as closed_at, max(a.closed_how) as closed_how,
                   max(a.closed_by) as closed_by, max(a.close_reason) as close_reason
            from syncline.attention a where a.organisation = :organisation and a.kind = 'held'""";
    private static final String CONFLICTS = """
            select 'c' || a.id as id, 'conflict' as kind, a.sync, a.entity, a.key, a.row_id, a.reason, 1 as attempts, a.detected_at as since,
                   a.refreshed_at as last_seen_at, null::timestamptz as next_attempt_at, a.run_id, 1::bigint as records, a.fields,
                   a.settled_at as closed_at, a.settled_how as closed_how, a.settled_by as closed_by, null::text as close_reason
            from syncline.conflict a where a.organisation = :organisation""";
    private static final String PUSHES = """
            select 'p' || a.number as id, case a.state when 'unknown' then 'unknown' else 'refused' end as kind, a.sync, a.entity, a.key, a.row_id,
                   coalesce(a.reason, a.state) as reason, greatest(a.attempts, 1) as attempts, a.created_at as since,
                   coalesce(a.last_sent_at, a.created_at) as last_seen_at, null::timestamptz as next_attempt_at, a.run_id, 1::bigint as records,
                   array[]::text[] as fields, a.ended_at as closed_at, case when a.ended_at is not null then a.state end as closed_how,
                   case when a.ended_at is not null then a.ended_by end as closed_by, case when a.ended_at is not null then a.end_reason end as close_reason
            from syncline.push a where a.organisation = :organisation""";
    private static final String BY_SET = " group by a.sync, a.entity, a.run_id";
    private static final String HOLDS = "(position(lower(:text) in lower(coalesce(a.key, ''))) > 0 or position(lower(:text) in lower(a.reason)) > 0)";
    private static final String ORDER = " order by since desc, id collate \"C\" desc";

    private final JdbcClient sql;
    private final BriefReads reads;

    AttentionList(JdbcClient sql, BriefReads reads) {
        this.sql = sql;
        this.reads = reads;
    }

    /** The place of an item in the list. */
    public record Place(Instant since, String id) {
    }

    /**
     * A part of the list.
     *
     * @param counts how many there are of each kind, whatever kind was asked for
     */
    public record Part(List<AttentionItem> items, Map<String, Long> counts) {
    }

    /** @param after the last place of the part before, or null for the newest */
    public Part read(AttentionFilter filter, Place after, int limit) {
        return reads.read(() -> new Part(items(filter, after, limit), counts(filter)));
    }

    /** One of an organisation's items, also one that waits no more. */
    public Optional<AttentionItem> find(String organisation, String text) {
        return AttentionId.of(text).flatMap(id -> reads.read(() -> find(organisation, id)));
    }

    Optional<AttentionItem> find(String organisation, AttentionId id) {
        if (id.sort() == AttentionId.Sort.PUSH) {
            return sql.sql(PUSHES + " and (a.state in ('parked', 'unknown') or a.status is not null) and a.number = :number")
                    .param("organisation", organisation)
                    .param("number", id.number()).query((row, n) -> item(row)).optional();
        }
        if (id.sort() != AttentionId.Sort.HELD) {
            return sql.sql((id.sort() == AttentionId.Sort.ENTRY ? ENTRIES : CONFLICTS) + " and a.id = :number").param("organisation", organisation)
                    .param("number", id.number()).query((row, n) -> item(row)).optional();
        }
        // A set whose rows wait no more is shown with all of them; while some wait, it is those.
        return set(" and a.state = 'open'", organisation, id).or(() -> set("", organisation, id));
    }

    private Optional<AttentionItem> set(String which, String organisation, AttentionId id) {
        return sql.sql(SETS + " and a.run_id = :number and a.entity = :entity" + which + BY_SET).param("organisation", organisation)
                .param("number", id.number()).param("entity", id.entity()).query((row, n) -> item(row)).optional();
    }

    private List<AttentionItem> items(AttentionFilter filter, Place after, int limit) {
        String below = after == null ? "" : " where (since, id collate \"C\") < (:since::timestamptz, :id)";
        Map<String, Object> parameters = parameters(filter);
        parameters.put("limit", limit);
        if (after != null) {
            parameters.put("since", after.since().atOffset(ZoneOffset.UTC));
            parameters.put("id", after.id());
        }
        String step = "(select * from (%s) part" + below + ORDER + " limit :limit)";
        String union = String.join(" union all ", parts(filter, filter.kind()).values().stream().map(step::formatted).toList());
        return sql.sql("select * from (" + union + ") listed" + ORDER + " limit :limit").params(parameters).query((row, n) -> item(row)).list();
    }

    private Map<String, Long> counts(AttentionFilter filter) {
        Map<String, Long> counts = new LinkedHashMap<>();
        KINDS.forEach(kind -> counts.put(kind, 0L));
        String union = String.join(" union all ", parts(filter, null).values().stream().map("select kind from (%s) part"::formatted).toList());
        sql.sql("select kind, count(*) as number from (" + union + ") counted group by kind").params(parameters(filter))
                .query(row -> {
                    counts.put(row.getString(1), row.getLong(2));
                });
        return counts;
    }

    /** The statements that find what is looked for, by where it is kept; at least one. */
    private static Map<String, String> parts(AttentionFilter filter, String kind) {
        String which = (filter.sync() == null ? "" : " and a.sync = :sync")
                + (filter.entity() == null ? "" : " and a.entity = :entity");
        String conditions = " and a.state = 'open'" + which;
        String text = filter.text() == null ? "" : " and " + HOLDS;
        Map<String, String> parts = new LinkedHashMap<>();
        if (kind == null || kind.equals("rejected") || kind.equals("parked")) {
            parts.put("entries", ENTRIES + conditions + text + (kind == null ? "" : " and a.kind = :kind")
                    + (filter.personOnly() ? " and a.next_attempt_at is null" : ""));
        }
        if (kind == null || kind.equals("held")) {
            parts.put("sets", SETS + conditions + BY_SET + (filter.text() == null ? "" : " having bool_or(" + HOLDS + ")"));
        }
        if (kind == null || kind.equals("conflict")) {
            parts.put("conflicts", CONFLICTS + conditions + text);
        }
        if (kind == null || kind.equals("refused") || kind.equals("unknown")) {
            parts.put("pushes", PUSHES + (kind == null ? " and a.state in ('parked', 'unknown')" : kind.equals("unknown") ? " and a.state = 'unknown'"
                    : " and a.state = 'parked'") + which + text);
        }
        return parts;
    }

    private static Map<String, Object> parameters(AttentionFilter filter) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("organisation", filter.organisation());
        parameters.put("sync", filter.sync());
        parameters.put("entity", filter.entity());
        parameters.put("kind", filter.kind());
        parameters.put("text", filter.text());
        parameters.values().removeIf(value -> value == null);
        return parameters;
    }

    private static AttentionItem item(ResultSet row) throws SQLException {
        Instant closedAt = instant(row, "closed_at");
        Array fields = row.getArray("fields");
        return new AttentionItem(row.getString("id"), row.getString("kind"), row.getString("sync"), row.getString("entity"), row.getString("key"),
                row.getObject("row_id", Long.class), row.getString("reason"), row.getInt("attempts"), instant(row, "since"), instant(row, "last_seen_at"),
                instant(row, "next_attempt_at"), row.getLong("run_id"), row.getLong("records"), Arrays.asList((String[]) fields.getArray()),
                closedAt == null ? null : new AttentionItem.Closed(closedAt, row.getString("closed_how"), row.getString("closed_by"),
                        row.getString("close_reason")));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
