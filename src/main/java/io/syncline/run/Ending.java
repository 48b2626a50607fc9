package io.syncline.run;

import io.syncline.change.Outcome;
import io.syncline.config.Explained;
import io.syncline.store.PlanCounts;
import io.syncline.store.Staging;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How runs and entities end when they do not end in a publish. Whatever happens, a run ends (promise 23). */
@Component("ending")
public class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

    private final RunLedger ledger;
    private final Reports reports;
    private final Staging staging;
    private final PlanCounts planCounts;
    private final TransactionTemplate transaction;
    private final Endings endings;

    Ending(RunLedger ledger, Reports reports, Staging staging, PlanCounts planCounts, TransactionTemplate transaction, Endings endings) {
        this.ledger = ledger;
        this.reports = reports;
        this.staging = staging;
        this.planCounts = planCounts;
        this.transaction = transaction;
        this.endings = endings;
    }

    /** An entity could not be read; it stays out, and so do those that depend on it. */
    public void entityFailed(EntityPass pass, Exception failure) {
        LOG.warn("Run {}: {}.{} could not be read", pass.run().id(), pass.sync().name(), pass.entity().name(), failure);
        pass.fail(explain(pass.run().id(), failure));
    }

    /** A dry run has its plan. */
    public void planned(Run run, List<EntityPass> passes) {
        Map<String, Map<Outcome, Long>> counts = new HashMap<>();
        passes.forEach(pass -> {
            staging.settleRepeated(run.id(), run.sync(), pass.entity());
            counts.put(pass.entity().name(), planCounts.of(run.id(), run.sync(), pass.entity()));
        });
        transaction.executeWithoutResult(status -> {
            ledger.end(run.id(), passes.size() == run.entities().size() ? "planned" : "partial", null, null);
            reports.write(run.id(), counts, null);
        });
    }

    public void failed(long run, Throwable failure) {
        LOG.error("Run {} failed", run, failure);
        failed(run, explain(run, failure));
    }

    /** An accepted run for which there is no place in the line any more: it ends at once, and with it its lease. */
    public void notStarted(Ticket ticket, Exception failure) {
        LOG.error("Run {} could not be started", ticket.run(), failure);
        failed(ticket.run(), "Too many runs are waiting to begin, so this one was not started. Ask again when some of them have ended.");
        cleanUp(ticket.run(), null);
    }

    /** A run that has ended already, because the failure came after its publish, keeps its end and its report. */
    private void failed(long run, String why) {
        transaction.executeWithoutResult(status -> {
            if (ledger.end(run, "failed", null, why)) {
                reports.write(run, Map.of(), null);
            }
        });
    }

    /**
     * Whatever came of it, nobody works on the run any more: who waits for it is woken, and what was staged has been published or is of no use.
     *
     * @param run null when it could not begin
     */
    public void cleanUp(long number, Run run) {
        ledger.letGo(number);
        try {
            if (run != null) {
                staging.drop(run.id(), run.sync());
            }
        } finally {
            endings.ended(number);
        }
    }

    private static String explain(long run, Throwable failure) {
        return Explained.in(failure).map(Explained::getMessage).orElse("Something went wrong inside Syncline. The log has the details under run " + run
                + "; nothing of this was published.");
    }
}
