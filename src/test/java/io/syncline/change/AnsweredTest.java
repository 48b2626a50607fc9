package io.syncline.change;

import io.syncline.record.Observed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.syncline.change.Rows.SHAPE;
import static io.syncline.change.Rows.agreed;
import static io.syncline.change.Rows.at;
import static io.syncline.change.Rows.deletion;
import static io.syncline.change.Rows.document;
import static io.syncline.change.Rows.seen;
import static org.assertj.core.api.Assertions.assertThat;

/** What an answer to a write of ours means for the row: base is what was sent, theirs what was answered, ours what the row says now. */
class AnsweredTest {
    private static final Classifier CLASSIFIER = new Classifier(SHAPE, new Rules(Rules.Policy.REVIEW, false, "st"), "st");

    private static Stored linked(String base, String ours, boolean deleted) {
        Stored.LocalChange local = new Stored.LocalChange(document(base), document(ours), deleted, at(1));
        return new Stored(1, 4, agreed(base, null, null), deleted, local, false, null, null, false, null, true);
    }

    private static Stored unlinked(boolean deleted) {
        return new Stored(1, 4, null, deleted, null, false, null, null, false, null, true);
    }

    /** Every way in which sent, answered and ours can differ in two fields. */
    @ParameterizedTest(name = "sent {0}, answered {1}, the row says {2}: it says {3} then")
    @CsvSource({"xy, xy, xy, ECHO, xy", "xy, Xy, xy, UPDATE, Xy", "xy, XY, xy, UPDATE, XY", "xy, xy, zy, ECHO, zy", "xy, Xy, zy, ECHO, zy",
            "xy, xY, zy, UPDATE, zY", "xy, XY, zz, ECHO, zz", "xy, Xy, Xy, ECHO, Xy", "xy, XY, zy, UPDATE, zY", "xy, zy, zy, ECHO, zy"})
    void whatWasNormalisedIsTakenOverWhereNobodyEditedSince(String sent, String answered, String ours, Outcome outcome, String says) {
        Change change = CLASSIFIER.answered(seen(answered), document(sent), document(ours), linked("ab", ours, false));
        assertThat(change.outcome()).isEqualTo(outcome);
        assertThat(change.document()).isEqualTo(outcome == Outcome.ECHO ? null : document(says));
        assertThat(change.agrees()).isTrue();
        assertThat(change.agreement().hash()).as("agreed is what was answered, never what was sent").isEqualTo(document(answered).hash());
    }

    @ParameterizedTest(name = "made as {0}, answered {1}, the row says {2}: it says {3} then")
    @CsvSource({"xy, xy, xy, xy", "xy, Xy, xy, Xy", "xy, Xy, zy, zy", "xy, xY, zy, zY"})
    void whatWasMadeHereIsLinkedByANewVersion(String sent, String answered, String ours, String says) {
        Change change = CLASSIFIER.answered(seen(answered), document(sent), document(ours), unlinked(false));
        assertThat(change.outcome()).isEqualTo(Outcome.LINK);
        assertThat(change.document()).isEqualTo(document(says));
        assertThat(change.agreement().hash()).isEqualTo(document(answered).hash());
    }

    @Test
    void whatIsGoneAgainAsSoonAsItWasMadeIsLinkedFirst() {
        Observed gone = new Observed("1", document("xy"), 1L, null, true, List.of(), null);
        Change change = CLASSIFIER.answered(gone, document("xy"), document("xy"), unlinked(false));
        assertThat(change.outcome()).isEqualTo(Outcome.LINK);
        assertThat(change.observed().deleted()).isFalse();
    }

    @Test
    void aDeletionThatWasTakenIsAgreedOn() {
        for (Observed answered : new Observed[] {null, deletion("ab", null, null), deletion(null, 7L, null)}) {
            Change change = CLASSIFIER.answered(answered, document("ab"), document("ab"), linked("ab", "ab", true));
            assertThat(change.outcome()).isEqualTo(Outcome.CONVERGED);
            assertThat(change.agreement().hash()).isNull();
        }
    }

    @Test
    void aRowBroughtBackMeanwhileStaysAndDiffersFromTheDeletion() {
        Change change = CLASSIFIER.answered(null, document("ab"), document("ab"), linked("ab", "ab", false));
        assertThat(change.outcome()).isEqualTo(Outcome.ECHO);
        assertThat(change.document()).isNull();
        assertThat(change.agreement().hash()).isNull();
    }

    @Test
    void aRowDeletedMeanwhileStaysDeletedAndAgreesOnWhatWasAnswered() {
        Change change = CLASSIFIER.answered(seen("Xy"), document("xy"), document("xy"), linked("ab", "xy", true));
        assertThat(change.outcome()).isEqualTo(Outcome.ECHO);
        assertThat(change.document()).isNull();
        assertThat(change.agreement().hash()).isEqualTo(document("Xy").hash());
    }

    @Test
    void anAnswerOlderThanWhatWasSeenSinceChangesNothing() {
        Stored seenSince = new Stored(1, 4, agreed("xz", 9L, null), false, null, false, null);
        Change change = CLASSIFIER.answered(seen("xy", 8L, null), document("xy"), document("xz"), seenSince);
        assertThat(change.outcome()).isEqualTo(Outcome.STALE);
        assertThat(change.agrees()).isFalse();
    }

    @Test
    void anOpenConflictStaysWhereNothingTellsWhichCameLast() {
        Stored.LocalChange local = new Stored.LocalChange(document("ab"), document("xy"), false, at(1));
        Stored unmarked = new Stored(1, 4, agreed("ab", null, null), false, local, true, null, agreed("zz", null, null));
        assertThat(CLASSIFIER.answered(seen("xy"), document("xy"), document("xy"), unmarked).isUndecided()).isTrue();
        Stored marked = new Stored(1, 4, agreed("ab", 1L, null), false, local, true, null, agreed("zz", 2L, null));
        Change change = CLASSIFIER.answered(seen("xy", 3L, null), document("xy"), document("xy"), marked);
        assertThat(change.outcome()).isEqualTo(Outcome.ECHO);
        assertThat(change.endsConflict()).isTrue();
    }

    /** Promise 11: delays, never drops. */
    @Test
    void whatIsShownWhileSomethingIsUnderWayIsReadAgainUnlessItIsAsAgreedOrTheEcho() {
        Stored underWay = linked("ab", "xy", false);
        assertThat(CLASSIFIER.classify(seen("Xy"), underWay).isUndecided()).isTrue();
        assertThat(CLASSIFIER.classify(deletion(null, null, null), underWay).isUndecided()).isTrue();
        assertThat(CLASSIFIER.absent(underWay).isUndecided()).isTrue();
        assertThat(CLASSIFIER.classify(seen("ab"), underWay).outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(CLASSIFIER.classify(seen("xy"), unlinked(false)).isUndecided()).isTrue();
        Stored answered = new Stored(1, 4, agreed("ab", null, null), false, underWay.localChange(), false, document("Xy").hash(), null, false, null, true);
        assertThat(CLASSIFIER.classify(seen("Xy"), answered).outcome()).isEqualTo(Outcome.ECHO);
        assertThat(CLASSIFIER.classify(seen("zz"), answered).isUndecided()).isTrue();
        assertThat(CLASSIFIER.absent(linked("ab", "ab", true)).isUndecided()).as("it was sent before the row was deleted here").isTrue();
        assertThat(CLASSIFIER.classify(deletion("ab", null, null), linked("ab", "ab", true)).isUndecided()).isTrue();
    }
}
