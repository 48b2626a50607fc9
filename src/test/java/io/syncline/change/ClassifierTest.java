package io.syncline.change;

import io.syncline.record.Observed;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
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

class ClassifierTest {
    private static final Classifier REVIEW = classifier(Rules.Policy.REVIEW, false, "st");

    private static Classifier classifier(Rules.Policy policy, boolean mergeDisjoint, String authority) {
        return new Classifier(SHAPE, new Rules(policy, mergeDisjoint, authority), "st");
    }

    private static void assertWrites(Change change, Outcome outcome, String letters) {
        assertThat(change.outcome()).isEqualTo(outcome);
        assertThat(change.document()).isEqualTo(document(letters));
        assertThat(change.agrees()).isTrue();
    }

    private static void assertOnly(Change change, Outcome outcome, boolean agrees) {
        assertThat(change.outcome()).isEqualTo(outcome);
        assertThat(change.document()).as("the row's content stays").isNull();
        assertThat(change.agrees()).isEqualTo(agrees);
    }

    @Nested
    class ARecord {
        @Test
        void thatIsUnfitIsRejectedWithEveryReason() {
            Observed unfit = new Observed("1", null, 9L, null, false, List.of("a: is a list", "b: is missing"), "{}");
            Change change = REVIEW.classify(unfit, row("xy"));
            assertOnly(change, Outcome.REJECTED, false);
            assertThat(change.reason()).isEqualTo("a: is a list; b: is missing");
            assertThat(REVIEW.classify(unfit, null).outcome()).isEqualTo(Outcome.REJECTED);
        }

        @Test
        void neverSeenIsCreated() {
            assertWrites(REVIEW.classify(seen("xy"), null), Outcome.CREATE, "xy");
        }

        @Test
        void neverSeenAndAlreadyDeletedThereIsKeptAsDeletedWhereItsContentIsTold() {
            Change kept = REVIEW.classify(deletion("xy", null, null), null);
            assertWrites(kept, Outcome.CREATE, "xy");
            assertThat(kept.observed().deleted()).isTrue();
            assertOnly(REVIEW.classify(deletion(null, 1L, at(0)), null), Outcome.UNCHANGED, true);
        }

        @Test
        void asAgreedIsUnchangedAndWritesNothing() {
            assertOnly(REVIEW.classify(seen("xy", 3L, at(0)), row(agreed("xy", 3L, at(0)))), Outcome.UNCHANGED, false);
            assertOnly(REVIEW.classify(seen("xy"), row("xy")), Outcome.UNCHANGED, false);
        }

        @Test
        void asAgreedWithMovedMarksMovesTheAgreementOnly() {
            Change change = REVIEW.classify(seen("xy", 4L, at(1)), row(agreed("xy", 3L, at(0))));
            assertOnly(change, Outcome.UNCHANGED, true);
            assertThat(change.agreement()).usingRecursiveComparison().isEqualTo(agreed("xy", 4L, at(1)));
        }

        @Test
        void thatDoesNotTellItsMarksThisTimeKeepsThem() {
            assertOnly(REVIEW.classify(seen("xy"), row(agreed("xy", 3L, at(0)))), Outcome.UNCHANGED, false);
            assertThat(REVIEW.classify(seen("xz", 4L, null), row(agreed("xy", 3L, at(0)))).agreement()).usingRecursiveComparison()
                    .isEqualTo(agreed("xz", 4L, at(0)));
        }

        @Test
        void changedThereOnlyIsUpdated() {
            Change change = REVIEW.classify(seen("xz", 4L, at(1)), row(agreed("xy", 3L, at(0))));
            assertWrites(change, Outcome.UPDATE, "xz");
            assertThat(change.settledBy()).isNull();
        }

        @Test
        void changedHereOnlyIsUnchangedAndThePushesBusiness() {
            assertOnly(REVIEW.classify(seen("xy"), edited(row("xy"), "xy", "xz", at(0))), Outcome.UNCHANGED, false);
            assertOnly(REVIEW.classify(seen("xy"), deletedHere(row("xy"), "xy", at(0))), Outcome.UNCHANGED, false);
        }
    }

    /** Promise 9. */
    @Nested
    class AnOlderVersion {
        @ParameterizedTest
        @CsvSource({"2,STALE", "3,UPDATE", "4,UPDATE"})
        void neverReplacesANewerOneByVersion(long version, Outcome expected) {
            assertThat(REVIEW.classify(seen("xz", version, null), row(agreed("xy", 3L, null))).outcome()).isEqualTo(expected);
        }

        @ParameterizedTest
        @CsvSource({"-1,STALE", "0,UPDATE", "1,UPDATE"})
        void neverReplacesANewerOneByTimeDownToTheMicrosecond(long micros, Outcome expected) {
            assertThat(REVIEW.classify(seen("xz", null, at(micros)), row(agreed("xy", null, at(0)))).outcome()).isEqualTo(expected);
        }

        @Test
        void isKnownByItsVersionFirst() {
            assertThat(REVIEW.classify(seen("xz", 4L, at(-1)), row(agreed("xy", 3L, at(0)))).outcome()).isEqualTo(Outcome.UPDATE);
            assertThat(REVIEW.classify(seen("xz", 2L, at(1)), row(agreed("xy", 3L, at(0)))).outcome()).isEqualTo(Outcome.STALE);
            assertThat(REVIEW.classify(seen("xz", 3L, at(-1)), row(agreed("xy", 3L, at(0)))).outcome()).isEqualTo(Outcome.UPDATE);
        }

        @Test
        void isKnownByItsTimeWhereOneSideOfTheVersionsIsMissing() {
            assertThat(REVIEW.classify(seen("xz", null, at(-1)), row(agreed("xy", 3L, at(0)))).outcome()).isEqualTo(Outcome.STALE);
            assertThat(REVIEW.classify(seen("xz", 1L, at(-1)), row(agreed("xy", null, at(0)))).outcome()).isEqualTo(Outcome.STALE);
            assertThat(REVIEW.classify(seen("xz", 1L, null), row(agreed("xy", null, at(0)))).outcome()).isEqualTo(Outcome.UPDATE);
            assertThat(REVIEW.classify(seen("xz", null, null), row(agreed("xy", 3L, at(0)))).outcome()).isEqualTo(Outcome.UPDATE);
        }

        @Test
        void thatIsAsAgreedIsStaleToo() {
            assertOnly(REVIEW.classify(seen("xy", 2L, null), row(agreed("xy", 3L, null))), Outcome.STALE, false);
        }

        @Test
        void ofADeletionDoesNotDelete() {
            assertOnly(REVIEW.classify(deletion(null, 2L, null), row(agreed("xy", 3L, null))), Outcome.STALE, false);
            assertOnly(REVIEW.classify(deletion("xy", null, at(-1)), row(agreed("xy", null, at(0)))), Outcome.STALE, false);
            assertThat(REVIEW.classify(deletion(null, null, at(0)), row(agreed("xy", null, at(0)))).outcome()).isEqualTo(Outcome.DELETE);
        }

        @Test
        void doesNotBringBackWhatWasDeletedAfterIt() {
            Change deletion = REVIEW.classify(deletion(null, null, at(3)), row(agreed("xy", null, at(1))));
            Stored gone = deleted(row(deletion.agreement()));
            assertThat(REVIEW.classify(seen("xz", null, at(2)), gone).outcome()).isEqualTo(Outcome.STALE);
            assertThat(REVIEW.classify(seen("xz", null, at(4)), gone).outcome()).isEqualTo(Outcome.RESTORE);
        }

        @Test
        void doesNotReplaceTheNewerOneThatAnOpenConflictShows() {
            Stored open = inConflict(edited(row(agreed("xy", 1L, null)), "xy", "zz", at(0)), agreed("xw", 5L, null));
            assertOnly(REVIEW.classify(seen("xv", 3L, null), open), Outcome.STALE, false);
            assertOnly(REVIEW.classify(deletion(null, 3L, null), open), Outcome.STALE, false);
            assertOnly(REVIEW.classify(seen("xv", 6L, null), open), Outcome.CONFLICT, false);
        }
    }

    @Nested
    class ADeletion {
        @Test
        void deletesAnUntouchedRowAndKeepsItsContentWhenItTellsNone() {
            Change bare = REVIEW.classify(deletion(null, 4L, at(1)), row(agreed("xy", 3L, at(0))));
            assertOnly(bare, Outcome.DELETE, true);
            assertThat(bare.agreement()).usingRecursiveComparison().isEqualTo(agreed(null, 4L, at(1)));
            assertWrites(REVIEW.classify(deletion("xz", 4L, at(1)), row(agreed("xy", 3L, at(0)))), Outcome.DELETE, "xz");
        }

        @Test
        void byProvenAbsenceDeletesAnUntouchedRow() {
            Change change = REVIEW.absent(row(agreed("xy", 3L, at(0))));
            assertOnly(change, Outcome.DELETE, true);
            assertThat(change.agreement()).usingRecursiveComparison().isEqualTo(agreed(null, 3L, at(0)));
        }

        @Test
        void ofWhatTheSourceNeverHadIsNone() {
            assertOnly(REVIEW.absent(row((Stored.Agreement) null)), Outcome.UNCHANGED, false);
        }

        @Test
        void ofADeletedRowChangesNothingButMovedMarks() {
            assertOnly(REVIEW.absent(deleted(row("xy"))), Outcome.UNCHANGED, false);
            assertOnly(REVIEW.classify(deletion(null, 3L, null), deleted(row(agreed("xy", 3L, null)))), Outcome.UNCHANGED, false);
            assertOnly(REVIEW.classify(deletion(null, 4L, null), deleted(row(agreed("xy", 3L, null)))), Outcome.UNCHANGED, true);
        }

        @Test
        void onBothSidesConverges() {
            assertOnly(REVIEW.absent(deletedHere(row("xy"), "xy", at(0))), Outcome.CONVERGED, true);
            assertOnly(REVIEW.classify(deletion(null, null, null), deletedHere(row("xy"), "xy", at(0))), Outcome.CONVERGED, true);
        }

        @Test
        void ofAnEditedRowIsForAPersonByDefault() {
            Stored edited = edited(row("xy"), "xy", "xz", at(0));
            assertOnly(REVIEW.absent(edited), Outcome.CONFLICT, false);
            assertOnly(REVIEW.classify(deletion("xy", null, at(9)), edited), Outcome.CONFLICT, false);
        }

        @Test
        void ofAnEditedRowGoesToTheWinnerThatIsDeclared() {
            Stored edited = edited(row("xy"), "xy", "xz", at(0));
            Change theirs = classifier(Rules.Policy.SOURCE_WINS, false, "local").absent(edited);
            assertWrites(theirs, Outcome.DELETE, "xy");
            assertThat(theirs.settledBy()).isEqualTo(Rules.Policy.SOURCE_WINS);
            Change ours = classifier(Rules.Policy.LOCAL_WINS, false, "st").absent(edited);
            assertOnly(ours, Outcome.UNCHANGED, true);
            assertThat(ours.settledBy()).isEqualTo(Rules.Policy.LOCAL_WINS);
        }

        @Test
        void thatLostIsSettledOnceAndNotInEveryRun() {
            Classifier localWins = classifier(Rules.Policy.LOCAL_WINS, false, "st");
            Stored.Agreement after = localWins.absent(edited(row(agreed("xy", 3L, at(0))), "xy", "xz", at(0))).agreement();
            assertThat(after).usingRecursiveComparison().isEqualTo(agreed(null, 3L, at(0)));
            Change again = localWins.absent(edited(row(after), "xy", "xz", at(0)));
            assertOnly(again, Outcome.UNCHANGED, false);
            assertThat(again.settledBy()).isNull();
        }

        @ParameterizedTest
        @CsvSource({"-1,st,UNCHANGED", "-1,local,UNCHANGED", "0,st,DELETE", "0,local,UNCHANGED", "1,st,DELETE", "1,local,DELETE", ",st,DELETE",
                ",local,UNCHANGED"})
        void ofAnEditedRowGoesToTheLastWriterAndWithoutATimeToTheAuthority(Long micros, String authority, Outcome expected) {
            Change change = classifier(Rules.Policy.LAST_WRITE_WINS, false, authority)
                    .classify(deletion(null, null, micros == null ? null : at(micros)), edited(row("xy"), "xy", "xz", at(0)));
            assertThat(change.outcome()).isEqualTo(expected);
            assertThat(change.settledBy()).isEqualTo(Rules.Policy.LAST_WRITE_WINS);
        }

        @ParameterizedTest
        @CsvSource({"st,DELETE", "local,UNCHANGED"})
        void byAbsenceHasNoTimeSoTheAuthorityDecidesUnderLastWriteWins(String authority, Outcome expected) {
            assertThat(classifier(Rules.Policy.LAST_WRITE_WINS, false, authority).absent(edited(row("xy"), "xy", "xz", at(0))).outcome()).isEqualTo(expected);
        }
    }

    @Nested
    class ARowDeletedThere {
        @Test
        void isRestoredWhenTheSourceHasItAgain() {
            assertWrites(REVIEW.classify(seen("xz"), deleted(row("xy"))), Outcome.RESTORE, "xz");
            assertWrites(REVIEW.classify(seen("xy"), deleted(row("xy"))), Outcome.RESTORE, "xy");
        }

        @Test
        void isRestoredEvenWhenItsVersionsBeginAnew() {
            assertWrites(REVIEW.classify(seen("xz", 1L, at(1)), deleted(row(agreed("xy", 7L, at(0))))), Outcome.RESTORE, "xz");
            assertThat(REVIEW.classify(seen("xz", 1L, at(0)), deleted(row(agreed("xy", 7L, at(0))))).outcome()).isEqualTo(Outcome.STALE);
            assertThat(REVIEW.classify(seen("xz", 1L, null), deleted(row(agreed("xy", 7L, null)))).outcome()).isEqualTo(Outcome.STALE);
        }

        @Test
        void isRestoredWithTheEditThatWasMadeInIt() {
            Stored edited = edited(deleted(row("xy")), "xy", "xz", at(0));
            assertWrites(REVIEW.classify(seen("xy"), edited), Outcome.RESTORE, "xz");
            assertWrites(REVIEW.classify(seen("xz"), edited), Outcome.RESTORE, "xz");
            assertWrites(classifier(Rules.Policy.REVIEW, true, "st").classify(seen("wy"), edited), Outcome.RESTORE, "wz");
            assertWrites(classifier(Rules.Policy.LOCAL_WINS, false, "st").classify(seen("wy"), edited), Outcome.RESTORE, "xz");
            assertWrites(classifier(Rules.Policy.SOURCE_WINS, false, "st").classify(seen("wy"), edited), Outcome.RESTORE, "wy");
            assertOnly(REVIEW.classify(seen("wy"), edited), Outcome.CONFLICT, false);
        }
    }

    @Nested
    class ARowDeletedHere {
        private final Stored gone = deletedHere(row("xy"), "xy", at(0));

        @Test
        void andChangedThereIsForAPersonByDefault() {
            Change change = REVIEW.classify(seen("xz"), gone);
            assertOnly(change, Outcome.CONFLICT, false);
            assertThat(change.fields()).containsExactly("b");
            assertThat(change.reason()).contains("deleted here");
        }

        @Test
        void isNotMergedAway() {
            assertOnly(classifier(Rules.Policy.REVIEW, true, "st").classify(seen("xz"), gone), Outcome.CONFLICT, false);
        }

        @Test
        void andChangedThereGoesToTheWinnerThatIsDeclared() {
            assertWrites(classifier(Rules.Policy.SOURCE_WINS, true, "st").classify(seen("xz"), gone), Outcome.RESTORE, "xz");
            Change ours = classifier(Rules.Policy.LOCAL_WINS, true, "st").classify(seen("xz"), gone);
            assertOnly(ours, Outcome.UNCHANGED, true);
            assertThat(ours.agreement().hash()).isEqualTo(document("xz").hash());
        }
    }

    /** Promise 11. */
    @Nested
    class AnEcho {
        @Test
        void isNeverAnswered() {
            Change change = REVIEW.classify(seen("XY", 4L, at(1)), echoing(row(agreed("xy", 3L, at(0))), "XY"));
            assertOnly(change, Outcome.ECHO, true);
            assertThat(change.agreement()).usingRecursiveComparison().isEqualTo(agreed("XY", 4L, at(1)));
        }

        @Test
        void isAnEchoAlsoWhenTheRowWasEditedMeanwhile() {
            assertOnly(REVIEW.classify(seen("XY"), echoing(edited(row("xy"), "xy", "zz", at(0)), "XY")), Outcome.ECHO, true);
        }

        @Test
        void thatIsOldIsStale() {
            assertThat(REVIEW.classify(seen("XY", 2L, null), echoing(row(agreed("xy", 3L, null)), "XY")).outcome()).isEqualTo(Outcome.STALE);
        }

        @Test
        void isNotTakenForOneWhenAnythingElseComesBack() {
            assertThat(REVIEW.classify(seen("Xz"), echoing(row("xy"), "XY")).outcome()).isEqualTo(Outcome.UPDATE);
        }

        @Test
        void doesNotMoveTheGroundUnderAnOpenConflict() {
            Stored open = inConflict(echoing(edited(row("xy"), "xy", "xz", at(0)), "XY"), agreed("xw", null, null));
            assertOnly(REVIEW.classify(seen("XY"), open), Outcome.CONFLICT, false);
        }

        @Test
        void doesNotLeaveARowDeletedThatTheSourceHas() {
            assertWrites(REVIEW.classify(seen("XY"), echoing(deleted(row("xy")), "XY")), Outcome.RESTORE, "XY");
        }
    }

    @Nested
    class AnOpenConflict {
        private final Stored edited = edited(row(agreed("xy", 1L, null)), "xy", "xz", at(0));

        @ParameterizedTest
        @EnumSource(Rules.Policy.class)
        void isRefreshedAndTheRowIsUntouchedWhateverThePolicy(Rules.Policy policy) {
            Stored open = inConflict(edited, agreed("xw", 2L, null));
            assertOnly(classifier(policy, true, "st").classify(seen("vy", 3L, null), open), Outcome.CONFLICT, false);
            assertOnly(classifier(policy, true, "st").classify(deletion(null, 3L, null), open), Outcome.CONFLICT, false);
            assertOnly(classifier(policy, true, "st").absent(open), Outcome.CONFLICT, false);
        }

        @Test
        void changesNothingTheSecondTime() {
            assertOnly(REVIEW.classify(seen("xw", 2L, null), inConflict(edited, agreed("xw", 2L, null))), Outcome.UNCHANGED, false);
            assertOnly(REVIEW.classify(deletion(null, 2L, null), inConflict(edited, agreed(null, 2L, null))), Outcome.UNCHANGED, false);
            assertOnly(REVIEW.absent(inConflict(edited, agreed(null, 2L, null))), Outcome.UNCHANGED, false);
        }

        @Test
        void isMootWhenTheSidesAgreeAgain() {
            Stored open = inConflict(edited, agreed("xw", 2L, null));
            assertOnly(REVIEW.classify(seen("xy", 3L, null), open), Outcome.UNCHANGED, true);
            assertOnly(REVIEW.classify(seen("xz", 3L, null), open), Outcome.CONVERGED, true);
            assertOnly(REVIEW.absent(inConflict(deletedHere(row("xy"), "xy", at(0)), agreed("xw", null, null))), Outcome.CONVERGED, true);
            assertOnly(REVIEW.classify(seen("xy", 1L, null), inConflict(edited, agreed("xw", 2L, null))), Outcome.STALE, false);
        }

        @Test
        void isRefreshedWhenTheSourceHasADeletedRecordAgain() {
            assertOnly(REVIEW.classify(seen("xw", 3L, null), inConflict(edited, agreed(null, 2L, null))), Outcome.CONFLICT, false);
        }

        @Test
        void thatDoesNotTellWhatItShowsIsRefreshedByAnythingNew() {
            Stored open = inConflict(edited, null);
            assertOnly(REVIEW.classify(seen("xw", 2L, null), open), Outcome.CONFLICT, false);
            assertOnly(REVIEW.absent(open), Outcome.CONFLICT, false);
        }
    }

    @Nested
    class ChangedOnBothSides {
        private final Stored edited = edited(row("xy"), "xy", "xz", at(0));

        @Test
        void toTheSameConverges() {
            Change change = REVIEW.classify(seen("xz", 4L, at(1)), edited);
            assertOnly(change, Outcome.CONVERGED, true);
            assertThat(change.agreement()).usingRecursiveComparison().isEqualTo(agreed("xz", 4L, at(1)));
        }

        @Test
        void isForAPersonByDefaultAndNamesTheFields() {
            Change overlapping = REVIEW.classify(seen("xw"), edited);
            assertOnly(overlapping, Outcome.CONFLICT, false);
            assertThat(overlapping.fields()).containsExactly("b");
            assertThat(overlapping.settledBy()).isNull();
            Change disjoint = REVIEW.classify(seen("wy"), edited);
            assertOnly(disjoint, Outcome.CONFLICT, false);
            assertThat(disjoint.fields()).containsExactly("a", "b");
        }

        @Test
        void inDifferentFieldsIsMergedWhereThatIsDeclared() {
            Change change = classifier(Rules.Policy.REVIEW, true, "st").classify(seen("wy"), edited);
            assertWrites(change, Outcome.UPDATE, "wz");
            assertThat(change.agreement().hash()).as("agreed is what the source has").isEqualTo(document("wy").hash());
            assertThat(change.settledBy()).isNull();
        }

        @Test
        void inTheSameFieldIsNotMerged() {
            Change change = classifier(Rules.Policy.REVIEW, true, "st").classify(seen("ww"), edited);
            assertOnly(change, Outcome.CONFLICT, false);
            assertThat(change.fields()).containsExactly("b");
        }

        @Test
        void goesToTheSourceWhereThatIsDeclared() {
            Change change = classifier(Rules.Policy.SOURCE_WINS, false, "local").classify(seen("wy"), edited);
            assertWrites(change, Outcome.UPDATE, "wy");
            assertThat(change.settledBy()).isEqualTo(Rules.Policy.SOURCE_WINS);
            assertThat(change.fields()).containsExactly("a", "b");
        }

        @Test
        void staysOursWhereThatIsDeclared() {
            Change change = classifier(Rules.Policy.LOCAL_WINS, false, "st").classify(seen("ww"), edited);
            assertOnly(change, Outcome.UNCHANGED, true);
            assertThat(change.settledBy()).isEqualTo(Rules.Policy.LOCAL_WINS);
            assertThat(change.agreement().hash()).isEqualTo(document("ww").hash());
        }

        @Test
        void isSettledForTheDisputedFieldsOnlyWhereTheOthersAreMerged() {
            assertWrites(classifier(Rules.Policy.LOCAL_WINS, true, "st").classify(seen("ww"), edited), Outcome.UPDATE, "wz");
            assertWrites(classifier(Rules.Policy.SOURCE_WINS, true, "st").classify(seen("xw"), edited(row("xy"), "xy", "vz", at(0))), Outcome.UPDATE, "vw");
            assertOnly(classifier(Rules.Policy.LOCAL_WINS, true, "st").classify(seen("xw"), edited), Outcome.UNCHANGED, true);
        }

        @ParameterizedTest
        @CsvSource({"-1,st,UNCHANGED", "-1,local,UNCHANGED", "0,st,UPDATE", "0,local,UNCHANGED", "1,st,UPDATE", "1,local,UPDATE", ",st,UPDATE",
                ",local,UNCHANGED"})
        void goesToTheLastWriterAndOnATieToTheAuthority(Long micros, String authority, Outcome expected) {
            Change change = classifier(Rules.Policy.LAST_WRITE_WINS, false, authority).classify(seen("xw", null, micros == null ? null : at(micros)), edited);
            assertThat(change.outcome()).isEqualTo(expected);
            assertThat(change.settledBy()).isEqualTo(Rules.Policy.LAST_WRITE_WINS);
        }

        @Test
        void isATieWhenTheEditHasNoTime() {
            Stored untimed = edited(row("xy"), "xy", "xz", null);
            assertThat(classifier(Rules.Policy.LAST_WRITE_WINS, false, "st").classify(seen("xw", null, at(0)), untimed).outcome()).isEqualTo(Outcome.UPDATE);
            Classifier local = classifier(Rules.Policy.LAST_WRITE_WINS, false, "local");
            assertThat(local.classify(seen("xw", null, at(0)), untimed).outcome()).isEqualTo(Outcome.UNCHANGED);
        }
    }
}
