package io.syncline.run;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The runs of an organisation, the newest first, in steps that cost the same wherever in the list they are. */
@Component
public class RunList {
    private static final Map<String, String> CONDITIONS = Map.of(
            "organisation", "r.organisation = :organisation",
            "sync", "r.sync = :sync",
            "mode", "r.mode = :mode",
            "state", "r.state = :state",
            "trigger", "r.trigger = :trigger",
            "requestedBy", "r.requested_by = :requestedBy",
            "entity", "(r.entity = :entity or exists (select from syncline.run_entity e where e.run_id = r.id and e.entity = :entity))",
            "from", "r.requested_at >= :from",
            "to", "r.requested_at < :to",
            "below", "r.id < :below");

    private final JdbcClient sql;
    private final OutcomeCounts counts;

    RunList(JdbcClient sql, OutcomeCounts counts) {
        this.sql = sql;
        this.counts = counts;
    }

    /** @param below the number that the last step ended with, or null for the newest */
    public List<RunSummary> read(RunFilter filter, Long below, int limit) {
        Map<String, Object> wanted = wanted(filter, below);
        String conditions = wanted.keySet().stream().map(CONDITIONS::get).collect(Collectors.joining(" and "));
        return sql.sql("""
                with listed as (select * from syncline.run r where %s order by id desc limit :limit)
                select l.*, s.number as snapshot, c.counts, d.delivered, d.not_published
                from listed l
                left join syncline.snapshot s on s.id = l.snapshot_id
                cross join lateral (
                    select jsonb_object_agg(word, total) as counts
                    from (select word, sum(number) as total
                          from (select c.key as word, c.value::bigint as number
                                from jsonb_array_elements(l.report::jsonb -> 'entities') e, jsonb_each_text(e -> 'counts') c
                                union all
                                select lower(c.key), c.value::bigint
                                from syncline.run_page p, jsonb_each_text(p.counts) c where l.report is null and p.run_id = l.id) each
                          group by word) summed) c
                cross join lateral (
                    select coalesce(sum(delivered), 0) as delivered, coalesce(sum(not_published), 0) as not_published
                    from (select (e ->> 'delivered')::bigint as delivered, (e ->> 'notPublished')::bigint as not_published
                          from jsonb_array_elements(l.report::jsonb -> 'entities') e
                          union all
                          select case when p.origin in ('source', 'plan') then p.delivered else 0 end, p.planned
                          from syncline.run_page p where l.report is null and p.run_id = l.id) each) d
                order by l.id desc""".formatted(conditions)).param("limit", limit).params(wanted)
                .query((row, n) -> summary(row)).list();
    }

    /** What is looked for, by the name of its condition. */
    private static Map<String, Object> wanted(RunFilter filter, Long below) {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("organisation", filter.organisation());
        wanted.put("sync", filter.sync());
        wanted.put("mode", filter.mode());
        wanted.put("state", filter.state());
        wanted.put("trigger", filter.trigger());
        wanted.put("requestedBy", filter.requestedBy());
        wanted.put("entity", filter.entity());
        wanted.put("from", moment(filter.from()));
        wanted.put("to", moment(filter.to()));
        wanted.put("below", below);
        wanted.values().removeIf(Objects::isNull);
        return wanted;
    }

    private static OffsetDateTime moment(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private RunSummary summary(ResultSet row) throws SQLException {
        return new RunSummary(row.getLong("id"), row.getString("sync"), row.getString("mode"), row.getBoolean("dry_run"), row.getString("entity"),
                row.getString("record_key"), instant(row, "since"), row.getBoolean("repair"), row.getString("trigger"), row.getString("requested_by"),
                row.getString("state"), instant(row, "requested_at"), instant(row, "started_at"), instant(row, "finished_at"),
                row.getObject("snapshot", Long.class), row.getInt("takeovers"), row.getLong("delivered"), counts.read(row.getString("counts")),
                row.getLong("not_published"), row.getString("failure"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
