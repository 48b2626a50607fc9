package io.syncline.run;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.record.Confirmation;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.store.Absences;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** One entity's way through a simulated run: the product's own pass and judge, without routes and database around them. */
public final class SimulatedPass {
    private static final Judge JUDGE = new Judge(null, null, null, null);

    private final EntityPass pass;

    public SimulatedPass(Run run, EntityConfig entity, Instant since, boolean movesMark) {
        this.pass = new EntityPass(run, entity, since, movesMark);
    }

    public EntityConfig entity() {
        return pass.entity();
    }

    public Classifier classifier() {
        return pass.classifier();
    }

    public void note(Page page) {
        JUDGE.note(pass, page);
    }

    public PageWork sortOut(Page page, Map<String, Stored> stored) {
        return JUDGE.sortOut(pass, page, stored, null);
    }

    public AbsentRows absent(List<Absences.Absent> rows, int askedFor, LongSupplier brakeLimit) {
        return Judge.batch(pass, rows, askedFor, Set.of(), brakeLimit);
    }

    public PageWork sortOutAbsent(AbsentRows absent, Confirmation found) {
        return JUDGE.sortOutAbsent(pass, absent, found);
    }

    public PageWork sortOutReturning(Page page, Map<String, Stored> stored) {
        return JUDGE.sortOutReturning(pass, page, stored);
    }

    /** As the record route does: judged, then planned or only counted, by its channel. */
    public static void file(Tally tally, Change change) {
        String channel = change.outcome().channel();
        boolean counted = channel.equals(Outcome.STALE.channel()) && !change.isUndecided()
                || channel.equals(Outcome.UNCHANGED.channel()) && !change.isWorthNoting();
        if (counted) {
            tally.count(change.outcome());
        } else {
            tally.plan(change);
        }
    }

    public static List<Change> planned(PageWork work) {
        return work.tally().planned();
    }

    public static Map<Outcome, Integer> counted(PageWork work) {
        return work.tally().counts();
    }

    public void returned(List<Observed> records, int askedFor) {
        pass.returned(records.size() < askedFor ? null : records.get(records.size() - 1).key());
    }

    public void fail(String reason) {
        pass.fail(reason);
    }

    /** The page is about to be kept. */
    public void came(PageWork work) {
        if (work.origin().equals("source")) {
            pass.came(work.delivered(), work.tally().planned().stream().filter(change -> change.outcome() == Outcome.REJECTED).count());
        }
    }

    /** What a checkpoint says of where the pass stands. */
    public Object progress() {
        return pass.progress();
    }

    /** Goes on behind the last page that an earlier holder of the run kept. */
    public void goOn(Object progress, int lastPage, String position) {
        pass.goOn((Progress) progress, lastPage, position);
    }

    /** The source no longer knows where an earlier holder stopped. */
    public void startOver() {
        pass.startOver(List.of("Read anew."));
    }

    /** @param shown how many different records all attempts have shown */
    public void count(LongSupplier shown) {
        if (pass.uncounted() != null) {
            pass.counted(shown.getAsLong());
        }
    }

    public String resume() {
        return pass.resume();
    }

    public boolean isResumed() {
        return pass.isResumed();
    }

    public boolean isFailed() {
        return pass.isFailed();
    }

    public boolean isReading() {
        return pass.isReading();
    }

    public boolean isProvingAbsence() {
        return pass.isProvingAbsence();
    }

    public boolean isReturning() {
        return pass.isReturning();
    }

    public boolean isWhole() {
        return pass.isWhole();
    }

    public boolean isEmpty() {
        return pass.isEmpty();
    }

    public boolean isUnconfirmed() {
        return pass.isUnconfirmed();
    }

    public boolean movesMark() {
        return pass.movesMark();
    }

    public Instant since() {
        return pass.since();
    }

    public Instant mark() {
        return pass.mark();
    }

    public String lastAbsentKey() {
        return pass.lastAbsentKey();
    }

    public String lastReturningKey() {
        return pass.lastReturningKey();
    }
}
