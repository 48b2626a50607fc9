package io.syncline.run;

import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks how runs stand, all of them in one query: what was counted page by page, or told in the report once they have ended. */
@Component
public class LiveRuns {
    private final JdbcClient sql;
    private final OutcomeCounts counts;

    LiveRuns(JdbcClient sql, OutcomeCounts counts) {
        this.sql = sql;
        this.counts = counts;
    }

    /** Empty when the organisation has no such run. */
    public Optional<LiveRun> look(String organisation, long run) {
        return Optional.ofNullable(look(List.of(run)).get(run)).filter(found -> found.organisation().equals(organisation));
    }

    /** By number; those that there are not are left out. */
    public Map<Long, LiveRun> look(Collection<Long> runs) {
        Map<Long, LiveRun> found = new LinkedHashMap<>();
        sql.sql("""
                select r.id, r.organisation, r.mode, r.state, r.finished_at is not null as ended, r.started_at, r.failure,
                       e.entity, e.state as entity_state, coalesce(p.pages, 0) as pages, coalesce(p.delivered, 0) as delivered, p.total,
                       case when r.report is null then c.counts else told.report -> 'counts' end as counts,
                       case when r.report is null then coalesce(p.planned, 0) else coalesce((told.report ->> 'notPublished')::bigint, 0) end as planned
                from syncline.run r
                left join syncline.run_entity e on e.run_id = r.id
                left join lateral (
                    select count(*) filter (where origin = 'source') as pages, sum(delivered) filter (where origin in ('source', 'plan')) as delivered,
                           max(total) as total, sum(planned) as planned
                    from syncline.run_page where run_id = r.id and entity = e.entity) p on true
                left join lateral (
                    select jsonb_object_agg(outcome, total) as counts
                    from (select key as outcome, sum(value::bigint) as total
                          from syncline.run_page, jsonb_each_text(counts) where run_id = r.id and entity = e.entity group by key) summed) c on true
                left join lateral (
                    select each as report from jsonb_array_elements(r.report::jsonb -> 'entities') each where each ->> 'entity' = e.entity) told on true
                where r.id in (:runs)
                order by r.id, e.started_at, e.entity""").param("runs", runs)
                .query((RowCallbackHandler) row -> {
                    LiveRun run = found.get(row.getLong("id"));
                    if (run == null) {
                        run = head(row);
                        found.put(run.run(), run);
                    }
                    if (row.getString("entity") != null) {
                        run.parts().add(part(row));
                    }
                });
        return found;
    }

    private static LiveRun head(ResultSet row) throws SQLException {
        OffsetDateTime started = row.getObject("started_at", OffsetDateTime.class);
        return new LiveRun(row.getLong("id"), row.getString("organisation"), row.getString("mode"), row.getString("state"), row.getBoolean("ended"),
                started == null ? null : started.toInstant(), row.getString("failure"), new ArrayList<>());
    }

    private LiveRun.Part part(ResultSet row) throws SQLException {
        return new LiveRun.Part(row.getString("entity"), row.getString("entity_state"), row.getInt("pages"), row.getLong("delivered"),
                row.getObject("total", Long.class), counts.read(row.getString("counts")), row.getLong("planned"));
    }
}
