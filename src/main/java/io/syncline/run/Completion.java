package io.syncline.run;

import io.syncline.record.Field;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.store.Brake;
import io.syncline.store.HeldDeletes;
import io.syncline.store.Parking;
import io.syncline.store.Staging;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Completes a plan when all pages are in: what stays out, what returns, what waits for its parent, what the brake holds. */
@Component("completion")
public class Completion {
    private static final int BATCH = 500;

    private final Parking parking;
    private final Brake brake;
    private final Passes passes;
    private final Staging staging;
    private final TransactionTemplate transaction;
    private final HeldDeletes heldDeletes;

    Completion(Parking parking, Brake brake, Passes passes, Staging staging, TransactionTemplate transaction, HeldDeletes heldDeletes) {
        this.transaction = transaction;
        this.heldDeletes = heldDeletes;
        this.staging = staging;
        this.parking = parking;
        this.brake = brake;
        this.passes = passes;
    }

    /**
     * The passes whose entities can be published: an entity that failed stays out, and so does what refers to it.
     *
     * @throws NothingToPublish when none is left
     * @throws Halt             when the run stops here
     */
    public List<EntityPass> publishable(Run run, List<EntityPass> all) {
        Halt.where(all);
        Set<String> out = all.stream().filter(EntityPass::isFailed).map(pass -> pass.entity().name()).collect(Collectors.toCollection(HashSet::new));
        boolean more = true;
        while (more) {
            more = false;
            for (EntityPass pass : all) {
                String missing = referredTo(pass).stream().filter(out::contains).findFirst().orElse(null);
                if (missing != null && out.add(pass.entity().name())) {
                    pass.fail("Left out: it refers to " + missing + ", which could not be read.");
                    passes.leaveOut(pass);
                    more = true;
                }
            }
        }
        List<EntityPass> left = all.stream().filter(pass -> !out.contains(pass.entity().name())).toList();
        if (left.isEmpty()) {
            throw new NothingToPublish(all.stream().map(pass -> pass.entity().name() + ": " + String.join(" ", pass.reasons()))
                    .collect(Collectors.joining("\n")));
        }
        return left;
    }

    private static List<String> referredTo(EntityPass pass) {
        return pass.entity().shape().fields().stream().map(Field::references).filter(Objects::nonNull)
                .filter(name -> !name.equals(pass.entity().name())).toList();
    }

    /** The next parked children whose parent has come, as a page; when there are none left, the search is over. */
    public Page returning(EntityPass pass) {
        List<Observed> records = parking.returning(pass.run().id(), pass.sync(), pass.entity(), pass.organisation(), pass.lastReturningKey(), BATCH);
        pass.returned(records.size() < BATCH ? null : records.get(records.size() - 1).key());
        return new Page(0, records, true, null, null, Instant.EPOCH, null);
    }

    /** Tells PostgreSQL how big the plan has become. */
    public void weigh(Run run) {
        if (!run.isSingle()) {
            staging.analyze(run.id(), run.sync());
        }
    }

    /** Promise 8: a child whose parent is missing waits; everything else goes on. */
    public void parkOrphans(Run run, List<EntityPass> planned) {
        // First: what the source showed again as something else is nobody's parent.
        planned.forEach(pass -> pass.settled(staging.settleRepeated(run.id(), run.sync(), pass.entity())));
        if (parking.park(run.id(), run.sync(), run.organisation(), planned.stream().map(EntityPass::entity).toList()) > 0) {
            planned.forEach(EntityPass::planChanged);
        }
    }

    /** Promise 7: too many deletes, or deletes after an empty answer, are held for a person; creates and updates go on. */
    public void brake(Run run, List<EntityPass> planned) {
        for (EntityPass pass : planned) {
            // In one transaction: who takes the run over finds the deletes held and the reason with them.
            transaction.executeWithoutResult(status -> {
                if (!run.isSingle() && pass.facts().deletes()) {
                    brake.apply(run.id(), run.sync(), pass.entity(), run.organisation(), pass.isEmpty() && pass.isWhole(), pass.isUnconfirmed())
                            .ifPresent(pass::hold);
                }
                if (run.approves() != null) {
                    pass.tell(approved(run, pass));
                }
                pass.tellWhereAllAreUnfit();
                if (!pass.isNoted()) {
                    passes.note(pass);
                }
            });
        }
    }

    /** Promise 7: what was approved is a ceiling; what came back at the source, or was edited here, stays. */
    private String approved(Run run, EntityPass pass) {
        long ceiling = heldDeletes.ceiling(run.id(), pass.entity().name());
        long gone = heldDeletes.confirmed(run.id(), run.sync(), pass.entity());
        return run.requestedBy() + " approved the " + ceiling + (ceiling == 1 ? " delete" : " deletes") + " that run " + run.approves() + " held; "
                + (gone == ceiling ? "all of them are" : gone + " of them " + (gone == 1 ? "is" : "are")) + " still due.";
    }
}
