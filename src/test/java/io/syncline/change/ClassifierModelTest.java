package io.syncline.change;

import io.syncline.record.Document;
import io.syncline.record.Observed;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import static io.syncline.change.Rows.SHAPE;
import static io.syncline.change.Rows.agreed;
import static io.syncline.change.Rows.at;
import static io.syncline.change.Rows.deleted;
import static io.syncline.change.Rows.deletedHere;
import static io.syncline.change.Rows.deletion;
import static io.syncline.change.Rows.document;
import static io.syncline.change.Rows.echoing;
import static io.syncline.change.Rows.edited;
import static io.syncline.change.Rows.inConflict;
import static io.syncline.change.Rows.row;
import static io.syncline.change.Rows.seen;
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
                case ECHO, CONFLICT, STALE, UNCHANGED, CONVERGED -> assertThat(each.change.document()).as("%s", each).isNull();
                default -> { }
            }
            if (each.stored.openConflict()) {
                assertThat(each.change.outcome()).as("%s", each).isIn(Outcome.CONFLICT, Outcome.UNCHANGED, Outcome.CONVERGED, Outcome.STALE);
            }
        }
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
            if (alive && !each.stored.openConflict() && each.change.outcome() != Outcome.CONFLICT && !each.stored.deletedHere()) {
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
                    deleted(plain), edited(deleted(plain), AGREED, "xz", at(0)))) {
                all.add(touched);
                all.add(echoing(touched, "vy"));
                if (touched.localChange() != null) {
                    all.add(inConflict(touched, agreed("xv", version == null ? null : 3L, null)));
                    all.add(inConflict(touched, agreed(null, version, null)));
                    all.add(echoing(inConflict(touched, agreed("xv", 2L, at(0))), "vy"));
                }
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
        Document base = change.agrees() && theirs != null ? theirs : local != null ? local.base() : document(AGREED);
        Document row = change.document() != null ? change.document() : local != null ? local.ours() : base;
        boolean deleted = change.outcome() == Outcome.DELETE || before.deleted() && change.outcome() != Outcome.RESTORE;
        boolean deletedHere = before.deletedHere() && change.outcome() != Outcome.CONVERGED && change.outcome() != Outcome.RESTORE;
        boolean outlives = agreement.hash() == null && !deleted;
        boolean agreesGone = deleted && !deletedHere && change.outcome() == Outcome.CONVERGED;
        boolean changedHere = deletedHere || outlives || !agreesGone && !row.equals(base);
        boolean conflict = before.openConflict() && !change.agrees() || change.outcome() == Outcome.CONFLICT;
        return new Stored(before.rowId(), before.revision(), agreement, deleted,
                changedHere ? new Stored.LocalChange(base, row, deletedHere, Objects.requireNonNullElse(local, new Stored.LocalChange(null, null, false, at(0))).at()) : null,
                conflict, change.agrees() ? null : before.echoHash(), conflict ? shown(decided) : null);
    }

    private static Stored.Agreement shown(Case decided) {
        Observed observed = decided.observed;
        if (decided.change.outcome() != Outcome.CONFLICT) {
            return decided.stored.disputed();
        }
        return observed == null ? new Stored.Agreement(null, null, null)
                : new Stored.Agreement(observed.deleted() ? null : observed.hash(), observed.version(), observed.modifiedAt());
    }
}
