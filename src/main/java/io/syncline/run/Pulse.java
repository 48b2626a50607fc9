package io.syncline.run;

import io.syncline.store.DatabaseAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Keeps the runs of this process alive and ends those whose process has died. */
@Component
@DependsOnDatabaseInitialization
class Pulse implements InitializingBean, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

    private final RunLedger ledger;
    private final Leftovers leftovers;
    private final boolean alone;
    private final ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "syncline-pulse");
        thread.setDaemon(true);
        return thread;
    });

    Pulse(RunLedger ledger, Leftovers leftovers, DatabaseAddress database) {
        this.ledger = ledger;
        this.leftovers = leftovers;
        this.alone = database.isOurs();
    }

    @Override
    public void afterPropertiesSet() {
        if (alone) {
            ledger.endAll().forEach(Pulse::tell);
        }
        long seconds = RunLedger.PATIENCE.toSeconds() / 4;
        beat.scheduleWithFixedDelay(this::beat, 0, seconds, TimeUnit.SECONDS);
    }

    private void beat() {
        try {
            ledger.stayAlive();
            ledger.endTheDead().forEach(Pulse::tell);
            leftovers.drop();
        } catch (DataAccessException e) {
            LOG.error("The database did not answer the pulse; runs of this process are taken for dead after {} s", RunLedger.PATIENCE.toSeconds(), e);
        }
    }

    private static void tell(long run) {
        LOG.warn("Run {} was ended: its process had died", run);
    }

    @Override
    public void destroy() {
        beat.shutdownNow();
        ledger.endInHand();
    }
}
