package io.syncline.run;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Outcome;
import io.syncline.change.Repair;
import io.syncline.change.Stored;
import io.syncline.record.Answered;
import io.syncline.record.Confirmation;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.store.Absences;
import io.syncline.store.Brake;
import io.syncline.store.HeldDeletes;
import io.syncline.store.StoredStates;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Hands records to the classifier of their entity. */
@Component("judge")
public class Judge {
    private static final Logger LOG = LoggerFactory.getLogger(Judge.class);
    private static final int BATCH = 100;
    private static final int SHOWN = 10;

    private final StoredStates states;
    private final Absences absences;
    private final Brake brake;
    private final HeldDeletes heldDeletes;

    Judge(StoredStates states, Absences absences, Brake brake, HeldDeletes heldDeletes) {
        this.heldDeletes = heldDeletes;
        this.brake = brake;
        this.states = states;
        this.absences = absences;
    }

    /** A page has come in. */
    public void note(EntityPass pass, Page page) {
        pass.read(page);
    }

    /** Counts the records that need no further step and leaves the others for the record route. */
    public PageWork sortOut(@Variable("pass") EntityPass pass, @Variable("page") Page page, @Variable("stored") Map<String, Stored> stored,
                            @Variable("problems") Map<String, String> problems) {
        Tally tally = new Tally();
        Map<String, Observed> latest = areDistinct(page.records(), stored) ? null : latestOfEachKey(page.records(), tally::count);
        List<Observed> open = new ArrayList<>();
        long[] seen = new long[stored.size()];
        int rows = 0;
        for (Observed observed : page.records()) {
            if (observed.key() == null) {
                pass.foundWithoutKey();
                open.add(observed);
                continue;
            }
            if (latest != null && latest.get(observed.key()) != observed) {
                continue;
            }
            Stored known = stored.get(observed.key());
            if (known != null) {
                seen[rows++] = known.rowId();
            }
            if (pass.classifier().isPlainlyUnchanged(observed, known) && (problems == null || !problems.containsKey(observed.key()))) {
                tally.count(Outcome.UNCHANGED);
                if (pass.run().isSingle()) {
                    tally.name(observed.key(), Outcome.UNCHANGED);
                }
            } else {
                open.add(observed);
            }
        }
        return new PageWork(pass.nextPage(), "source", page.records().size(), open, Arrays.copyOf(seen, rows), page.resume(), tally);
    }

    /** Whether a read that was resumed was whole is known when what all attempts have shown is counted together. */
    public void countShown(EntityPass pass) {
        if (pass.uncounted() != null) {
            pass.counted(absences.shown(pass.run().id(), pass.sync(), pass.entity()));
        }
    }

    /** The next rows that a whole read did not see; when there are none left, the search is over. */
    public AbsentRows nextAbsent(EntityPass pass) {
        Run run = pass.run();
        List<Absences.Absent> rows = absences.next(run.id(), run.sync(), pass.entity(), run.organisation(), pass.lastAbsentKey(), BATCH);
        Set<Long> approved = run.approves() == null ? Set.of()
                : heldDeletes.approved(run.id(), pass.entity().name(), rows.stream().map(row -> row.stored().rowId()).toList());
        return batch(pass, rows, BATCH, approved, () -> pass.brakeLimit(() -> brake.most(run.sync(), pass.entity(), run.organisation())));
    }

    /**
     * @param approved   the rows among them whose deletes a person has approved
     * @param brakeLimit how many deletes the brake lets through; asked for only where that matters
     */
    static AbsentRows batch(EntityPass pass, List<Absences.Absent> rows, int askedFor, Set<Long> approved, LongSupplier brakeLimit) {
        if (rows.size() < askedFor) {
            pass.absencesDone();
        } else {
            pass.goOnAfter(rows.get(rows.size() - 1).key());
        }
        // Promise 7: after an empty answer, or beyond its limit, the brake holds every delete, and its approval reads again: no need to ask for each.
        boolean held = pass.isEmpty() || pass.goneForCertain() > 0 && pass.goneForCertain() > brakeLimit.getAsLong();
        if (held && approved.size() < rows.size()) {
            pass.leaveUnconfirmed();
        }
        return new AbsentRows(rows, held, approved);
    }

    /** The rows of single records that the source says are not there. */
    public AbsentRows gone(EntityPass pass, Answered answered) {
        Map<String, Stored> stored = states.find(pass.sync(), pass.entity(), pass.organisation(), answered.gone());
        answered.gone().stream().filter(key -> !stored.containsKey(key))
                .forEach(key -> {
                    pass.foundNothing(key);
                    pass.tell("The source has no " + pass.entity().name() + " record " + key + ", and neither have we.");
                });
        return new AbsentRows(answered.gone().stream().filter(stored::containsKey).map(key -> new Absences.Absent(key, stored.get(key))).toList(), false);
    }

    /** Absent rows on their way through the record route: those that turned out to be there are judged as what they are, those that are unclear not at all. */
    public PageWork sortOutAbsent(@Variable("pass") EntityPass pass, @Variable("absent") AbsentRows absent, @Variable("found") Confirmation found) {
        List<Object> open = new ArrayList<>();
        List<Long> seen = new ArrayList<>();
        for (Absences.Absent row : absent.rows()) {
            // Promise 7: an empty answer is no proof. A delete is held for it, but an edited row would end in a conflict, or agree to a deletion.
            boolean guessed = pass.isEmpty() && absent.held() && !absent.isApproved(row) && (row.stored().localChange() != null || row.stored().openConflict());
            if (!guessed && !found.unclear().contains(row.key())) {
                Observed there = found.there().get(row.key());
                open.add(there == null ? row : there);
                if (there != null) {
                    seen.add(row.stored().rowId());
                }
                boolean counts = there == null && !absent.isApproved(row) && row.stored().localChange() == null && !row.stored().openConflict();
                pass.countGone(counts ? 1 : 0);
            }
        }
        pass.slipped(seen.size());
        if (found.problem() != null) {
            pass.tellSome("Not shown by the source and yet not taken for deleted, because it does not say whether they are gone: ", shown(found.unclear())
                    + ". " + found.problem());
        }
        return new PageWork(pass.nextPage(), "absence", open.size(), open, seen.stream().mapToLong(Long::longValue).toArray(), null, new Tally());
    }

    static String shown(Set<String> keys) {
        String some = keys.stream().sorted().limit(SHOWN).collect(Collectors.joining(", "));
        return keys.size() > SHOWN ? some + " and " + (keys.size() - SHOWN) + " more" : some;
    }

    /** Parked children whose parent has come, on their way through the record route. */
    public PageWork sortOutReturning(@Variable("pass") EntityPass pass, @Variable("page") Page returning, @Variable("stored") Map<String, Stored> stored) {
        // Seen: one that turns out to be as agreed has come through as well, and no longer waits.
        long[] seen = stored.values().stream().mapToLong(Stored::rowId).toArray();
        return new PageWork(pass.nextPage(), "parked", returning.records().size(), returning.records(), seen, null, new Tally());
    }

    /**
     * What is stored of the records of a page.
     *
     * @param ahead where it was asked for when the page had been read; null where nobody reads ahead
     */
    public Map<String, Stored> lookUp(@Variable("pass") EntityPass pass, @Variable("page") Page page, @Variable("ahead") LookUps ahead) {
        return ahead != null ? ahead.of(page) : states.ofRecords(pass.sync(), pass.entity(), pass.organisation(), page.records());
    }

    /**
     * Judges observations, and proven absences, one by one; one that cannot be judged is set aside, and its neighbours go on (promise 8).
     *
     * @param problems what is wrong with rows, by key, when the run repairs; else null
     */
    public List<Stretch> judge(@Variable("pass") EntityPass pass, @Variable("stored") Map<String, Stored> stored,
                               @Variable("problems") Map<String, String> problems, @Variable("work") PageWork work) {
        List<Change> changes = new ArrayList<>(work.open().size());
        for (Object record : work.open()) {
            changes.add(judgeOne(pass, stored, problems, record));
        }
        return Stretch.of(changes);
    }

    private static Change judgeOne(EntityPass pass, Map<String, Stored> stored, Map<String, String> problems, Object record) {
        Observed observed = record instanceof Observed seen ? seen : null;
        Stored row = record instanceof Absences.Absent absent ? absent.stored() : observed.key() == null ? null : stored.get(observed.key());
        try {
            Change change = observed == null ? pass.classifier().absent(row) : pass.classifier().classify(observed, row);
            if (observed == null) {
                return pass.run().repair() ? Repair.ofAbsence(change) : change;
            }
            String problem = problems == null || observed.key() == null ? null : problems.get(observed.key());
            return problem == null ? change : Repair.of(change, problem);
        } catch (RuntimeException failure) {
            LOG.error("The record {} could not be judged", observed != null ? observed.key() : ((Absences.Absent) record).key(), failure);
            return Classifier.unjudged(observed, row);
        }
    }

    /** The channel that judged records go through. */
    public String channel(@Body Stretch stretch) {
        return stretch.channel();
    }

    /** Promise 8: what its channel could not take is set aside with its reason. */
    public Stretch rejected(Stretch stretch, Exception failure) {
        LOG.error("{} could not be handed over", stretch, failure);
        return stretch.rejected();
    }

    /** Whether no key is there twice: what is stored is stored of keys of these records, so each was found once if as many were found. */
    static boolean areDistinct(List<Observed> records, Map<String, Stored> stored) {
        int found = 0;
        Set<String> others = new HashSet<>();
        for (Observed observed : records) {
            if (observed.key() != null && stored.containsKey(observed.key())) {
                found++;
            } else if (observed.key() != null && !others.add(observed.key())) {
                return false;
            }
        }
        return found == stored.size();
    }

    /**
     * One key, one record: of several in a page the newest counts, and of equals the last.
     *
     * @param passedOver told what becomes of each of the others
     */
    static Map<String, Observed> latestOfEachKey(List<Observed> records, Consumer<Outcome> passedOver) {
        Map<String, Observed> latest = new HashMap<>(records.size() * 2);
        for (Observed observed : records) {
            if (observed.key() == null) {
                continue;
            }
            Observed before = latest.put(observed.key(), observed);
            if (before == null) {
                continue;
            }
            if (isNewer(before, observed)) {
                latest.put(observed.key(), before);
            }
            boolean same = before.isFit() && observed.isFit() && before.document() != null && before.document().equals(observed.document());
            passedOver.accept(same ? Outcome.UNCHANGED : Outcome.STALE);
        }
        return latest;
    }

    private static boolean isNewer(Observed one, Observed other) {
        if (one.version() != null && other.version() != null) {
            return one.version() > other.version();
        }
        return one.modifiedAt() != null && other.modifiedAt() != null && one.modifiedAt().isAfter(other.modifiedAt());
    }
}
