package io.syncline.change;

import io.syncline.check.DecidedCases;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import static io.syncline.change.Rows.SHAPE;
import static io.syncline.change.Rows.agreed;
import static io.syncline.change.Rows.at;
import static io.syncline.change.Rows.behind;
import static io.syncline.change.Rows.deleted;
import static io.syncline.change.Rows.deletedHere;
import static io.syncline.change.Rows.deletion;
import static io.syncline.change.Rows.document;
import static io.syncline.change.Rows.echoing;
import static io.syncline.change.Rows.edited;
import static io.syncline.change.Rows.inConflict;
import static io.syncline.change.Rows.remapped;
import static io.syncline.change.Rows.row;
import static io.syncline.change.Rows.seen;
import static io.syncline.change.Rows.unmade;
import static io.syncline.change.Rows.unremoved;
import static org.assertj.core.api.Assertions.assertThat;

/** The promises as properties, over every combination of a small world: what is stored, what is seen, and what is declared. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClassifierModelTest {
    private static final String AGREED = "xy";
    private final List<Case> cases = new ArrayList<>();

    private record Case(Rules rules, Observed observed, Stored stored, Change change) {
        @Override
        public String toString() {
            return rules + "\n" + (observed == null ? "absent" : observed) + "\n" + stored + "\n-> " + change;
        }
    }

    @BeforeAll
    void decideEverything() {
        for (Rules rules : allRules()) {
            for (Stored stored : allStored()) {
                for (Observed observed : allObserved()) {
                    cases.add(new Case(rules, observed, stored, decide(rules, observed, stored)));
                }
                cases.add(new Case(rules, null, stored, decide(rules, null, stored)));
            }
        }
        assertThat(cases).hasSizeGreaterThan(100_000);
    }

    @Test
    void whatAPersonWroteIsOverwrittenOnlyWhereAPolicyDecidedSo() {
        for (Case each : cases) {
            Stored.LocalChange local = each.stored.localChange();
            if (each.change.document() == null || local == null || local.deletedHere() || each.change.settledBy() != null) {
                continue;
            }
            List<String> edited = SHAPE.difference(local.base(), local.ours());
            assertThat(SHAPE.difference(local.ours(), each.change.document())).as("Promise 4: %s", each).doesNotContainAnyElementsOf(edited);
        }
    }

    @Test
    void whatAPersonDeletedReturnsAndWhatAPersonEditedIsDeletedOnlyWhereAPolicyDecidedSo() {
        for (Case each : cases) {
            boolean returns = each.change.outcome() == Outcome.RESTORE && each.stored.deletedHere();
            boolean goes = each.change.outcome() == Outcome.DELETE && each.stored.localChange() != null;
            if (returns || goes) {
                assertThat(each.change.settledBy()).as("Promise 4: %s", each).isNotNull();
            }
        }
    }

    @Test
    void anOlderVersionChangesNothing() {
        for (Case each : cases) {
            Long version = each.observed == null ? null : each.observed.version();
            if (version != null && each.stored.agreement().version() != null && version < each.stored.agreement().version()) {
                assertThat(each.change.outcome()).as("Promise 9: %s", each).isEqualTo(Outcome.STALE);
                assertThat(each.change.agrees() || each.change.document() != null).as("Promise 9: %s", each).isFalse();
            }
        }
    }

    @Test
    void theSameInputTwiceChangesNothingTheSecondTime() {
        for (Case each : cases) {
            Change again = decide(each.rules, each.observed, applied(each));
            assertThat(again.outcome()).as("Promise 10: %s\n-> %s", each, again).isIn(Outcome.UNCHANGED, Outcome.STALE);
            assertThat(again.document()).as("Promise 10: %s\n-> %s", each, again).isNull();
            assertThat(again.agrees()).as("Promise 10: %s\n-> %s", each, again).isFalse();
            assertThat(again.settledBy()).as("Promise 10: %s\n-> %s", each, again).isNull();
        }
    }

    @Test
    void anEchoAndAConflictLeaveTheRowAsItIs() {
        for (Case each : cases) {
            switch (each.change.outcome()) {
                case ECHO, STALE, UNCHANGED, CONVERGED -> assertThat(each.change.document()).as("%s", each).isNull();
                case CONFLICT -> assertThat(each.change.document() == null || each.stored.remapped() != null).as("%s", each).isTrue();
                default -> { }
            }
            if (each.stored.openConflict() && each.stored.localChange() != null && each.stored.remapped() == null) {
                assertThat(each.change.outcome()).as("%s", each).isIn(Outcome.CONFLICT, Outcome.UNCHANGED, Outcome.CONVERGED, Outcome.STALE);
            }
        }
    }

    @Test
    void anOpenConflictEndsWhereNothingIsLeftOfWhatWasEditedHere() {
        for (Case each : cases) {
            if (each.stored.openConflict() && each.stored.localChange() == null && each.change.outcome() != Outcome.STALE) {
                assertThat(each.change.endsConflict()).as("%s", each).isTrue();
            }
        }
    }

    @Test
    void aChangedMappingAloneIsNoChangeOfAnybody() {
        for (Case each : cases) {
            if (each.change.outcome() == Outcome.REMAPPED) {
                assertThat(SHAPE.difference(each.stored.remapped().row(), each.change.document())).as("%s", each).containsExactly("a");
                assertThat(each.change.reason()).isEqualTo("its mapping changed: field a");
                assertThat(each.change.settledBy() == null || each.stored.localChange() != null).as("%s", each).isTrue();
                assertThat(applied(each).deleted()).as("%s", each).isEqualTo(each.stored.deleted());
            }
        }
        assertThat(cases.stream().filter(each -> each.change.outcome() == Outcome.REMAPPED)).hasSizeGreaterThan(1_000);
    }

    /** Where the side has not changed field a, a row that was read by another mapping of it is judged as if it had been read by that of now. */
    @Test
    void whatWasMappedOtherwiseIsJudgedAsIfItHadBeenMappedSoAllAlong() {
        int compared = 0;
        for (Case each : cases) {
            Stored stored = each.stored;
            boolean alive = each.observed != null && !each.observed.deleted() && each.observed.document().text().contains("\"a\":\"x\"");
            if (!alive || stored.remapped() != null || stored.echoHash() != null || stored.localChange() == null && stored.openConflict()) {
                continue;
            }
            Change other = decide(each.rules, each.observed, mappedOtherwise(stored));
            compared++;
            boolean quiet = Set.of(Outcome.UNCHANGED, Outcome.CONVERGED).contains(each.change.outcome());
            if (!quiet || other.outcome() != Outcome.REMAPPED) {
                assertThat(other.outcome()).as("%s\n-> %s", each, other).isEqualTo(each.change.outcome());
            }
            assertThat(other.fields()).as("%s\n-> %s", each, other).isEqualTo(each.change.fields());
            assertThat(other.settledBy()).as("%s\n-> %s", each, other).isEqualTo(each.change.settledBy());
            if (each.change.outcome() != Outcome.STALE) {
                Document row = stored.localChange() == null ? document(AGREED) : stored.localChange().ours();
                Document expected = Objects.requireNonNullElse(each.change.document(), row);
                Document says = Objects.requireNonNullElse(other.document(), mappedOtherwise(stored).remapped().row());
                assertThat(says).as("%s\n-> %s", each, other).isEqualTo(expected);
            }
        }
        assertThat(compared).isGreaterThan(5_000);
    }

    /** Every document that the side's field a stands in says q there, which no test's side ever says. */
    private static Stored mappedOtherwise(Stored stored) {
        Stored.LocalChange local = stored.localChange();
        Document row = local == null ? document(AGREED) : local.ours();
        Document base = local == null ? document(AGREED) : local.base();
        boolean edited = SHAPE.difference(base, row).contains("a");
        Document shown = stored.disputed() == null || stored.disputed().isGone() ? null : document("xv");
        Stored.Agreement agreement = stored.agreement().isGone() ? stored.agreement()
                : new Stored.Agreement(otherwise(base).hash(), stored.agreement().version(), stored.agreement().modifiedAt());
        Stored.Agreement disputed = shown == null ? stored.disputed()
                : new Stored.Agreement(otherwise(shown).hash(), stored.disputed().version(), stored.disputed().modifiedAt());
        return new Stored(stored.rowId(), stored.revision(), agreement, stored.deleted(),
                local == null ? null : new Stored.LocalChange(otherwise(base), edited ? row : otherwise(row), local.deletedHere(), local.at()),
                stored.openConflict(), null, disputed, stored.conflictIsBehind(),
                new Stored.Remapped(Set.of("a"), edited ? row : otherwise(row), shown == null ? null : otherwise(shown)));
    }

    private static Document otherwise(Document document) {
        return Document.stored(document.text().replaceFirst("\"a\":\".\"", "\"a\":\"q\""));
    }

    @Test
    void onlyADeclaredPolicySettles() {
        for (Case each : cases) {
            if (each.change.settledBy() != null) {
                assertThat(each.change.settledBy()).isEqualTo(each.rules.policy()).isNotEqualTo(Rules.Policy.REVIEW);
                assertThat(each.stored.localChange()).as("%s", each).isNotNull();
            }
            assertThat(each.change.reason()).isNotBlank();
        }
    }

    @Test
    void whatIsAliveThereIsAliveHereUnlessAPersonDeletedItOrIsAsked() {
        for (Case each : cases) {
            boolean alive = each.observed != null && !each.observed.deleted() && each.change.outcome() != Outcome.STALE;
            boolean staysUnmade = each.stored.unmade() && Set.of(Outcome.UNCHANGED, Outcome.REMAPPED).contains(each.change.outcome());
            if (alive && !each.stored.openConflict() && each.change.outcome() != Outcome.CONFLICT && !each.stored.deletedHere() && !staysUnmade) {
                assertThat(applied(each).deleted()).as("%s", each).isFalse();
            }
        }
    }

    @Test
    void whatIsPlainlyUnchangedIsWhatTheLongWayCallsUnchanged() {
        for (Case each : cases) {
            if (each.observed != null && new Classifier(SHAPE, each.rules, "st").isPlainlyUnchanged(each.observed, each.stored)) {
                assertThat(each.change.outcome()).as("%s", each).isEqualTo(Outcome.UNCHANGED);
                assertThat(each.change.agrees()).as("%s", each).isFalse();
            }
        }
    }

    /** Every way a decision can come about is shown by a case that people can read. */
    @Test
    void everyReasonHasACaseBesideThePriceBook() {
        Set<String> reasons = new TreeSet<>();
        cases.forEach(each -> reasons.add(way(each.change)));
        Classifier classifier = new Classifier(SHAPE, allRules().get(0), "st");
        Set.of(seen("xy"), deletion("xy", null, null)).forEach(unknown -> reasons.add(way(classifier.classify(unknown, null))));
        Set<String> shown = new TreeSet<>();
        DecidedCases.all(Path.of("config")).forEach(change -> shown.add(way(change)));
        assertThat(reasons).hasSizeGreaterThan(30);
        reasons.removeAll(shown);
        assertThat(reasons).as("ways to decide that no case shows").isEmpty();
    }

    private static String way(Change change) {
        return change.outcome().word() + ": " + change.reason().replaceFirst("(its mapping changed): .*", "$1");
    }

    private static Change decide(Rules rules, Observed observed, Stored stored) {
        Classifier classifier = new Classifier(SHAPE, rules, "st");
        return observed == null ? classifier.absent(stored) : classifier.classify(observed, stored);
    }

    private static List<Rules> allRules() {
        List<Rules> all = new ArrayList<>();
        for (Rules.Policy policy : Rules.Policy.values()) {
            for (boolean merge : new boolean[] {false, true}) {
                for (String authority : new String[] {"st", "local"}) {
                    all.add(new Rules(policy, merge, authority));
                }
            }
        }
        return all;
    }

    private static List<Stored> allStored() {
        List<Stored> all = new ArrayList<>();
        for (Long version : new Long[] {null, 2L}) {
            Stored plain = row(agreed(AGREED, version, version == null ? null : at(0)));
            for (Stored touched : List.of(plain, edited(plain, AGREED, "xz", at(0)), edited(plain, AGREED, "wz", null), deletedHere(plain, AGREED, at(0)),
                    deleted(plain), edited(deleted(plain), AGREED, "xz", at(0)), unmade(plain), unremoved(plain))) {
                all.add(touched);
                all.add(echoing(touched, "vy"));
                if (touched.localChange() != null) {
                    all.add(inConflict(touched, agreed("xv", version == null ? null : 3L, null)));
                    all.add(inConflict(touched, agreed(null, version, null)));
                    all.add(echoing(inConflict(touched, agreed("xv", 2L, at(0))), "vy"));
                    all.add(behind(inConflict(touched, agreed("xv", version == null ? null : 3L, null))));
                } else {
                    all.add(inConflict(touched, agreed("xv", version == null ? null : 3L, null)));
                }
            }
        }
        for (Stored stored : List.copyOf(all)) {
            if (stored.echoHash() == null && stored.agreement().version() != null) {
                Document says = stored.localChange() == null ? document(AGREED) : stored.localChange().ours();
                all.add(remapped(stored, says, stored.disputed() == null || stored.disputed().isGone() ? null : document("xv")));
            }
        }
        return all;
    }

    private static List<Observed> allObserved() {
        List<Observed> all = new ArrayList<>();
        for (Long version : new Long[] {null, 1L, 2L, 3L}) {
            for (Long micros : new Long[] {null, -1L, 0L, 1L}) {
                if (version != null && micros != null && version > 2 && micros < 0 || version != null && version < 2 && micros != null && micros > 0) {
                    continue;
                }
                for (String letters : new String[] {AGREED, "xz", "wz", "vy", "xv", "vv"}) {
                    all.add(seen(letters, version, micros == null ? null : at(micros)));
                    all.add(deletion(letters, version, micros == null ? null : at(micros)));
                }
                all.add(deletion(null, version, micros == null ? null : at(micros)));
            }
        }
        return all;
    }

    /** What a store makes of a change. */
    private static Stored applied(Case decided) {
        Stored before = decided.stored;
        Change change = decided.change;
        Stored.LocalChange local = before.localChange();
        Stored.Agreement agreement = change.agreement();
        Document theirs = decided.observed == null ? null : decided.observed.document();
        Document base = change.base() != null ? change.base() : change.agrees() && theirs != null ? theirs : local != null ? local.base() : document(AGREED);
        Document row = change.document() != null ? change.document() : before.remapped() != null ? before.remapped().row() : local != null ? local.ours()
                : base;
        boolean deleted = change.outcome() == Outcome.DELETE || before.deleted() && change.outcome() != Outcome.RESTORE;
        boolean deletedHere = before.deletedHere() && change.outcome() != Outcome.CONVERGED && change.outcome() != Outcome.RESTORE;
        boolean outlives = agreement.hash() == null && !deleted;
        boolean agreesGone = deleted && !deletedHere && change.outcome() == Outcome.CONVERGED;
        boolean staysRolledBack = (before.unmade() || before.unremoved()) && Set.of(Outcome.UNCHANGED, Outcome.REMAPPED, Outcome.STALE)
                .contains(change.outcome());
        boolean changedHere = !staysRolledBack && (deletedHere || outlives || !agreesGone && !row.equals(base));
        boolean conflict = before.openConflict() && !change.endsConflict() || change.outcome() == Outcome.CONFLICT;
        boolean read = decided.observed != null && !decided.observed.deleted() && (change.agrees() || change.document() != null);
        Document shown = conflict && decided.observed != null && !decided.observed.deleted() && change.outcome() == Outcome.CONFLICT ? theirs
                : before.remapped() == null ? null : before.remapped().disputed();
        return new Stored(before.rowId(), before.revision(), agreement, deleted,
                changedHere ? new Stored.LocalChange(base, row, deletedHere,
                        Objects.requireNonNullElse(local, new Stored.LocalChange(null, null, false, at(0))).at()) : null,
                conflict, change.agrees() ? null : before.echoHash(), conflict ? shown(decided) : null,
                conflict && before.conflictIsBehind() && change.outcome() == Outcome.STALE,
                before.remapped() == null || read ? null : new Stored.Remapped(before.remapped().fields(), row, conflict ? shown : null));
    }

    private static Stored.Agreement shown(Case decided) {
        Observed observed = decided.observed;
        boolean remapped = decided.change.base() != null;
        if (decided.change.outcome() != Outcome.CONFLICT && !remapped) {
            return decided.stored.disputed();
        }
        return observed == null ? new Stored.Agreement(null, null, null)
                : new Stored.Agreement(observed.deleted() ? null : observed.hash(), observed.version(), observed.modifiedAt());
    }
}
