package io.syncline.monitor;

import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.store.EntityCounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Row counts, kept as long as nothing was written. A table that is counted in a moment is counted while somebody waits; a large one is counted beside,
 * and until then the counts from before are told, with when they were made.
 */
@Component("rowCounts")
class Counts implements ApplicationListener<ApplicationReadyEvent>, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Counts.class);
    private static final Duration A_MOMENT = Duration.ofMillis(15);
    /** A run that ended while it was counted may not have been seen. */
    private static final Duration LONGEST_KEPT = Duration.ofMinutes(1);

    private final EntityCounts rows;
    private final Configuration configuration;
    private final Map<Place, Counted> kept = new ConcurrentHashMap<>();
    private final Set<Place> underWay = ConcurrentHashMap.newKeySet();
    private final ExecutorService beside = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "syncline-counts");
        thread.setDaemon(true);
        return thread;
    });

    Counts(EntityCounts rows, Configuration configuration) {
        this.rows = rows;
        this.configuration = configuration;
    }

    private record Place(String sync, String entity, String organisation) {
    }

    /**
     * @param mark what had been written when it was counted
     * @param took how long it took
     */
    record Counted(EntityCounts.Rows rows, Instant at, String mark, Duration took) {
        private boolean holds(String current) {
            return mark.equals(current) && at.plus(LONGEST_KEPT).isAfter(Instant.now());
        }
    }

    /** The first counts are made before anybody asks. */
    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        configuration.syncs().values().forEach(sync -> sync.organisations().forEach(organisation -> sync.entities().forEach(entity ->
                countBeside(sync, entity, organisation, mark(sync, organisation)))));
    }

    String mark(SyncConfig sync, String organisation) {
        return rows.mark(sync.name(), organisation);
    }

    /** @param mark as it is now */
    Counted of(SyncConfig sync, EntityConfig entity, String organisation, String mark) {
        Counted last = kept.get(new Place(sync.name(), entity.name(), organisation));
        if (last != null && last.holds(mark)) {
            return last;
        }
        if (last == null || last.took().compareTo(A_MOMENT) < 0) {
            return count(sync, entity, organisation, mark);
        }
        countBeside(sync, entity, organisation, mark);
        return last;
    }

    private void countBeside(SyncConfig sync, EntityConfig entity, String organisation, String mark) {
        Place place = new Place(sync.name(), entity.name(), organisation);
        if (underWay.add(place)) {
            beside.execute(() -> {
                try {
                    count(sync, entity, organisation, mark);
                } catch (DataAccessException e) {
                    LOG.warn("{}.{} could not be counted; it is tried again when somebody looks", sync.name(), entity.name(), e);
                } finally {
                    underWay.remove(place);
                }
            });
        }
    }

    private Counted count(SyncConfig sync, EntityConfig entity, String organisation, String mark) {
        Instant begun = Instant.now();
        EntityCounts.Rows counted = rows.count(sync, entity, organisation);
        Counted made = new Counted(counted, begun, mark, Duration.between(begun, Instant.now()));
        kept.put(new Place(sync.name(), entity.name(), organisation), made);
        return made;
    }

    @Override
    public void destroy() {
        beside.shutdownNow();
    }
}
