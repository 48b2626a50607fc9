package io.syncline.deliver;

import io.syncline.RunningSyncline;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.source.Sent;
import io.syncline.source.WriteOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

/** Who has an entry of the outbox, for how long, and what may be noted upon it: each step by itself, because nothing is delivered; promises 12, 13 and 24. */
class ClaimsTest {
    @TempDir
    private static Path folder;
    private static Workshop workshop;
    private static RunningSyncline syncline;
    private static JdbcClient sql;
    private static Pushes pushes;
    private static Notes notes;
    private static Sending sending;
    private static int last;

    private long row;

    @BeforeAll
    static void start() {
        workshop = new Workshop();
        workshop.configure(folder);
        syncline = workshop.product(folder, Map.of("syncline.push.after-save", "false", "syncline.push.deliver", "false", "syncline.push.claim", "3m",
                "syncline.push.first", "1m", "syncline.push.most", "1m"));
        sql = syncline.sql();
        pushes = syncline.bean(Pushes.class);
        notes = syncline.bean(Notes.class);
        sending = syncline.bean(Sending.class);
    }

    @AfterAll
    static void stop() {
        workshop.close();
        syncline.close();
    }

    @BeforeEach
    void oneEntryIsDue() {
        row = sql.sql("insert into stock.things (name, price) values (?, 1) returning row_id").param("Thing " + ++last).query(Long.class).single();
        seal();
    }

    /** What was edited since an entry was made has another one. */
    @AfterEach
    void nothingIsDue() {
        giveUp();
        seal();
        giveUp();
        sql.sql("delete from syncline.push_bar").update();
    }

    private static void giveUp() {
        set("state = 'discarded', ended_at = clock_timestamp(), claimed_by = null, claimed_until = null");
    }

    private static void seal() {
        syncline.run(RunningSyncline.request("stock", Mode.PUSH));
    }

    private static Claim claimed() {
        List<Claim> claimed = pushes.claim();
        assertThat(claimed).hasSize(1);
        return claimed.get(0);
    }

    private static Claim begun() {
        Claim claim = claimed();
        assertThat(pushes.begin(claim)).isTrue();
        return claim;
    }

    private static void set(String what) {
        sql.sql("update syncline.push set " + what + " where ended_at is null").update();
    }

    private static void endClaim() {
        set("claimed_until = clock_timestamp() - interval '1 second'");
    }

    private static void due() {
        set("next_attempt_at = clock_timestamp()");
    }

    private String entry(String what) {
        return sql.sql("select concat_ws(' ', " + what + ") from syncline.push where row_id = ? and entity = 'things' order by number desc limit 1").param(row)
                .query(String.class).single();
    }

    private static boolean isBarredFor(String time) {
        return sql.sql("select until > clock_timestamp() + cast(? as interval) from syncline.push_bar").param(time).query(Boolean.class).single();
    }

    private static void asksForTime(Claim claim, Sent.NotSent not) {
        syncline.bean(Bars.class).raise(claim.order(), not);
        notes.postpone(claim, not);
    }

    private static void letsNobodyIn(Claim claim) {
        Sent.Barred why = new Sent.Barred("a new password");
        syncline.bean(Bars.class).raise(claim.order(), why);
        notes.bar(claim, why);
    }

    @Test
    void whoeverHasAnEntryHasItAlone() {
        Claim claim = claimed();
        assertThat(pushes.claim()).isEmpty();
        pushes.release(claim);
        assertThat(claimed().order().id()).isEqualTo(claim.order().id());
    }

    @Test
    void whoseClaimHasEndedBeginsNothingAndNotesNothing() {
        Claim late = claimed();
        endClaim();
        Claim now = claimed();
        assertThat(pushes.begin(late)).isFalse();
        assertThat(pushes.begin(now)).isTrue();
        notes.park(late, new Sent.Refused(422, "too late"));
        pushes.release(late);
        assertThat(entry("state, claimed_by is null")).isEqualTo("sending f");
        notes.park(now, new Sent.Refused(422, "in time"));
        assertThat(entry("state, reason, claimed_by is null")).isEqualTo("parked in time t");
    }

    @Test
    void nothingIsNotedUponAnEntryThatHasEnded() {
        Claim claim = begun();
        sql.sql("update syncline.push set state = 'overtaken', ended_at = clock_timestamp(), next_attempt_at = null where row_id = ?").param(row).update();
        notes.postpone(claim, new Sent.NotSent("no connection", null));
        notes.unclear(claim, new Sent.Unclear("no answer"));
        assertThat(entry("state")).isEqualTo("overtaken");
    }

    @Test
    void whatTheRowNoLongerSaysIsNeitherBegunNorHandedOut() {
        Claim claim = claimed();
        sql.sql("update stock.things set price = 2 where row_id = ?").param(row).update();
        assertThat(pushes.begin(claim)).as("promise 13").isFalse();
        pushes.release(claim);
        assertThat(pushes.claim()).isEmpty();
        seal();
        assertThat(claimed().order().document().text()).contains("\"price\":2");
    }

    @Test
    void whoBeginsHasTheWholeTimeBefore() {
        Claim claim = claimed();
        set("claimed_until = clock_timestamp() + interval '20 seconds'");
        assertThat(pushes.begin(claim)).isTrue();
        assertThat(entry("claimed_until > clock_timestamp() + interval '1 minute'")).isEqualTo("t");
    }

    /** Promise 12: it keeps its key and the time at which it was sent first, however often it is taken up. */
    @Test
    void whatMayHaveArrivedIsLookedUpAsWhatItWas() {
        Claim claim = begun();
        String sent = entry("first_sent_at");
        endClaim();
        Claim again = claimed();
        assertThat(again.unclear()).isTrue();
        assertThat(again.order().id()).isEqualTo(claim.order().id());
        assertThat(again.order().firstSentAt()).isNotNull();
        sql.sql("update stock.things set price = 2 where row_id = ?").param(row).update();
        assertThat(pushes.begin(again)).as("whatever the row says by now").isTrue();
        assertThat(entry("state, first_sent_at")).isEqualTo("unclear " + sent);
    }

    @Test
    void whatIsBarredWhileItIsLookedUpStaysUnclear() {
        Claim first = begun();
        letsNobodyIn(first);
        assertThat(entry("state, attempts, first_sent_at is null")).as("it never left").isEqualTo("waiting 0 t");
        sql.sql("delete from syncline.push_bar").update();
        due();
        begun();
        endClaim();
        Claim looking = begun();
        letsNobodyIn(looking);
        assertThat(entry("state, attempts, first_sent_at is null")).as("it may have arrived").isEqualTo("unclear 1 f");
        due();
        assertThat(pushes.claim()).as("nobody is let in").isEmpty();
    }

    @Test
    void whoIsHeldUpByABarGivesTheEntryBackUnsent() {
        Claim claim = claimed();
        sql.sql("insert into syncline.push_bar (sync, organisation, why, since, until, lets_nobody_in) values ('stock', 'default', 'x', clock_timestamp(),"
                + " clock_timestamp() + interval '1 hour', true)").update();
        assertThat(sending.send(claim)).isNull();
        assertThat(entry("state, claimed_by is null, first_sent_at is null")).isEqualTo("waiting t t");
        assertThat(workshop.orders()).noneMatch(order -> order.id().equals(claim.order().id()));
    }

    /** Whether it had left by then nobody knows. */
    @Test
    void whatFailsInsideIsLookedUp() {
        workshop.fault(Workshop.Fault.FAILS_INSIDE);
        assertThat(sending.send(claimed())).isInstanceOf(Sent.Unclear.class);
    }

    /** Promise 12: only a record that nobody knows leaves a doubt. */
    @Test
    void aRecordThatIsKnownAsAnotherRowsProvesThatThisOneNeverArrived() {
        sql.sql("insert into stock.things (name, price) values (?, 1)").param("Other " + last).update();
        seal();
        begunFirst();
        endClaim();
        Claim looking = pushes.claim().stream().filter(Claim::unclear).findFirst().orElseThrow();
        try {
            workshop.tellsOnlyOf(List.of(made("Other " + last), made("a stranger")));
            assertThat(sending.lookUp(looking)).isInstanceOf(Sent.CannotTell.class);
            workshop.tellsOnlyOf(List.of(made("Other " + last)));
            assertThat(sending.lookUp(looking)).isInstanceOfSatisfying(Sent.NotSent.class, not -> assertThat(not.retryAfter()).isZero());
        } finally {
            workshop.tellsOnlyOf(List.of());
        }
    }

    private static Observed made(String name) {
        return new Observed("unheard of", Document.stored("{\"name\": \"" + name + "\", \"price\": 1}"), 1L, null, false, List.of(), null);
    }

    /** By whoever sent it, and by the clock for one who was gone before; where that has just failed it rests for a minute. */
    @Test
    void whatWasAnsweredIsSettled() {
        Claim claim = begun();
        Unsent unsent = syncline.bean(Unsent.class);
        assertThat(unsent.settle(List.of(claim))).isEmpty();
        assertThat(unsent.waiting()).isEmpty();
        notes.answered(claim, (Sent.Taken) workshop.send(claim.order()));
        assertThat(unsent.settle(List.of(claim))).extracting(RunRequest::sync, RunRequest::mode).containsExactly(tuple("stock", Mode.PUSH));
        assertThat(unsent.waiting()).extracting(RunRequest::sync, RunRequest::mode).containsExactly(tuple("stock", Mode.PUSH));
        String lastRun = " where id = (select max(id) from syncline.run where mode = 'push')";
        sql.sql("update syncline.run set state = 'failed', finished_at = clock_timestamp()" + lastRun).update();
        assertThat(unsent.waiting()).isEmpty();
        sql.sql("update syncline.run set finished_at = clock_timestamp() - interval '1 minute'" + lastRun).update();
        assertThat(unsent.waiting()).hasSize(1);
        seal();
        assertThat(entry("state, settled_by_run is not null")).isEqualTo("done t");
        assertThat(unsent.waiting()).isEmpty();
    }

    /** It was read as a record of its own before its answer came: two rows cannot be one record. */
    @Test
    void whatWasMadeAndIsHereAlreadyWaitsForAPerson() {
        workshop.put("things", "made", "{\"name\": \"By another name\", \"price\": 1, \"gone\": false}");
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
        Observed made = new Observed("made", Document.stored("{\"name\":\"By another name\",\"price\":1}"), 1L, null, false, List.of(), null);
        notes.answered(begun(), new Sent.Taken(made));
        seal();
        assertThat(entry("state, reason")).startsWith("unknown The system made record made of it, and that is here already, as row ");
        assertThat(sql.sql("select count(*) from stock.things where ws_id = 'made'").query(Long.class).single()).isOne();
    }

    /** Its answer says something else by the mapping that is in force now. */
    @Test
    void whatWasReadByAnotherMappingIsReadAgain() {
        Claim claim = begun();
        notes.answered(claim, (Sent.Taken) workshop.send(claim.order()));
        set("answered_mapping = 0");
        seal();
        assertThat(entry("state")).isEqualTo("unclear");
        assertThat(claimed().unclear()).isTrue();
    }

    @Test
    void anAnswerThatDoesNotSayWhatItMustIsNone() {
        workshop.fault(Workshop.Fault.SAYS_NOTHING);
        assertThat(sending.send(claimed())).isInstanceOf(Sent.CannotTell.class);
        Observed shown = made("it");
        Observed gone = new Observed("unheard of", null, 1L, null, true, List.of(), null);
        Observed unfit = new Observed("unheard of", null, 1L, null, false, List.of("price: is no number"), null);
        Observed nobody = new Observed(null, shown.document(), 1L, null, false, List.of(), null);
        assertThat(answered(WriteOrder.Action.UPDATE, shown)).isInstanceOf(Sent.Taken.class);
        assertThat(answered(WriteOrder.Action.DELETE, gone)).isInstanceOf(Sent.Taken.class);
        assertThat(answered(WriteOrder.Action.DELETE, null)).isInstanceOf(Sent.Taken.class);
        assertThat(answered(WriteOrder.Action.DELETE, shown)).isInstanceOf(Sent.CannotTell.class);
        for (Observed useless : Arrays.asList(null, gone, unfit, nobody)) {
            assertThat(answered(WriteOrder.Action.UPDATE, useless)).isInstanceOf(Sent.CannotTell.class);
        }
        assertThat(answered(WriteOrder.Action.CREATE, unfit)).as("what was made is not forgotten")
                .isInstanceOfSatisfying(Sent.CannotTell.class, tells -> assertThat(tells.made()).isEqualTo("unheard of"));
    }

    private static Sent answered(WriteOrder.Action action, Observed answer) {
        String key = action == WriteOrder.Action.CREATE ? null : "unheard of";
        return Sending.readable(new WriteOrder(UUID.randomUUID(), null, null, "default", action, key, null, Document.stored("{}"), null, null),
                new Sent.Taken(answer));
    }

    @Test
    void theKeyThatTheSystemToldIsNotForgotten() {
        notes.unclear(begun(), new Sent.Unclear("could not be read back", "77"));
        due();
        Claim second = begun();
        assertThat(second.order().made()).isEqualTo("77");
        notes.unclear(second, new Sent.Unclear("no answer"));
        due();
        Claim third = begun();
        assertThat(third.order().made()).isEqualTo("77");
        notes.leaveToPerson(third, new Sent.CannotTell("who knows"));
        assertThat(entry("state, answered_key")).isEqualTo("unknown 77");
    }

    @Test
    void whatNeverArrivedWasNeverSentAndWaitsItsTime() {
        notes.postpone(begun(), new Sent.NotSent("no connection", null));
        assertThat(entry("state, first_sent_at is null, next_attempt_at > last_sent_at + interval '20 seconds'")).isEqualTo("waiting t t");
        assertThat(sql.sql("select count(*) from syncline.push_bar").query(Long.class).single()).as("one record's trouble is not the system's").isZero();
    }

    @Test
    void theLongestTimeThatASystemAsksForHoldsUpToAnHour() {
        sql.sql("insert into stock.things (name, price) values ('Another', 1)").update();
        seal();
        List<Claim> both = pushes.claim();
        assertThat(both).hasSize(2).allMatch(pushes::begin);
        asksForTime(both.get(0), new Sent.NotSent("asks for time", Duration.ofMinutes(30)));
        asksForTime(both.get(1), new Sent.NotSent("asks for less", Duration.ofSeconds(1)));
        assertThat(isBarredFor("25 minutes")).isTrue();
        due();
        sql.sql("update syncline.push_bar set until = clock_timestamp()").update();
        asksForTime(begunFirst(), new Sent.NotSent("asks for years", Duration.ofDays(10_000)));
        assertThat(isBarredFor("55 minutes")).isTrue();
        assertThat(isBarredFor("65 minutes")).isFalse();
    }

    private PushDecisions.Named named() {
        return new PushDecisions.Named("default", "stock", Long.parseLong(entry("number")), "Ann");
    }

    private void refused(String what, Consumer<PushDecisions.Named> decision) {
        String before = entry("state, id");
        assertThatThrownBy(() -> decision.accept(named())).as(what + " of what is " + before).isInstanceOf(CannotBePushed.class)
                .hasMessageContaining("Nothing was changed");
        assertThat(entry("state, id")).isEqualTo(before);
    }

    /** Promise 12: what is on its way, or may have arrived, is not decided about until it is known what came of it. */
    @Test
    void whatIsOnItsWayIsNotDecidedAbout() {
        PushDecisions decisions = syncline.bean(PushDecisions.class);
        refused("settle", named -> decisions.settle(named, false, null));
        Claim claim = begun();
        refused("retry", decisions::retry);
        refused("discard", named -> decisions.discard(named, "x", false));
        refused("settle", named -> decisions.settle(named, false, null));
        notes.unclear(claim, new Sent.Unclear("no answer"));
        refused("discard", named -> decisions.discard(named, "x", false));
        refused("settle", named -> decisions.settle(named, false, null));
    }

    /** A system that honours keys would only say again what it made of this one. */
    @Test
    void whatTheSystemMadeOnceIsMadeAgainUnderAnotherKey() {
        PushDecisions decisions = syncline.bean(PushDecisions.class);
        notes.leaveToPerson(begun(), new Sent.CannotTell("who knows"));
        String id = entry("id");
        decisions.settle(named(), false, null);
        assertThat(entry("state, id")).as("promise 12").isEqualTo("waiting " + id);
        due();
        notes.leaveToPerson(begun(), new Sent.CannotTell("somebody deleted it there", "77"));
        decisions.settle(named(), false, null);
        assertThat(entry("state, answered_key is null")).isEqualTo("waiting t");
        assertThat(entry("id")).isNotEqualTo(id);
    }

    /** It would only be found as it was. */
    @Test
    void whatHasMovedThereIsNotSentAgainAtOnce() {
        workshop.put("things", "m", "{\"name\": \"Moved\", \"price\": 1, \"gone\": false}");
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
        nothingIsDue();
        row = sql.sql("update stock.things set price = 2 where ws_id = 'm' returning row_id").query(Long.class).single();
        seal();
        notes.moved(begun(), new Sent.Moved("it is not as agreed"));
        assertThat(entry("state, reason")).isEqualTo("overtaken it is not as agreed");
        seal();
        assertThat(entry("state, next_attempt_at > created_at + interval '20 seconds'")).isEqualTo("waiting t");
    }

    private static Claim begunFirst() {
        Claim claim = pushes.claim().get(0);
        assertThat(pushes.begin(claim)).isTrue();
        return claim;
    }

    @Test
    void parentsComeBeforeWhatLeadsToThemAndDeletionsLastTheOtherWayRound() {
        for (String key : List.of("1", "2")) {
            workshop.put("shelves", key, "{\"name\": \"Shelf " + key + "\"}");
            workshop.put("things", key, "{\"name\": \"On " + key + "\", \"price\": 1, \"gone\": false, \"shelf\": " + key + "}");
        }
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
        nothingIsDue();
        sql.sql("update stock.things set price = 2 where ws_id = '1'").update();
        sql.sql("update stock.shelves set name = 'Board' where ws_id = '1'").update();
        sql.sql("delete from stock.shelves where ws_id = '2'").update();
        sql.sql("delete from stock.things where ws_id = '2'").update();
        seal();
        assertThat(pushes.claim()).extracting(Claim::order).extracting(order -> order.action() + " " + order.entity().name())
                .containsExactly("UPDATE shelves", "UPDATE things", "DELETE things", "DELETE shelves");
    }
}
