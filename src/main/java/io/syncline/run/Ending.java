package io.syncline.run;

import io.syncline.change.Outcome;
import io.syncline.config.Explained;
import io.syncline.logs.Trail;
import io.syncline.store.DatabaseTrouble;
import io.syncline.store.PlanCounts;
import io.syncline.store.Staging;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    private final RunRecords records;
    private final KeptPlans plans;
    private final Applying applying;

    Ending(RunLedger ledger, Reports reports, Staging staging, PlanCounts planCounts, TransactionTemplate transaction, Endings endings, RunRecords records,
            KeptPlans plans, Applying applying) {
        this.applying = applying;
        this.plans = plans;
        this.records = records;
        this.ledger = ledger;
        this.reports = reports;
        this.staging = staging;
        this.planCounts = planCounts;
        this.transaction = transaction;
        this.endings = endings;
    }

    /** An entity could not be read; it stays out, and so do those that depend on it. */
    public void entityFailed(EntityPass pass, Exception failure) {
        Optional<Halt> halt = halt(failure);
        if (halt.isPresent()) {
            pass.halt(halt.get());
            return;
        }
        String why = explain(pass.run().id(), failure);
        LOG.warn("Run {}: {}.{} could not be read: {}", pass.run().id(), pass.sync().name(), pass.entity().name(), why, unexplained(failure));
        pass.fail(why);
    }

    /** While this process is being stopped, whatever fails fails because of that. */
    private Optional<Halt> halt(Throwable failure) {
        Optional<Halt> halt = Halt.in(failure);
        return halt.isEmpty() && endings.isStopping() ? Optional.of(new Halt(Halt.Why.LEFT, "Syncline was stopped")) : halt;
    }

    /** A dry run has its plan, which is kept for a while. */
    public void planned(Run run, List<EntityPass> passes) {
        Map<String, Map<Outcome, Long>> counts = new HashMap<>();
        passes.forEach(pass -> {
            if (pass.facts() == null) {
                pass.settled(staging.settleRepeated(run.id(), run.sync(), pass.entity()));
            }
            counts.put(pass.entity().name(), planCounts.of(run.id(), run.sync(), pass.entity()));
        });
        transaction.executeWithoutResult(status -> {
            ledger.guardStaged(run);
            staging.requireKept(run.id());
            passes.forEach(records::settle);
            boolean whole = passes.size() == run.entities().size() && passes.stream().noneMatch(EntityPass::isShort);
            if (ledger.end(run, whole ? "planned" : "partial", null, null)) {
                plans.keep(run, counts);
            }
            reports.write(run.id(), counts, null, run.isRollingBack() ? applying.setAside(run, passes) : Map.of());
        });
    }

    /**
     * The run is broken off: it ends, or it is left for whoever takes it over.
     *
     * @param run null when it could not begin
     */
    public void failed(long number, Run run, Throwable failure) {
        Halt halt = halt(failure).orElse(null);
        if (halt == null) {
            String why = explain(number, failure);
            LOG.error("Run {} failed: {}", number, why, unexplained(failure));
            fail(number, run, why);
            return;
        }
        LOG.warn("Run {} stops here: {}", number, halt.getMessage());
        if (halt.why() == Halt.Why.CANCELLED) {
            end(number, run, "cancelled", halt.getMessage());
        }
        if (halt.why() == Halt.Why.LEFT) {
            leave(number);
        }
    }

    private void fail(long number, Run run, String why) {
        try {
            end(number, run, "failed", why);
        } catch (DataAccessException | TransactionException e) {
            LOG.error("That run {} failed could not be written down, so it will be taken over: {}", number, e.getMessage());
            String told = DatabaseTrouble.in(e).orElse(DatabaseTrouble.GONE).forStandingRun(number);
            endings.standsStill(new RunStandsStill(number, told, e));
        }
    }

    /** The run stands as it is and is for anybody to take over. */
    void leave(long run) {
        try {
            ledger.leave(run);
        } catch (DataAccessException e) {
            LOG.warn("Run {} could not be left, so it will be found by its silence: {}", run, e.getMessage());
        }
    }

    /**
     * A person does not want the run any more.
     *
     * @return false when the organisation has no such run
     */
    boolean cancel(long run, String organisation, String by) {
        Optional<Boolean> ended = transaction.execute(status -> {
            Optional<Boolean> cancelled = ledger.cancel(run, organisation, by);
            if (cancelled.orElse(false)) {
                reports.write(run, Map.of(), null);
            }
            return cancelled;
        });
        if (ended.orElse(false)) {
            ledger.letGo(run);
            endings.ended(run);
        }
        return ended.isPresent();
    }

    /** A run that was taken over and cannot go on. */
    void refused(long run, String why) {
        LOG.error("Run {} cannot go on: {}", run, why);
        end(run, null, "failed", why);
        endings.ended(run);
    }

    /** An accepted run for which there is no place in the line any more: it ends at once, and with it its lease. */
    public void notStarted(Ticket ticket, Exception failure) {
        LOG.error("Run {} could not be started", ticket.run(), failure);
        end(ticket.run(), null, "failed", "Too many runs are waiting to begin, so this one was not started. Ask again when some of them have ended.");
        tell(ticket.run(), null);
    }

    /** A run that has ended already, because the failure came after its publish, keeps its end and its report. */
    private void end(long number, Run run, String state, String why) {
        transaction.executeWithoutResult(status -> {
            if (run == null ? ledger.end(number, state, why) : ledger.end(run, state, null, why)) {
                reports.write(number, Map.of(), null);
            }
        });
    }

    /**
     * Whatever came of it, nobody here works on the run any more, and who waits for its end is told.
     *
     * @param run null when it could not begin
     */
    public void tell(long number, Run run) {
        if (run != null) {
            ledger.letGo(run);
        }
        endings.ended(number);
    }

    /**
     * What the run staged is thrown away once it has ended, unless it is a plan that is kept. Nobody waits for this: what cannot be thrown away now, because
     * somebody holds it or this process dies, is found by {@link Leftovers}.
     *
     * @param run null when it could not begin
     */
    public void cleanUp(long number, Run run) {
        try {
            // First whether it has ended: a plan is kept with its run's end, by whoever goes on with that.
            if (run != null && ledger.hasEnded(number).orElse(true)) {
                if ((run.dryRun() || run.isRollingBack()) && plans.isKept(number)) {
                    staging.dropSeen(number);
                } else {
                    staging.sweep(number, run.sync());
                }
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("What run {} staged is thrown away later: {}", number, e.getMostSpecificCause().getMessage());
        } finally {
            Trail.clear();
        }
    }

    private static String explain(long run, Throwable failure) {
        return explained(failure).orElse("Something went wrong inside Syncline. The log has the details under run " + run + "; nothing of this was published.");
    }

    private static Optional<String> explained(Throwable failure) {
        return Explained.in(failure).map(Explained::getMessage).or(() -> DatabaseTrouble.in(failure).map(DatabaseTrouble::forRun));
    }

    /** The failure, for the log, where nothing else tells what happened; null where that has been told. */
    private static Throwable unexplained(Throwable failure) {
        LOG.debug("Where it failed", failure);
        return explained(failure).isPresent() ? null : failure;
    }
}
