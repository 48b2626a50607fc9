package io.syncline.run;

import io.syncline.change.Classifier;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Page;
import io.syncline.store.PlanFacts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** One entity's way through one run: what is asked for, how far it got, what has to be told about it. One thread at a time works on it. */
public final class EntityPass {
    /** Of changes, so few that none of them fits may have reasons of their own each; and so many reasons of a kind are told. */
    private static final int FEW = 10;

    private final Run run;
    private final EntityConfig entity;
    private Classifier classifier;
    private Instant since;
    private final boolean movesMark;
    private final List<String> reasons = new ArrayList<>();

    private Instant mark;
    private Instant firstAskedAt;
    private long began;
    private Instant now;
    private boolean reading = true;
    private boolean provesAbsence;
    private boolean failed;
    private boolean shortOf;
    private boolean empty = true;
    private boolean keyless;
    private boolean incomplete;
    private Long uncounted;
    private boolean resumed;
    private String resume;
    private Halt halt;
    private int pages;
    private int noted = -1;
    private String lastAbsentKey;
    private long goneForCertain;
    private Long brakeLimit;
    private boolean unconfirmed;
    private final List<String> unknown = new ArrayList<>();
    private long came;
    private boolean anyFits;
    private String cursor;
    private String given;
    private boolean returning = true;
    private String lastReturningKey;
    private Long total;
    private PlanFacts facts;

    /**
     * @param since     only changes since this mark are asked for; null for everything
     * @param movesMark the run may move the entity's watermark
     */
    EntityPass(Run run, EntityConfig entity, Instant since, boolean movesMark) {
        this.run = run;
        this.entity = entity;
        this.since = since;
        this.movesMark = movesMark;
        this.classifier = new Classifier(entity.shape(), entity.rules(), run.sync().side());
    }

    public Run run() {
        return run;
    }

    public SyncConfig sync() {
        return run.sync();
    }

    public EntityConfig entity() {
        return entity;
    }

    public String organisation() {
        return run.organisation();
    }

    public Instant since() {
        return since;
    }

    /** What the source is to tell changes from, in place of the mark; null where it is not. */
    public String cursor() {
        return cursor;
    }

    /** What the read ended with, for the next to tell changes from; null where the source gave nothing. */
    String given() {
        return given;
    }

    /** Read what changed since the cursor, which is about the same as what changed since the mark. */
    void goOnFrom(String kept) {
        cursor = kept;
    }

    /** Everything is asked for, so what is missing may be gone. */
    public boolean isWhole() {
        return since == null && run.isReadingAll();
    }

    /** There are pages left to read. */
    public boolean isReading() {
        return reading;
    }

    /** Where an earlier holder of the run stopped reading; null to begin. */
    public String resume() {
        return resume;
    }

    /** The read went on at another time than it began, so it is not one picture of the source. */
    public boolean isResumed() {
        return resumed;
    }

    /** The read was complete and absences may be judged (promise 6). */
    public boolean isProvingAbsence() {
        return provesAbsence;
    }

    /** How many different records all attempts at the read must have shown, to be counted now that it has ended; null when there is nothing to count. */
    Long uncounted() {
        return uncounted;
    }

    /** Why the run stops where it stands; null while it does not. */
    Halt halt() {
        return halt;
    }

    public boolean isFailed() {
        return failed;
    }

    Classifier classifier() {
        return classifier;
    }

    Instant mark() {
        return mark;
    }

    /** The source delivered nothing at all. */
    boolean isEmpty() {
        return empty;
    }

    boolean movesMark() {
        // Promise 2: a record without a readable key, or one that a read may have left out, has no final outcome; so the mark stays and it is read again.
        return movesMark && !failed && !keyless && !incomplete && uncounted == null && !isAllUnfit() && !(empty && isWhole()) && mark != null;
    }

    /** As the run was asked for; what was read may still stand against it. */
    boolean mayMoveMark() {
        return movesMark;
    }

    List<String> reasons() {
        return reasons;
    }

    int nextPage() {
        return ++pages;
    }

    /** What there is to tell has been kept. */
    void noted() {
        noted = reasons.size();
    }

    /** There is nothing to tell that has not been kept since reading ended. */
    boolean isNoted() {
        return run.isSingle() && noted == reasons.size();
    }

    String lastAbsentKey() {
        return lastAbsentKey;
    }

    /** Rows that are certain to be planned as deletes so far. */
    long goneForCertain() {
        return goneForCertain;
    }

    /** Some absences were not asked for, because the brake holds all deletes anyway. */
    boolean isUnconfirmed() {
        return unconfirmed;
    }

    /** Keys that were asked for and that neither the source nor we know. */
    List<String> unknown() {
        return unknown;
    }

    void foundNothing(String key) {
        unknown.add(key);
    }

    /** Everything was asked for, and the source delivered all that it said it has, in a form that can be read. */
    boolean isComplete() {
        return isWhole() && !reading && !failed && !incomplete && !keyless && uncounted == null && !empty && !isAllUnfit() && halt == null;
    }

    /** Nothing is published while a pass goes on, so the rows that the limit depends on are counted once. */
    long brakeLimit(LongSupplier counted) {
        if (brakeLimit == null) {
            brakeLimit = counted.getAsLong();
        }
        return brakeLimit;
    }

    void settled(PlanFacts found) {
        facts = found;
    }

    /** What is known of its plan since it was settled; null before. */
    PlanFacts facts() {
        return facts;
    }

    void planChanged() {
        facts = facts.changed();
    }

    /** The brake holds its deletes. */
    void hold(String why) {
        tell(why);
        planChanged();
    }

    void leaveUnconfirmed() {
        unconfirmed = true;
    }

    void countGone(long rows) {
        goneForCertain += rows;
    }

    void goOnAfter(String absentKey) {
        lastAbsentKey = absentKey;
    }

    /** Parked children may still return. */
    public boolean isReturning() {
        return returning;
    }

    String lastReturningKey() {
        return lastReturningKey;
    }

    /** @param lastKey of the batch that returned, or null when there are no more */
    void returned(String lastKey) {
        returning = lastKey != null;
        lastReturningKey = lastKey;
    }

    /** Absences are no longer looked for. */
    void absencesDone() {
        provesAbsence = false;
    }

    /** Promise 26: of reasons that begin alike, a few; there may be as many as there are records. */
    void tellSome(String beginning, String rest) {
        boolean enough = reasons.stream().filter(reason -> reason.startsWith(beginning)).count() >= FEW;
        tell(beginning + (enough ? "more than are named here." : rest));
    }

    void tell(String reason) {
        if (!reasons.contains(reason)) {
            reasons.add(reason);
        }
    }

    void foundWithoutKey() {
        if (!keyless) {
            tell("A record came without a readable key, so the watermark stays where it was until the source repairs it.");
        }
        keyless = true;
    }

    void read(Page page) {
        if (mark == null) {
            // Promise 2: the mark is fixed when the run begins to read, so a record changed meanwhile is read again.
            mark = page.askedAt();
        }
        if (firstAskedAt == null) {
            firstAskedAt = page.askedAt();
            began = System.nanoTime();
        }
        itIs(firstAskedAt.plusNanos(System.nanoTime() - began));
        empty &= page.records().isEmpty();
        total = page.total();
        reading = !page.isLast();
        if (page.isLast()) {
            uncounted = page.uncounted();
            given = page.cursor();
            if (page.note() != null) {
                tell(page.note());
            }
            judgeWholeness(page.incomplete());
        }
    }

    /** How many records the source said last that there are; null where it does not say. */
    Long total() {
        return total;
    }

    /** By the source's clock. */
    private void itIs(Instant time) {
        now = time;
        classifier = classifier.at(now);
    }

    /** What all attempts at the read have shown is counted. */
    void counted(long records) {
        long expected = uncounted;
        uncounted = null;
        judgeWholeness(records == expected ? null : "the source says there are " + expected + " records, but " + records + " different ones came");
    }

    private void judgeWholeness(String problem) {
        incomplete = problem != null;
        // What an earlier attempt could not read by its key is as unknown now as it was then.
        provesAbsence = isWhole() && !incomplete && uncounted == null && !(resumed && keyless);
        if (incomplete) {
            tell((isWhole() ? "Nothing was taken for deleted, and the watermark stays where it was: " : "The watermark stays where it was: ") + problem + ".");
        }
    }

    Progress progress() {
        return new Progress(mark == null ? null : mark.toString(), now == null ? null : now.toString(), reading, provesAbsence, empty, keyless, incomplete,
                uncounted, resumed, unconfirmed, goneForCertain, lastAbsentKey, came, anyFits, List.copyOf(reasons), given);
    }

    /**
     * Goes on behind the last page that was kept.
     *
     * @param position where the source is to go on; null where all of it has been read
     */
    void goOn(Progress kept, int lastPage, String position) {
        mark = kept.markedAt();
        itIs(kept.keptAt());
        reading = kept.reading();
        provesAbsence = kept.provesAbsence();
        empty = kept.empty();
        keyless = kept.keyless();
        incomplete = kept.incomplete();
        uncounted = kept.uncounted();
        // A read that was complete before is still one picture of the source.
        resumed = kept.resumed() || kept.reading();
        resume = kept.reading() ? position : null;
        unconfirmed = kept.unconfirmed();
        goneForCertain = kept.goneForCertain();
        lastAbsentKey = kept.lastAbsentKey();
        came = kept.came();
        anyFits = kept.anyFits();
        given = kept.cursor();
        pages = lastPage;
        kept.reasons().forEach(this::tell);
    }

    /** What was kept of the entity is given up, and everything is read anew. */
    void startOver(List<String> told) {
        mark = null;
        empty = true;
        keyless = false;
        came = 0;
        anyFits = false;
        given = null;
        resumed = false;
        resume = null;
        pages = 0;
        reasons.clear();
        told.forEach(this::tell);
    }

    /** The same, and everything is asked for. */
    void readWhole(List<String> told) {
        startOver(told);
        since = null;
        cursor = null;
    }

    /** The run stops here; whoever takes it over goes on behind the last page that was kept. */
    void halt(Halt why) {
        halt = why;
        reading = false;
        provesAbsence = false;
    }

    /** @param rejected how many of the delivered records do not fit */
    void came(long delivered, long rejected) {
        came += delivered;
        anyFits |= rejected < delivered;
    }

    /**
     * Not one record of a whole read, or of many changes, fits: then it is not the records but their form, or the declaration. Records that were asked for
     * one by one say nothing of the kind: they may be those that did not fit before.
     */
    boolean isAllUnfit() {
        return !run.isSingle() && came >= (isWhole() ? 1 : FEW) && !anyFits;
    }

    void tellWhereAllAreUnfit() {
        if (isAllUnfit()) {
            // Promise 2: each is set aside, but that is not the outcome anybody expects of all; when the form is mended, all are read again.
            tell("None of the " + came + " records that came fits what is declared, so the watermark stays where it was: the source has changed their form,"
                    + " or the declaration is wrong. What does not fit stands with each record that is set aside.");
        }
    }

    /** Records that the pages did not show are there when asked for: the pages moved while they were read. */
    void slipped(long records) {
        if (records > 0 && isWhole()) {
            incomplete = true;
            // Promise 2: who slipped unseen besides them may never have been stored, and then nobody would ask for it.
            tell("The watermark stays where it was: " + records + (records == 1 ? " record" : " records")
                    + " that the pages left out came when asked for, so the pages moved while they were read.");
        }
    }

    /** A record could not be asked for; the others go on without it. */
    void leaveOut(String key, String why) {
        shortOf = true;
        tell("Left out: " + key + ", for which the source could not be asked. " + why);
    }

    /** Some of what was asked for is not in what it brought, or nothing of it fits. */
    boolean isShort() {
        return shortOf || isAllUnfit();
    }

    void fail(String reason) {
        failed = true;
        reading = false;
        provesAbsence = false;
        tell(reason);
    }
}
