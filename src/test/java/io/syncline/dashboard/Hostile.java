package io.syncline.dashboard;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A failed run, and a record that it set aside, in which every text is the same one. */
final class Hostile {
    private Hostile() {
    }

    static long run(JdbcClient sql, String text) {
        long run = sql.sql("""
                insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, started_at, finished_at, failure)
                values ('pricebook', 'default', 'full', ?, ?, 'failed', clock_timestamp(), clock_timestamp(), ?) returning id""")
                .params(text, text, text).query(Long.class).single();
        sql.sql("update syncline.run set report = ? where id = ?").params(report(run, text).toString(), run).update();
        sql.sql("""
                insert into syncline.attention (sync, entity, organisation, kind, subject, key, run_id, reason, raw, first_seen_at, last_seen_at, state)
                values ('pricebook', 'services', 'default', 'rejected', ?, ?, ?, ?, ?, clock_timestamp(), clock_timestamp(), 'open')""")
                .params(run + text, text, run, text, text).update();
        return run;
    }

    private static ObjectNode report(long run, String text) {
        ObjectNode report = new JsonMapper().createObjectNode().put("run", run).put("sync", "pricebook").put("organisation", "default").put("mode", "full")
                .put("dryRun", false).put("entity", text).put("trigger", text).put("requestedBy", text).put("state", "failed").put("failure", text)
                .put("requestedAt", "2026-11-01T00:00:00Z").put("startedAt", "2026-11-01T00:00:01Z").put("finishedAt", "2026-11-01T00:00:09Z")
                .put("durationMs", 8000);
        report.putArray("records").addObject().put("key", text).put("failure", text);
        ObjectNode entity = report.putArray("entities").addObject().put("entity", text).put("state", "failed").put("pages", 3).put("delivered", 250)
                .put("absent", 0).put("returned", 0).put("notPublished", 12).put("durationMs", 7000);
        entity.putObject("counts").put(text, 1).put("unchanged", 237);
        entity.putArray("reasons").add(text).add("left out of the snapshot because of " + text);
        entity.putArray("examples").addObject().put("key", text).put("finding", text).put("why", text).putArray("fields").add(text);
        return report;
    }
}
