package io.syncline.store;

import io.syncline.change.Outcome;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What a plan holds. */
@Component
public class PlanCounts {
    private final JdbcTemplate jdbc;

    public PlanCounts(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** What is to become of each staged record, by its key. */
    public Map<String, String> ofEach(long run, SyncConfig sync, EntityConfig entity) {
        Map<String, String> outcomes = new HashMap<>();
        jdbc.query(new EntityTable(sync, entity).fill("select coalesce(s.key, t.{side_id}), s.outcome from {staging} s left join {table} t"
                + " on t.row_id = s.row_id" + " where s.run_id = ?"), row -> { outcomes.put(row.getString(1), row.getString(2)); }, run);
        return outcomes;
    }

    /** Why staged records stay as they were, by their keys. */
    public Map<String, String> whyStale(long run, SyncConfig sync, EntityConfig entity) {
        Map<String, String> reasons = new TreeMap<>();
        jdbc.query(new EntityTable(sync, entity).fill("select coalesce(s.key, t.{side_id}), s.reason from {staging} s left join {table} t"
                + " on t.row_id = s.row_id where s.run_id = ? and s.outcome = 'stale'"), row -> { reasons.put(row.getString(1), row.getString(2)); }, run);
        return reasons;
    }

    /** How many staged records of the entity have which outcome; outcomes that none has are left out. */
    public Map<Outcome, Long> of(long run, SyncConfig sync, EntityConfig entity) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        jdbc.query(new EntityTable(sync, entity).fill("select outcome, count(*) from {staging} where run_id = ? group by outcome"),
                row -> { counts.put(Outcome.valueOf(row.getString(1).toUpperCase(Locale.ROOT)), row.getLong(2)); }, run);
        return counts;
    }
}
