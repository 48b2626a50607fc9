package io.syncline.simulation;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.record.Confirmation;
import io.syncline.record.Field;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.run.AbsentRows;
import io.syncline.run.Mode;
import io.syncline.run.PageWork;
import io.syncline.run.Run;
import io.syncline.run.SimulatedPass;
import io.syncline.source.SimulatedRead;
import io.syncline.source.SourceFailure;
import io.syncline.store.Absences;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One process at work on one run, a step at a time, in the order of {@code routes/}. Between any two steps the rest of the world goes on, or the process dies;
 * all it knew then is lost, and another one begins behind the last checkpoint.
 */
final class SimulatedRun {
    private static final int BATCH = 2;
    private static final Page ABSENT = new Page(0, List.of(), false, null, null, null, null);

    /** What is to be done next; null when there is nothing left to do. */
    private interface Step {
        Step take();
    }

    private final Story story;
    private final Ledger.Life life;
    private final long fence;
    private final Run run;
    private final Mutant mutant;
    private final Hub hub;
    private final Map<String, SimulatedPass> passes = new LinkedHashMap<>();
    private final Map<String, Integer> pageNumbers = new HashMap<>();
    private Step next;

    SimulatedRun(Story story, Ledger.Life life) {
        this.story = story;
        this.life = life;
        this.fence = life.fence;
        this.mutant = story.mutant;
        this.hub = story.hub;
        this.run = new Run(life.id, story.setting.sync(), "default", life.mode, false, life.entity, life.key == null ? List.of() : List.of(life.key), null,
                false, null, "story", "story", fence, life.takeovers);
        this.next = this::begin;
    }

    Ledger.Life life() {
        return life;
    }

    boolean isOver() {
        return next == null;
    }

    /** Does the next thing. */
    void step() {
        try {
            next = next.take();
        } catch (Ledger.FencedOut out) {
            story.trace.line(() -> this + " is fenced out");
            next = null;
        }
    }

    private Step begin() {
        for (EntityConfig entity : run.entities()) {
            Ledger.Progress progress = life.progress.computeIfAbsent(entity.name(), none -> story.progress(life.mode, entity.name()));
            SimulatedPass pass = new SimulatedPass(run, entity, progress.since, progress.movesMark);
            passes.put(entity.name(), pass);
            if (!progress.pages.isEmpty()) {
                goOn(pass, progress);
            }
            if (progress.failed != null) {
                pass.fail(progress.failed);
            }
        }
        return read(List.copyOf(passes.values()));
    }

    /** Behind the last page that was kept; which parked records return is looked up again. */
    private void goOn(SimulatedPass pass, Ledger.Progress progress) {
        int kept = progress.firstReturned();
        progress.pages.subList(kept, progress.pages.size()).clear();
        hub.forget(life.id, pass.entity(), kept + 1);
        pageNumbers.put(pass.entity().name(), kept);
        if (kept > 0) {
            pass.goOn(progress.pages.get(kept - 1).progress(), kept, progress.position());
        }
    }

    private Step read(List<SimulatedPass> left) {
        if (left.isEmpty()) {
            return this::publishable;
        }
        SimulatedPass pass = left.get(0);
        List<SimulatedPass> others = left.subList(1, left.size());
        if (run.isSingle()) {
            return () -> askForOne(pass, others);
        }
        if (pass.isReading()) {
            if (pass.resume() != null && story.isFaulty() && story.dice.percent(10)) {
                startOver(pass);
            }
            Answers answers = story.answers(pass, life.progress.get(pass.entity().name()), pass.resume());
            return () -> fetch(pass, answers, others);
        }
        return () -> allRead(pass, others);
    }

    /** The source no longer knows where the read stopped. */
    private void startOver(SimulatedPass pass) {
        story.trace.line(() -> this + " finds its position lost, and reads " + pass.entity().name() + " anew");
        story.ledger.guard(life, fence);
        life.progress.get(pass.entity().name()).pages.clear();
        hub.forget(life.id, pass.entity(), 1);
        pageNumbers.put(pass.entity().name(), 0);
        pass.startOver();
    }

    private Step allRead(SimulatedPass pass, List<SimulatedPass> others) {
        Ledger.Progress progress = life.progress.get(pass.entity().name());
        if (progress.cut && story.world.madeUpSince(pass.entity().name(), life.began, progress.since != null)) {
            // Nothing in the answers could show that records were left out of them, so no reader could know: that is not told.
            return failed(pass, SimulatedRead.failure(), others);
        }
        pass.count(() -> hub.shown(life.id, pass.entity()));
        return absences(pass, others);
    }

    private Step fetch(SimulatedPass pass, Answers answers, List<SimulatedPass> others) {
        Page page;
        try {
            page = answers.next(story.isFaulty());
        } catch (SourceFailure failure) {
            return failed(pass, failure, others);
        }
        story.trace.line(() -> this + " reads " + pass.entity().name() + (pass.since() == null ? "" : " since " + pass.since()) + ": "
                + Trace.records(page.records()) + (page.isLast() ? ", the last" : "") + (page.incomplete() == null ? "" : ", but " + page.incomplete()));
        return () -> lookUp(pass, page, () -> pass.isReading() ? fetch(pass, answers, others) : allRead(pass, others));
    }

    private Step failed(SimulatedPass pass, SourceFailure failure, List<SimulatedPass> others) {
        story.trace.line(() -> this + " cannot read " + pass.entity().name() + ": " + failure.getMessage());
        story.ledger.guard(life, fence);
        pass.fail(failure.getMessage());
        life.progress.get(pass.entity().name()).failed = failure.getMessage();
        return read(others);
    }

    private Step lookUp(SimulatedPass pass, Page page, Step then) {
        pass.note(page);
        if (mutant == Mutant.THE_MARK_IS_MOVED_BEFORE_IT_IS_APPLIED && pass.movesMark() && !pass.isReading()) {
            story.ledger.marks.put(pass.entity().name(), pass.mark());
        }
        Map<String, Stored> stored = hub.find(pass.entity(), page.keys());
        PageWork work = pass.sortOut(page, stored);
        return () -> keep(pass, work, judged(pass, work, stored), page, then);
    }

    private List<Change> judged(SimulatedPass pass, PageWork work, Map<String, Stored> stored) {
        for (Object record : work.open()) {
            Change change;
            if (record instanceof Absences.Absent absent) {
                change = pass.classifier().absent(absent.stored());
            } else {
                Observed observed = (Observed) record;
                change = pass.classifier().classify(observed, observed.key() == null ? null : stored.get(observed.key()));
            }
            SimulatedPass.file(work.tally(), mutant.decide(change));
        }
        if (mutant == Mutant.A_RECORD_IS_NOT_COUNTED && !SimulatedPass.planned(work).isEmpty()) {
            SimulatedPass.planned(work).remove(0);
        }
        return SimulatedPass.planned(work);
    }

    private Step keep(SimulatedPass pass, PageWork work, List<Change> planned, Page page, Step then) {
        String entity = pass.entity().name();
        if (mutant != Mutant.A_ZOMBIE_STAGES) {
            story.ledger.guard(life, fence);
        }
        Ledger.Progress progress = life.progress.computeIfAbsent(entity, none -> story.progress(life.mode, entity));
        pass.came(work);
        Runnable checkpoint = () -> progress.pages.add(new Ledger.Kept(page, work.delivered(), SimulatedPass.counted(work), pass.progress()));
        if (mutant == Mutant.A_CHECKPOINT_STANDS_WITHOUT_ITS_PAGE) {
            checkpoint.run();
            return () -> stage(pass, planned, work.seen(), () -> { }, then);
        }
        return stage(pass, planned, work.seen(), checkpoint, then);
    }

    private Step stage(SimulatedPass pass, List<Change> planned, long[] seen, Runnable checkpoint, Step then) {
        int number = pageNumbers.merge(pass.entity().name(), 1, Integer::sum);
        hub.stage(life.id, pass.entity(), number, planned, seen, checkpoint);
        story.trace.line(() -> this + " keeps page " + number + " of " + pass.entity().name() + Trace.changes(planned));
        return then;
    }

    private Step askForOne(SimulatedPass pass, List<SimulatedPass> others) {
        String entity = pass.entity().name();
        if (story.isFaulty() && story.dice.percent(10)) {
            return failed(pass, SimulatedRead.failure(), others);
        }
        Version version = story.world.visible(entity, life.key);
        Observed found = version == null ? null : version.shown();
        story.trace.line(() -> this + " asks for " + life.key + ": " + (found == null ? "gone" : Trace.records(List.of(found))));
        if (found != null) {
            Page page = new Page(1, List.of(found), true, null, null, story.clock.there(), null);
            return () -> lookUp(pass, page, () -> read(others));
        }
        return () -> {
            Stored stored = hub.find(pass.entity(), List.of(life.key)).get(life.key);
            if (stored == null) {
                return read(others);
            }
            return confirm(pass, new AbsentRows(List.of(new Absences.Absent(life.key, stored)), false, Set.of()), () -> read(others));
        };
    }

    private Step absences(SimulatedPass pass, List<SimulatedPass> others) {
        return () -> {
            if (!pass.isProvingAbsence()) {
                return read(others);
            }
            List<Absences.Absent> rows = hub.absent(life.id, pass.entity(), pass.lastAbsentKey(), story.setting.absentAt());
            AbsentRows absent = pass.absent(rows, story.setting.absentAt(), () -> hub.brakeLimit(pass.entity()));
            return confirm(pass, absent, () -> absences(pass, others));
        };
    }

    /** Asks for what was not seen, where the pages are no proof by themselves. */
    private Step confirm(SimulatedPass pass, AbsentRows absent, Step then) {
        String entity = pass.entity().name();
        Map<String, Observed> there = new HashMap<>();
        Set<String> unclear = new HashSet<>();
        boolean resumed = pass.isResumed();
        boolean asks = (story.setting.drifts() || resumed) && mutant != Mutant.ABSENCE_WITHOUT_PROOF;
        for (String key : asks ? absent.keys() : List.<String>of()) {
            Version version = story.world.visible(entity, key);
            if (!story.setting.byId() || story.isFaulty() && story.dice.percent(10)) {
                unclear.add(key);
            } else if (version != null && version.shown() != null) {
                there.put(key, version.shown());
            }
        }
        Confirmation found = new Confirmation(there, unclear, unclear.isEmpty() ? null : "no answer");
        return () -> {
            Map<String, Stored> stored = absent.stored();
            PageWork work = pass.sortOutAbsent(absent, found);
            return keep(pass, work, judged(pass, work, stored), ABSENT, then);
        };
    }

    /** An entity that failed stays out, and so does what refers to it. */
    private Step publishable() {
        Set<String> out = new HashSet<>();
        passes.values().stream().filter(SimulatedPass::isFailed).forEach(pass -> out.add(pass.entity().name()));
        story.oracle.readingEnded(life, passes.values());
        for (SimulatedPass pass : passes.values()) {
            boolean depends = pass.entity().shape().fields().stream().map(Field::references).anyMatch(out::contains);
            if (depends && mutant != Mutant.A_CHILD_GOES_ON_WITHOUT_ITS_FAILED_PARENTS) {
                out.add(pass.entity().name());
            }
        }
        List<SimulatedPass> planned = passes.values().stream().filter(pass -> !out.contains(pass.entity().name())).toList();
        if (planned.isEmpty()) {
            return end("failed");
        }
        return returning(planned, 0);
    }

    private Step returning(List<SimulatedPass> planned, int at) {
        if (at == planned.size()) {
            return () -> park(planned);
        }
        SimulatedPass pass = planned.get(at);
        return () -> {
            List<Observed> records = hub.returning(life.id, pass.entity(), pass.lastReturningKey(), BATCH);
            pass.returned(records, BATCH);
            Step then = pass.isReturning() ? returning(planned, at) : returning(planned, at + 1);
            if (records.isEmpty()) {
                return then;
            }
            Page page = new Page(0, records, true, null, null, story.clock.there(), null);
            Map<String, Stored> stored = hub.find(pass.entity(), page.keys());
            PageWork work = pass.sortOutReturning(page, stored);
            return keep(pass, work, judged(pass, work, stored), null, then);
        };
    }

    private Step park(List<SimulatedPass> planned) {
        story.ledger.guard(life, fence);
        hub.park(life.id, planned.stream().map(SimulatedPass::entity).toList());
        return () -> brake(planned);
    }

    private Step brake(List<SimulatedPass> planned) {
        story.ledger.guard(life, fence);
        for (SimulatedPass pass : planned) {
            if (!run.isSingle() && mutant != Mutant.THE_BRAKE_IS_OFF) {
                boolean empty = pass.isEmpty() && pass.isWhole() && mutant != Mutant.AN_EMPTY_ANSWER_DELETES;
                hub.brake(life.id, pass.entity(), empty, pass.isUnconfirmed() && mutant != Mutant.AN_EMPTY_ANSWER_DELETES);
            }
            story.oracle.braked(life, pass);
        }
        return () -> publish(planned);
    }

    private Step publish(List<SimulatedPass> planned) {
        story.oracle.before();
        Map<String, SimulatedPass> byEntity = new HashMap<>();
        planned.forEach(pass -> byEntity.put(pass.entity().name(), pass));
        Runnable guard = () -> {
            if (mutant != Mutant.A_ZOMBIE_PUBLISHES) {
                story.ledger.guard(life, fence);
            }
        };
        Map<String, Map<Outcome, Long>> counts = hub.publish(new Hub.Order(life.id, planned.stream().map(SimulatedPass::entity).toList(),
                entity -> byEntity.get(entity.name()).classifier(), !run.isSingle(), guard, undecided -> planned.forEach(pass -> moveMark(pass, undecided)),
                story::maybeDie));
        story.trace.line(() -> this + " publishes " + counts + "; marks " + story.ledger.marks);
        story.oracle.published(life, fence, planned, counts);
        return end(planned.size() == passes.size() ? "published" : "partial");
    }

    private void moveMark(SimulatedPass pass, Set<String> undecided) {
        if (undecided.contains(pass.entity().name()) && mutant != Mutant.WHAT_IS_UNDECIDED_IS_PASSED_BY_THE_MARK) {
            return;
        }
        boolean moves = pass.movesMark() || mutant == Mutant.A_RECORD_WITHOUT_KEY_IS_PASSED_BY_THE_MARK && pass.mark() != null && !run.isSingle()
                && !pass.isEmpty();
        if (moves) {
            story.ledger.marks.put(pass.entity().name(), mutant == Mutant.THE_MARK_IS_NOT_FIXED_AT_THE_START ? story.clock.there() : pass.mark());
        }
    }

    private Step end(String state) {
        life.ended = state;
        hub.drop(life.id);
        return null;
    }

    @Override
    public String toString() {
        return "run " + life.id + " (" + life.mode.word() + (life.key == null ? "" : " " + life.key)
                + (life.takeovers > 0 ? ", attempt " + (life.takeovers + 1) : "") + ")";
    }
}
