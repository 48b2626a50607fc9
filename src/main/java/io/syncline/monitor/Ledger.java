package io.syncline.monitor;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What PostgreSQL knows of a sync's runs and of what waits, asked for in a few statements that each have an index. */
@Component
class Ledger {
    private static final List<String> FINAL = List.of("published", "partial", "failed", "cancelled");
    private static final int SHOWN = 5;
    private static final int RATE_OVER = 30;

    private static final String FAILED_WEBHOOKS = """
            \sfrom syncline.webhook w where w.organisation = :organisation and w.sync = :sync and w.state = 'failed'
              and w.received_at >= coalesce(:whole::timestamptz, '-infinity') and not exists (
                  select from syncline.webhook later where later.organisation = w.organisation and later.sync = w.sync and later.entity = w.entity
                  and later.key = w.key and later.id > w.id)""";

    private final JdbcClient sql;

    Ledger(JdbcClient sql) {
        this.sql = sql;
    }

    /** The last runs of a mode that were about all entities and published. */
    SyncState.Lasts last(String sync, String organisation, String mode) {
        return new SyncState.Lasts(last(sync, organisation, mode, FINAL), last(sync, organisation, mode, List.of("published", "partial")));
    }

    private SyncState.Last last(String sync, String organisation, String mode, List<String> states) {
        return sql.sql("""
                select id, state, started_at, finished_at, failure from syncline.run
                where sync = :sync and organisation = :organisation and mode = :mode and mode in ('full', 'incremental') and not dry_run and entity is null
                  and state in (:states) order by id desc limit 1""")
                .param("sync", sync).param("organisation", organisation).param("mode", mode).param("states", states)
                .query((row, n) -> new SyncState.Last(row.getLong("id"), row.getString("state"), instant(row, "started_at"), instant(row, "finished_at"),
                        row.getString("failure"))).optional().orElse(null);
    }

    /** @param silent it is to be taken over */
    record Active(SyncState.Activity activity, boolean silent) {
    }

    /** The run that has the lease, or else the oldest that is under way for more than single records. */
    Optional<Active> active(String sync, String organisation) {
        return sql.sql("""
                select r.id, r.mode, r.entity, r.trigger, r.requested_by, r.state, r.started_at, r.cancel_asked_at is not null as cancel_asked,
                       r.alive_until < clock_timestamp() as silent, extract(epoch from clock_timestamp() - coalesce(r.started_at, r.requested_at)) as elapsed,
                       (select coalesce(sum(p.delivered), 0) from syncline.run_page p where p.run_id = r.id and p.origin = 'source'
                          and p.staged_at > clock_timestamp() - make_interval(secs => :over)) as lately
                from syncline.run r
                where r.sync = :sync and r.organisation = :organisation and r.finished_at is null and r.mode <> 'single'
                order by r.fence is null, r.id limit 1""")
                .param("sync", sync).param("organisation", organisation).param("over", RATE_OVER)
                .query((row, n) -> new Active(activity(row, entities(row.getLong("id"))), row.getBoolean("silent"))).optional();
    }

    private List<SyncState.EntityActivity> entities(long run) {
        return sql.sql("""
                select e.entity, e.state, count(p.number) as pages, coalesce(sum(p.delivered), 0) as records
                from syncline.run_entity e left join syncline.run_page p on p.run_id = e.run_id and p.entity = e.entity and p.origin = 'source'
                where e.run_id = ? group by e.entity, e.state, e.started_at order by e.started_at, e.entity""").param(run)
                .query(SyncState.EntityActivity.class).list();
    }

    private static SyncState.Activity activity(ResultSet row, List<SyncState.EntityActivity> entities) throws SQLException {
        Duration elapsed = Duration.ofMillis(Math.round(row.getDouble("elapsed") * 1000));
        String state = row.getString("state");
        String phase = state.equals("running") ? row.getString("mode").equals("verify") ? "comparing" : "reading" : state;
        double over = Math.max(1, Math.min(RATE_OVER, elapsed.toMillis() / 1000.0));
        return new SyncState.Activity(row.getLong("id"), row.getString("mode"), row.getString("entity"), row.getString("trigger"),
                row.getString("requested_by"), phase, instant(row, "started_at"), elapsed, entities.stream().mapToLong(SyncState.EntityActivity::pages).sum(),
                entities.stream().mapToLong(SyncState.EntityActivity::records).sum(), Math.round(row.getLong("lately") / over), row.getBoolean("cancel_asked"),
                entities);
    }

    /**
     * What waits, and how far the source has been read.
     *
     * @param counts by entity and kind: {@code conflict}, {@code rejected}, {@code parked}, {@code held}
     */
    record Waits(Map<List<String>, Long> counts, Map<String, Instant> marks) {
        long of(String entity, String kind) {
            return counts.getOrDefault(List.of(entity, kind), 0L);
        }

        Health.Waiting sum() {
            return new Health.Waiting(sum("conflict"), sum("rejected") + sum("parked"), sum("held"));
        }

        private long sum(String kind) {
            return counts.entrySet().stream().filter(each -> each.getKey().get(1).equals(kind)).mapToLong(Map.Entry::getValue).sum();
        }
    }

    Waits waits(String sync, String organisation) {
        Map<List<String>, Long> counts = new HashMap<>();
        Map<String, Instant> marks = new HashMap<>();
        sql.sql("""
                select entity, kind, count(*) as waiting, null::timestamptz as mark from syncline.attention
                where sync = :sync and organisation = :organisation and state = 'open' group by entity, kind
                union all
                select entity, 'conflict', count(*), null from syncline.conflict
                where sync = :sync and organisation = :organisation and state = 'open' group by entity
                union all
                select entity, 'mark', 0, mark from syncline.watermark where sync = :sync and organisation = :organisation""")
                .param("sync", sync).param("organisation", organisation).query(row -> {
                    if (row.getString("kind").equals("mark")) {
                        marks.put(row.getString("entity"), instant(row, "mark"));
                    } else {
                        counts.put(List.of(row.getString("entity"), row.getString("kind")), row.getLong("waiting"));
                    }
                });
        return new Waits(counts, marks);
    }

    /** What is on its way to the system. */
    record Outgoing(long refused, long unknown, String barred, boolean locked) {
    }

    Outgoing outgoing(String sync, String organisation) {
        return sql.sql("""
                select p.refused, p.unknown, b.why as barred, coalesce(b.lets_nobody_in, false) as locked
                from (select count(*) filter (where state = 'parked') as refused, count(*) filter (where state = 'unknown') as unknown
                      from syncline.push where organisation = :organisation and sync = :sync and state in ('parked', 'unknown')) p
                left join syncline.push_bar b on b.sync = :sync and b.organisation = :organisation and b.until > clock_timestamp()""")
                .param("organisation", organisation).param("sync", sync).query(Outgoing.class).single();
    }

    /**
     * What the system told by itself. A message that failed is over once a later one of its record was read, or everything was.
     *
     * @param whole when the last full run that succeeded began, or null
     */
    Health.Webhooks webhooks(String sync, String organisation, Instant whole) {
        return sql.sql("""
                select (select count(*) from syncline.webhook where organisation = :organisation and sync = :sync and state in ('waiting', 'reading')),
                       count(*), max(w.id), (array_agg(w.reason order by w.id desc))[1]""" + FAILED_WEBHOOKS)
                .param("sync", sync).param("organisation", organisation).param("whole", moment(whole))
                .query((row, n) -> new Health.Webhooks(row.getLong(1), row.getLong(2), row.getObject(3, Long.class), row.getString(4))).single();
    }

    /** Runs that failed, entities that stayed out of others, edits that the system did not take, and messages that led to nothing; the newest first. */
    List<SyncState.Trouble> troubles(String sync, String organisation, Instant whole) {
        List<SyncState.Trouble> troubles = new ArrayList<>();
        sql.sql("""
                select r.id, r.mode, r.finished_at, r.state, r.failure, e.entity, e.reasons[cardinality(e.reasons)] as reason
                from (select * from syncline.run where sync = ? and organisation = ? and state in ('failed', 'partial') order by id desc limit ?) r
                left join syncline.run_entity e on e.run_id = r.id and r.state = 'partial' and e.state in ('failed', 'left-out')
                order by r.id desc, e.started_at, e.entity""").params(sync, organisation, SHOWN)
                .query(row -> {
                    String what = row.getString("state").equals("failed") ? row.getString("failure") : row.getString("reason");
                    if (what != null) {
                        troubles.add(new SyncState.Trouble(row.getLong("id"), row.getString("mode"), row.getString("entity"), instant(row, "finished_at"),
                                what));
                    }
                });
        sql.sql("""
                select run_id, entity, coalesce(last_sent_at, created_at) as at, concat_ws(' ', action, key) || ': ' || reason as what
                from syncline.push where organisation = ? and sync = ? and state in ('parked', 'unknown') order by number desc limit ?""")
                .params(organisation, sync, SHOWN).query(row -> {
                    troubles.add(new SyncState.Trouble(row.getLong("run_id"), "push", row.getString("entity"), instant(row, "at"), row.getString("what")));
                });
        sql.sql("select w.run_id, w.entity, w.ended_at, concat('webhook ', w.id, ', record ', w.key, ': ', w.reason) as what" + FAILED_WEBHOOKS
                + " order by w.id desc limit " + SHOWN).param("sync", sync).param("organisation", organisation).param("whole", moment(whole)).query(row -> {
                    troubles.add(new SyncState.Trouble(row.getLong("run_id"), "webhook", row.getString("entity"), instant(row, "ended_at"),
                            row.getString("what")));
                });
        troubles.sort(Comparator.comparing(SyncState.Trouble::at).reversed());
        return List.copyOf(troubles);
    }

    private static OffsetDateTime moment(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime moment = row.getObject(column, OffsetDateTime.class);
        return moment == null ? null : moment.toInstant();
    }
}
