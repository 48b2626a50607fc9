package io.syncline.run;

import io.syncline.logs.Recurring;
import io.syncline.store.DatabaseAddress;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the runs of this process alive, and puts those whose process has died back into the line, once there is one. It hears first that there is: what
 * else begins at the start may wait for a run that was left.
 */
@Component
@DependsOnDatabaseInitialization
@Order(Ordered.HIGHEST_PRECEDENCE)
class Pulse implements InitializingBean, DisposableBean, ApplicationListener<ApplicationReadyEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

    private final RunLedger ledger;
    private final Leftovers leftovers;
    private final Ending ending;
    private final Endings endings;
    private final ProducerTemplate routes;
    /** Until it has looked once, whatever is unfinished in a database that is this process's alone has died. */
    private boolean alone;
    private volatile boolean ready;
    private final ScheduledExecutorService beat = Recurring.named("syncline-pulse");

    Pulse(RunLedger ledger, Leftovers leftovers, Ending ending, Endings endings, ProducerTemplate routes, DatabaseAddress database) {
        this.ledger = ledger;
        this.leftovers = leftovers;
        this.ending = ending;
        this.endings = endings;
        this.routes = routes;
        this.alone = database.isOurs();
    }

    @Override
    public void afterPropertiesSet() {
        long millis = ledger.patience().toMillis() / 4;
        beat.scheduleWithFixedDelay(this::beat, 0, millis, TimeUnit.MILLISECONDS);
    }

    /** The routes stand. */
    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        ready = true;
        beat.execute(this::beat);
    }

    private void beat() {
        try {
            ledger.stayAlive();
            if (ready && !endings.isStopping()) {
                ledger.takeOver(alone).forEach(this::goOn);
                alone = false;
            }
            leftovers.drop();
        } catch (DataAccessException | TransactionException e) {
            LOG.error("The database did not answer the pulse; runs of this process are taken for dead after {} s: {}", ledger.patience().toSeconds(),
                    e.getMessage());
        }
    }

    private void goOn(RunLedger.TakenOver taken) {
        long run = taken.ticket().run();
        try {
            if (taken.refusal() != null) {
                ending.refused(run, taken.refusal());
            } else {
                LOG.warn("Run {} is taken over: its process has died or was stopped", run);
                endings.goesOn(run);
                routes.sendBody("direct:start-run", taken.ticket());
            }
        } catch (RuntimeException e) {
            // Promise 23: whatever is the matter with this one, the others that were taken over with it go on.
            LOG.warn("Run {} could neither go on nor end here, so it is left to be taken over again", run, e);
            ending.leave(run);
        }
    }

    @Override
    public void destroy() {
        beat.shutdownNow();
        ledger.leaveAll();
    }
}
