package io.syncline.monitor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * What is looked up in the database to be shown as a gauge. It is looked up when somebody collects the figures, at most every {@code syncline.metrics.age},
 * 15 s unless set, and never so often that it takes more than a fiftieth of the time; between, the last ones are shown. Over all organisations.
 */
@Component
@DependsOnDatabaseInitialization
class Figures {
    private static final Logger LOG = LoggerFactory.getLogger(Figures.class);
    private static final int SECONDS = 10;
    private static final int SHARE = 50;
    /** Never missing, so that an alert has something to compare with. */
    private static final List<String> KINDS = List.of("rejected", "parked", "held", "conflict");

    private final Configuration configuration;
    private final JdbcTemplate sql;
    private final Duration age;
    private final MultiGauge success;
    private final MultiGauge pending;
    private final MultiGauge conflicts;
    private final MultiGauge attention;
    private final MultiGauge lag;
    private final MultiGauge up;
    private long notBefore = System.nanoTime();

    Figures(Configuration configuration, DataSource database, MeterRegistry meters, @Value("${syncline.metrics.age:15s}") Duration age) {
        this.configuration = configuration;
        this.sql = new JdbcTemplate(database);
        this.sql.setQueryTimeout(SECONDS);
        this.age = age;
        success = gauge(meters, "syncline.last.success.timestamp", "When the last run of a mode ended that published everything, in seconds since 1970.", "seconds");
        pending = gauge(meters, "syncline.pending", "Rows with an edit that waits to be pushed.", null);
        conflicts = gauge(meters, "syncline.conflicts", "Open conflicts.", null);
        attention = gauge(meters, "syncline.attention", "What waits for a person or for another record, by kind.", null);
        lag = gauge(meters, "syncline.lag", "How long ago the moment is up to which everything has been read, of the entity that is furthest behind.", "seconds");
        up = gauge(meters, "syncline.database.up", "Whether the database answered when these figures were looked up.", null);
    }

    private static MultiGauge gauge(MeterRegistry meters, String name, String description, String unit) {
        return MultiGauge.builder(name).description(description).baseUnit(unit).register(meters);
    }

    /** Looks everything up, if it is time to. */
    synchronized void refresh() {
        long began = System.nanoTime();
        if (began - notBefore < 0) {
            return;
        }
        boolean answered = false;
        try {
            look();
            answered = true;
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("The figures could not be looked up, so the last ones are shown: {}", e.getMessage());
        }
        up.register(List.of(MultiGauge.Row.of(Tags.empty(), answered ? 1 : 0)), true);
        long now = System.nanoTime();
        notBefore = now + Math.max(age.toNanos(), (now - began) * SHARE);
    }

    private void look() {
        Map<Tags, Double> successes = new TreeMap<>(Figures::compare);
        Map<Tags, Double> waiting = new TreeMap<>(Figures::compare);
        for (SyncConfig sync : configuration.syncs().values()) {
            for (String mode : List.of("full", "incremental")) {
                Double at = sql.queryForObject("""
                        select extract(epoch from max(at)) from unnest(?) o cross join lateral (
                            select finished_at as at from syncline.run r where r.sync = ? and r.organisation = o and r.mode = ? and r.state = 'published'
                            order by r.id desc limit 1) last""", Double.class, sync.organisations().toArray(String[]::new), sync.name(), mode);
                if (at != null) {
                    successes.put(Tags.of("sync", sync.name(), "mode", mode), at);
                }
            }
            double rows = 0;
            for (var entity : sync.entities()) {
                rows += number("select count(*) from %s.%s where sync_status = 'pending_push'".formatted(quoted(sync.name()), quoted(entity.name())));
            }
            waiting.put(Tags.of("sync", sync.name()), rows);
        }
        Map<Tags, Double> open = bySync("select sync, count(*) from syncline.conflict where state = 'open' group by sync");
        Map<Tags, Double> kinds = new TreeMap<>(Figures::compare);
        KINDS.forEach(kind -> kinds.put(Tags.of("kind", kind), 0.0));
        sql.query("select kind, count(*) from syncline.attention where state = 'open' group by kind",
                row -> { kinds.put(Tags.of("kind", row.getString(1)), row.getDouble(2)); });
        kinds.put(Tags.of("kind", "conflict"), open.values().stream().mapToDouble(Double::doubleValue).sum());
        show(success, successes);
        show(pending, waiting);
        show(conflicts, open);
        show(attention, kinds);
        show(lag, bySync("select sync, greatest(0, extract(epoch from clock_timestamp() - min(mark))) from syncline.watermark group by sync", false));
    }

    private Map<Tags, Double> bySync(String query) {
        return bySync(query, true);
    }

    /** Of the declared syncs only: the labels are as many as those. */
    private Map<Tags, Double> bySync(String query, boolean zero) {
        Map<Tags, Double> found = new TreeMap<>(Figures::compare);
        if (zero) {
            configuration.syncs().keySet().forEach(sync -> found.put(Tags.of("sync", sync), 0.0));
        }
        sql.query(query, row -> {
            if (configuration.syncs().containsKey(row.getString(1))) {
                found.put(Tags.of("sync", row.getString(1)), row.getDouble(2));
            }
        });
        return found;
    }

    private double number(String query) {
        return sql.queryForObject(query, Double.class);
    }

    private static void show(MultiGauge gauge, Map<Tags, Double> found) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        found.forEach((tags, value) -> rows.add(MultiGauge.Row.of(tags, value)));
        gauge.register(rows, true);
    }

    private static int compare(Tags one, Tags other) {
        return one.toString().compareTo(other.toString());
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
