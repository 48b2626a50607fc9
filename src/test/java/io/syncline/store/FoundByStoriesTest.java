package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.change.Rules;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the stories of the simulation found, told once more in few words on PostgreSQL. */
@ExtendWith(Store.Closing.class)
class FoundByStoriesTest {
    private final Store store = new Store(merging());

    private static SyncConfig merging() {
        EntityConfig items = Store.entity("items", Rules.Policy.REVIEW, false, Store.field("name", FieldType.TEXT), Store.field("price", FieldType.INTEGER),
                Store.reference("category", "categories"));
        return Store.sync(new EntityConfig("items", "items", items.shape(), items.mapping(), new Rules(Rules.Policy.REVIEW, true, "st"), false, items.brake()),
                Store.entity("categories", Rules.Policy.REVIEW, false, Store.field("name", FieldType.TEXT)));
    }

    private long open(String mode) {
        long run = store.open();
        store.jdbc.update("update syncline.run set mode = ? where id = ?", mode, run);
        return run;
    }

    /** As a run ends that got everything. */
    private Map<Outcome, Long> publishAndEnd(long run) {
        Published published = store.publish(run);
        store.sync.entities().forEach(entity -> store.jdbc.update("insert into syncline.run_entity (run_id, entity, state, whole)"
                + " values (?, ?, 'published', true)", run, entity.name()));
        store.jdbc.update("update syncline.run set state = 'published', finished_at = clock_timestamp() where id = ?", run);
        return published.counts().get("items");
    }

    private void stageAbsence(long run, String key) {
        EntityConfig items = store.entity("items");
        Change absence = store.classifier(items).absent(store.states.find(store.sync, items, "default", List.of(key)).get(key));
        store.stage(run, items, "default", List.of(absence));
    }

    private String row(String columns) {
        return store.one("select concat_ws(' ', " + columns + ") from pricebook.items where st_id = '1'", String.class);
    }

    @Test
    void whatBothSidesDeletedAndSomebodyBringsBackIsNotOverwrittenInSilence() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
        store.jdbc.update("update pricebook.items set price = 2");
        store.jdbc.update("delete from pricebook.items");
        assertThat(store.run("items", "{id: 1, gone: true}").counts().get("items")).containsEntry(Outcome.CONVERGED, 1L);
        store.jdbc.update("update pricebook.items set deleted_at = null");
        store.jdbc.update("update pricebook.items set name = 'Pipe'");
        assertThat(store.run("items", "{id: 1, name: 'Pump', price: 3}").counts().get("items")).isEqualTo(Map.of(Outcome.CONFLICT, 1L));
        assertThat(row("name, price, has_conflict")).isEqualTo("Pipe 2 t");
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    @Test
    void aDeletionThatTheBrakeHasNotCountedIsReadAgain() {
        long run = open("full");
        store.stage(run, "items", "{id: 1, version: 2, gone: true}");
        long beside = open("single");
        store.stage(beside, "items", "{id: 1, version: 1, name: 'Pump'}");
        publishAndEnd(beside);
        Published published = store.publish(run);
        assertThat(published.counts().get("items")).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(published.undecided()).as("its mark stays where it is").containsExactly("items");
        assertThat(row("deleted_at is null")).isEqualTo("t");
        assertThat(store.run("items", "{id: 1, version: 2, gone: true}").counts().get("items")).isEqualTo(Map.of(Outcome.DELETE, 1L));
    }

    @Test
    void aRunForOneRecordDoesNotTakeBackWhatAWholeRunWasShownMeanwhile() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
        long late = open("single");
        store.stage(late, "items", "{id: 1, name: 'Pipe', price: 1}");
        long whole = open("full");
        store.stage(whole, "items", "{id: 1, name: 'Pump', price: 1}");
        publishAndEnd(whole);
        assertThat(publishAndEnd(late)).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(row("name")).isEqualTo("Pump");
    }

    @Test
    void aRunForOneRecordThatIsNewerByItsMarksIsNotHeldUpByAWholeRun() {
        store.run("items", "{id: 1, version: 1, name: 'Pump', price: 1}");
        long late = open("single");
        store.stage(late, "items", "{id: 1, version: 2, name: 'Pipe', price: 1}");
        publishAndEnd(open("full"));
        assertThat(publishAndEnd(late)).isEqualTo(Map.of(Outcome.UPDATE, 1L));
        assertThat(row("name")).isEqualTo("Pipe");
    }

    /** What a run for records that fetched first publishes while a full run, which saw the row as it was agreed, is under way. */
    private Map<Outcome, Long> publishedBesideALongRun(int key, String stored, String fetched) {
        String before = "{id: " + key + ", " + stored + "}";
        store.run("items", before);
        long late = open("single");
        if (fetched == null) {
            stageAbsence(late, Integer.toString(key));
        } else {
            store.stage(late, "items", "{id: " + key + ", " + fetched + "}");
        }
        long beside = store.open();
        store.stage(beside, "items", before);
        store.parking.park(late, store.sync, "default", store.sync.entities());
        Map<Outcome, Long> counts = publishAndEnd(late);
        assertThat(publishAndEnd(beside)).as("it saw the row as it was agreed").isEmpty();
        return counts;
    }

    @Test
    void aRunForOneRecordDoesNotTakeBackWhatALongRunUnderWayMayHaveSeenLater() {
        assertThat(publishedBesideALongRun(1, "name: 'Pump', price: 1", "name: 'Pipe', price: 1")).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(row("name")).isEqualTo("Pump");
        long late = store.one("select max(id) from syncline.run where mode = 'single'", Long.class);
        long whole = store.one("select max(id) from syncline.run where mode = 'full'", Long.class);
        assertThat(store.counts.whyStale(late, store.sync, store.entity("items"))).isEqualTo(Map.of("1",
                "may have been read before what was last agreed, because run " + whole + " is under way and nothing in the record tells which of the two read"
                        + " it later; ask for it again when run " + whole + " has ended"));
    }

    @Test
    void whatMarksTellToBeNewerIsNotHeldUpByALongRunUnderWay() {
        assertThat(publishedBesideALongRun(1, "version: 1, name: 'Pump'", "version: 2, name: 'Pipe'")).isEqualTo(Map.of(Outcome.UPDATE, 1L));
        assertThat(publishedBesideALongRun(2, "version: 3, name: 'Pump'", "version: 3, name: 'Pipe'")).isEqualTo(Map.of(Outcome.STALE, 1L));
    }

    @Test
    void anAbsenceBesideALongRunCountsWhereARecordMadeAgainWouldTellNewMarks() {
        assertThat(publishedBesideALongRun(2, "version: 1, name: 'Pump'", null)).isEqualTo(Map.of(Outcome.DELETE, 1L));
        assertThat(publishedBesideALongRun(1, "name: 'Pump'", null)).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(row("deleted_at is null")).isEqualTo("t");
    }

    @Test
    void whatALongRunUnderWayMayHaveSeenLaterIsNotWaitedForInItsOlderForm() {
        assertThat(publishedBesideALongRun(1, "name: 'Pump'", "name: 'Pipe', category: 'c'")).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(store.count("syncline.attention where state = 'open'")).isZero();
        assertThat(publishedBesideALongRun(2, "version: 1, name: 'Pump'", "version: 2, name: 'Pipe', category: 'c'"))
                .isEqualTo(Map.of(Outcome.PARKED, 1L));
    }

    @Test
    void whatStaysAsItWasSettlesNothingThatWaits() {
        store.run("items", "{id: 1, name: 'Pump'}");
        assertThat(store.run("items", "{id: 1, name: ['no text']}").counts().get("items")).isEqualTo(Map.of(Outcome.REJECTED, 1L));
        long late = open("single");
        store.stage(late, "items", "{id: 1, name: 'Pipe'}");
        store.open();
        assertThat(publishAndEnd(late)).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(store.count("syncline.attention where state = 'open' and key = '1'")).isEqualTo(1);
    }

    @Test
    void aRunForOneRecordMakesWhatIsNewBesideALongRun() {
        long late = open("single");
        store.stage(late, "items", "{id: 1, name: 'Pump', price: 1}");
        store.open();
        assertThat(publishAndEnd(late)).isEqualTo(Map.of(Outcome.CREATE, 1L));
    }

    /** A deletion that is held has not come through, and what waits would not be shown again (promise 2). */
    @Test
    void whatWaitsForItsParentWaitsOnWhileADeletionOfItsRowIsHeld() {
        store.run("items", "{id: 1, name: 'Pump'}");
        long first = open("full");
        store.stage(first, "items", "{id: 1, name: 'Pipe', category: 'c'}");
        store.parking.park(first, store.sync, "default", store.sync.entities());
        assertThat(publishAndEnd(first)).isEqualTo(Map.of(Outcome.PARKED, 1L));
        long empty = open("full");
        stageAbsence(empty, "1");
        store.brake.apply(empty, store.sync, store.entity("items"), "default", true, false);
        assertThat(publishAndEnd(empty)).isEqualTo(Map.of(Outcome.HELD, 1L));
        assertThat(store.count("syncline.attention where state = 'open' and kind = 'parked' and key = '1'")).isEqualTo(1);
    }

    @Test
    void noOtherRunHoldsUpARunForOneRecord() {
        Map<String, String> others = Map.of("one that waits", "started_at = null, state = 'queued'",
                "one that failed", "state = 'failed', finished_at = clock_timestamp()", "a preview", "dry_run = true",
                "of another entity", "entity = 'categories'", "of another organisation", "organisation = 'other'", "a comparison", "mode = 'verify'");
        others.forEach((who, how) -> {
            String key = "{id: '" + who + "', name: ";
            store.run("items", key + "'Pump'}");
            long late = open("single");
            store.stage(late, "items", key + "'Pipe'}");
            store.jdbc.update("update syncline.run set " + how + " where id = ?", store.open());
            assertThat(publishAndEnd(late)).as(who).isEqualTo(Map.of(Outcome.UPDATE, 1L));
        });
    }

    private String conflict() {
        return store.one("select concat_ws(' ', coalesce(theirs, 'gone'), theirs_version) from syncline.conflict where state = 'open'", String.class);
    }

    private void startInConflict() {
        store.run("items", "{id: 1, version: 1, name: 'Pump', price: 1}");
        store.jdbc.update("update pricebook.items set price = 2");
    }

    @Test
    void anOpenConflictKeepsWhatItShowsWhereNothingTellsWhatCameLater() {
        startInConflict();
        long late = open("single");
        store.stage(late, "items", "{id: 1, version: 2, gone: true}");
        long whole = open("full");
        store.stage(whole, "items", "{id: 1, version: 2, name: 'Pipe', price: 3}");
        assertThat(publishAndEnd(whole)).isEqualTo(Map.of(Outcome.CONFLICT, 1L));
        String shown = conflict();
        assertThat(publishAndEnd(late)).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(conflict()).isEqualTo(shown).contains("Pipe");
    }

    @Test
    void theMarkWaitsForWhatAnOpenConflictCouldNotBeTold() {
        startInConflict();
        long whole = open("full");
        store.stage(whole, "items", "{id: 1, version: 2, gone: true}");
        long beside = open("single");
        store.stage(beside, "items", "{id: 1, version: 2, name: 'Pipe', price: 3}");
        publishAndEnd(beside);
        assertThat(store.publish(whole).undecided()).containsExactly("items");
        assertThat(conflict()).contains("Pipe");
        assertThat(store.run("items", "{id: 1, version: 2, gone: true}").counts().get("items")).isEqualTo(Map.of(Outcome.CONFLICT, 1L));
        assertThat(conflict()).isEqualTo("gone 2");
    }

    @Test
    void anOpenConflictIsToldWhatIsNewerByItsMarksHoweverLate() {
        startInConflict();
        long late = open("single");
        store.stage(late, "items", "{id: 1, version: 3, name: 'Pipe', price: 3}");
        long whole = open("full");
        store.stage(whole, "items", "{id: 1, version: 2, name: 'Tube', price: 3}");
        publishAndEnd(whole);
        assertThat(publishAndEnd(late)).isEqualTo(Map.of(Outcome.CONFLICT, 1L));
        assertThat(conflict()).contains("Pipe");
    }

    @Test
    void aLateRunThatSawWhatTheOpenConflictShowsHoldsNoMark() {
        startInConflict();
        long whole = open("full");
        store.stage(whole, "items", "{id: 1, version: 2, name: 'Pipe', price: 3}");
        long beside = open("single");
        store.stage(beside, "items", "{id: 1, version: 2, name: 'Pipe', price: 3}");
        publishAndEnd(beside);
        Published published = store.publish(whole);
        assertThat(published.undecided()).isEmpty();
        assertThat(published.counts().get("items")).isEqualTo(Map.of(Outcome.UNCHANGED, 1L));
    }

    @Test
    void whatALaterPageShowsAsTheOpenConflictHasItIsNotReplacedByAnEarlierPage() {
        startInConflict();
        store.run("items", "{id: 1, version: 2, name: 'Pipe', price: 3}");
        long run = open("full");
        store.stage(run, "items", "{id: 1, version: 2, name: 'Tube', price: 3}");
        store.stage(run, "items", "{id: 1, version: 2, name: 'Pipe', price: 3}");
        assertThat(publishAndEnd(run)).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(conflict()).contains("Pipe");
    }

    @Test
    void aLateRunForOneRecordDoesNotMakeAgainWhatIsGoneSince() {
        long late = open("single");
        store.stage(late, "items", "{id: 1, name: 'Pump', price: 1}");
        publishAndEnd(open("full"));
        assertThat(publishAndEnd(late)).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(store.count("pricebook.items")).isZero();
    }

    @Test
    void anAbsenceIsNotADeletePastTheBrakeBecauseAnEditWasUndone() {
        store.run("items", "{id: 1, name: 'Pump', price: 1}");
        store.jdbc.update("update pricebook.items set price = 2");
        for (String mode : List.of("full", "single")) {
            long run = open(mode);
            stageAbsence(run, "1");
            store.jdbc.update("update pricebook.items set price = 1");
            Outcome expected = mode.equals("full") ? Outcome.UNCHANGED : Outcome.DELETE;
            assertThat(publishAndEnd(run)).as(mode).isEqualTo(Map.of(expected, 1L));
            store.jdbc.update("update pricebook.items set price = 2");
        }
    }

    @Test
    void anOlderShowingDoesNotSettleWhatWaits() {
        long late = open("single");
        store.stage(late, "items", "{id: 1, gone: true}");
        long whole = open("full");
        store.stage(whole, "items", "{id: 1, name: 'Pump', category: 'c'}");
        store.parking.park(whole, store.sync, "default", store.sync.entities());
        assertThat(publishAndEnd(whole)).isEqualTo(Map.of(Outcome.PARKED, 1L));
        publishAndEnd(late);
        assertThat(store.count("syncline.attention where state = 'open' and key = '1'")).isEqualTo(1);
    }

    @Test
    void whatAnotherRunHasShownSinceIsNotWaitedForInItsOlderForm() {
        long whole = open("full");
        store.stage(whole, "items", "{id: 1, name: 'Pump', category: 'c'}");
        long beside = open("single");
        store.stage(beside, "items", "{id: 1, name: 'Pipe'}");
        publishAndEnd(beside);
        store.parking.park(whole, store.sync, "default", store.sync.entities());
        Published published = store.publish(whole);
        assertThat(published.counts().get("items")).isEqualTo(Map.of(Outcome.STALE, 1L));
        assertThat(published.undecided()).as("it is read again").containsExactly("items");
        assertThat(store.count("syncline.attention where state = 'open'")).isZero();
    }

    @Test
    void whatIsNewerByItsMarksWaitsForItsParentWhateverAnotherRunHasShown() {
        long whole = open("full");
        store.stage(whole, "items", "{id: 1, version: 2, name: 'Pump', category: 'c'}");
        long beside = open("single");
        store.stage(beside, "items", "{id: 1, version: 1, name: 'Pipe'}");
        publishAndEnd(beside);
        store.parking.park(whole, store.sync, "default", store.sync.entities());
        assertThat(publishAndEnd(whole)).isEqualTo(Map.of(Outcome.PARKED, 1L));
    }

    @Test
    void whatIsGoneSinceIsNotWaitedForInItsOlderForm() {
        store.run("items", "{id: 1, version: 1, name: 'Pump'}");
        long whole = open("full");
        store.stage(whole, "items", "{id: 1, version: 2, name: 'Pump', category: 'c'}");
        long beside = open("single");
        stageAbsence(beside, "1");
        assertThat(publishAndEnd(beside)).isEqualTo(Map.of(Outcome.DELETE, 1L));
        store.parking.park(whole, store.sync, "default", store.sync.entities());
        assertThat(store.publish(whole).undecided()).containsExactly("items");
        assertThat(store.count("syncline.attention where state = 'open'")).isZero();
    }

    @Test
    void whatWaitsIsNotSettledByALateShowingThatIsOlder() {
        store.run("items", "{id: 1, version: 1, name: 'Pump'}");
        long late = open("single");
        store.stage(late, "items", "{id: 1, version: 2, name: 'Pipe'}");
        long whole = open("full");
        store.stage(whole, "items", "{id: 1, version: 3, name: 'Pipe', category: 'c'}");
        store.parking.park(whole, store.sync, "default", store.sync.entities());
        assertThat(publishAndEnd(whole)).isEqualTo(Map.of(Outcome.PARKED, 1L));
        assertThat(publishAndEnd(late)).as("older than what waits").isEqualTo(Map.of(Outcome.STALE, 1L));
        publishAndEnd(open("full"));
        assertThat(store.count("syncline.attention where state = 'open' and key = '1'")).as("version 3 still waits").isEqualTo(1);
        store.run("categories", "{id: 'c', name: 'Pumps'}");
        assertThat(store.parking.returning(open("full"), store.sync, store.entity("items"), "default", null, 5)).extracting(Observed::version)
                .containsExactly(3L);
    }

    @Test
    void whatWaitsIsGivenUpWhereItIsFoundGoneSince() {
        store.run("items", "{id: 1, version: 1, name: 'Pump'}");
        long waiting = open("full");
        store.stage(waiting, "items", "{id: 1, version: 2, name: 'Pump', category: 'c'}");
        store.parking.park(waiting, store.sync, "default", store.sync.entities());
        publishAndEnd(waiting);
        long later = open("single");
        stageAbsence(later, "1");
        assertThat(publishAndEnd(later)).isEqualTo(Map.of(Outcome.DELETE, 1L));
        store.run("categories", "{id: 'c', name: 'Pumps'}");
        assertThat(store.parking.returning(open("full"), store.sync, store.entity("items"), "default", null, 5)).isEmpty();
    }

    @Test
    void whatWaitsDoesNotReturnBesideAnotherPlanForItsRow() {
        store.run("items", "{id: 1, name: 'Pump'}");
        long waiting = open("full");
        store.stage(waiting, "items", "{id: 1, name: 'Pump', category: 'c'}");
        store.parking.park(waiting, store.sync, "default", store.sync.entities());
        publishAndEnd(waiting);
        store.run("categories", "{id: 'c', name: 'Pumps'}");
        long run = open("full");
        EntityConfig items = store.entity("items");
        assertThat(store.parking.returning(run, store.sync, items, "default", null, 5)).extracting(Observed::key).containsExactly("1");
        stageAbsence(run, "1");
        assertThat(store.parking.returning(run, store.sync, items, "default", null, 5)).isEmpty();
    }

    @Test
    void aChildBesideAParentThatIsSetAsideWaits() {
        long run = open("full");
        store.stage(run, "categories", "{id: 'c', name: ['no text']}");
        store.stage(run, "items", "{id: 1, name: 'Pump', category: 'c'}");
        assertThat(store.parking.park(run, store.sync, "default", store.sync.entities())).isEqualTo(1);
        assertThat(publishAndEnd(run)).isEqualTo(Map.of(Outcome.PARKED, 1L));
    }

    @Test
    void aFailureWithoutAStateIsToldAsItIs() {
        long run = open("full");
        store.publisher.observedBy(step -> {
            throw new DataAccessResourceFailureException("no connection", new SQLException("none is free"));
        });
        assertThatThrownBy(() -> store.publish(run)).isInstanceOf(DataAccessResourceFailureException.class);
    }
}
