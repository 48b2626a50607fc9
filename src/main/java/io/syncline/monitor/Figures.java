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
    private final Overall overall;
    private final JdbcTemplate sql;
    private final Duration age;
    private final MultiGauge success;
    private final MultiGauge pending;
    private final MultiGauge conflicts;
    private final MultiGauge attention;
    private final MultiGauge lag;
    private final MultiGauge up;
    private long notBefore = System.nanoTime();

    Figures(Configuration configuration, Overall overall, DataSource database, MeterRegistry meters, @Value("${syncline.metrics.age:15s}") Duration age) {
        this.configuration = configuration;
        this.overall = overall;
        this.sql = new JdbcTemplate(database);
        this.sql.setQueryTimeout(SECONDS);
        this.age = age;
        success = gauge(meters, "syncline.last.success.timestamp", "When the last run of a mode ended that published everything, in seconds since 1970.",
                "seconds");
        pending = gauge(meters, "syncline.pending", "Rows with an edit that waits to be pushed.", null);
        conflicts = gauge(meters, "syncline.conflicts", "Open conflicts.", null);
        attention = gauge(meters, "syncline.attention", "What waits for a person or for another record, by kind.", null);
        lag = gauge(meters, "syncline.lag", "How long ago the moment is up to which everything has been read, of the entity that is furthest behind.",
                "seconds");
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
        Map<Tags, Double> waiting = new TreeMap<>(Figures::compare);
        Map<Tags, Double> open = new TreeMap<>(Figures::compare);
        for (SyncState state : overall.states()) {
            Tags sync = Tags.of("sync", state.sync());
            state.entities().forEach(entity -> {
                waiting.merge(sync, (double) entity.pending(), Double::sum);
                open.merge(sync, (double) entity.conflicts(), Double::sum);
            });
        }
        show(pending, waiting);
        show(conflicts, open);
        show(success, successes());
        show(attention, kinds(open));
        show(lag, behind());
    }

    /** A partial run is no success. */
    private Map<Tags, Double> successes() {
        Map<Tags, Double> found = new TreeMap<>(Figures::compare);
        for (SyncConfig sync : configuration.syncs().values()) {
            for (String mode : List.of("full", "incremental")) {
                Double at = sql.queryForObject("""
                        select extract(epoch from max(at)) from unnest(?) o cross join lateral (
                            select finished_at as at from syncline.run r
                            where r.sync = ? and r.organisation = o and r.mode = ? and r.mode in ('full', 'incremental') and not r.dry_run and r.entity is null
                              and r.state = 'published'
                            order by r.id desc limit 1) last""", Double.class, sync.organisations().toArray(String[]::new), sync.name(), mode);
                if (at != null) {
                    found.put(Tags.of("sync", sync.name(), "mode", mode), at);
                }
            }
        }
        return found;
    }

    private Map<Tags, Double> kinds(Map<Tags, Double> open) {
        Map<Tags, Double> found = new TreeMap<>(Figures::compare);
        KINDS.forEach(kind -> found.put(Tags.of("kind", kind), 0.0));
        sql.query("select kind, count(*) from syncline.attention where state = 'open' group by kind",
                row -> { found.put(Tags.of("kind", row.getString(1)), row.getDouble(2)); });
        found.put(Tags.of("kind", "conflict"), open.values().stream().mapToDouble(Double::doubleValue).sum());
        return found;
    }

    /** Of the declared syncs only: the labels are as many as those. */
    private Map<Tags, Double> behind() {
        Map<Tags, Double> found = new TreeMap<>(Figures::compare);
        sql.query("select sync, greatest(0, extract(epoch from clock_timestamp() - min(mark))) from syncline.watermark group by sync", row -> {
            if (configuration.syncs().containsKey(row.getString(1))) {
                found.put(Tags.of("sync", row.getString(1)), row.getDouble(2));
            }
        });
        return found;
    }

    private static void show(MultiGauge gauge, Map<Tags, Double> found) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        found.forEach((tags, value) -> rows.add(MultiGauge.Row.of(tags, value)));
        gauge.register(rows, true);
    }

    private static int compare(Tags one, Tags other) {
        return one.toString().compareTo(other.toString());
    }
}
