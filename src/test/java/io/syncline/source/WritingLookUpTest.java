package io.syncline.source;

import io.syncline.source.WriteOrder.Action;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.syncline.source.FaultyServer.answer;
import static io.syncline.source.FaultyServer.json;
import static io.syncline.source.FaultyServer.raw;
import static org.assertj.core.api.Assertions.assertThat;

/** Promise 12: what became of a write whose answer was lost, told from what the system shows, and not told where that proves nothing. */
class WritingLookUpTest extends WritingBench {
    @Test
    void shouldLookUpAnUpdateByReadingBack() {
        server.script(record("5.0"));
        assertThat(lookUp(Action.UPDATE, "7", AGREED, EDITED)).isInstanceOf(Sent.Taken.class);
        server.script(record("4.5"));
        assertThat(lookUp(Action.UPDATE, "7", AGREED, EDITED)).isInstanceOfSatisfying(Sent.NotSent.class, sent -> assertThat(sent.retryAfter()).isZero());
        server.script(record("6"));
        assertThat(lookUp(Action.UPDATE, "7", AGREED, EDITED)).isInstanceOf(Sent.Moved.class);
        server.script(answer(404, "{}"));
        assertThat(lookUp(Action.UPDATE, "7", AGREED, EDITED)).isInstanceOf(Sent.Moved.class);
        server.script(deleted());
        assertThat(lookUp(Action.DELETE, "7", AGREED, AGREED)).isInstanceOf(Sent.Taken.class);
        server.script(record("4.5"));
        assertThat(lookUp(Action.DELETE, "7", AGREED, AGREED)).isInstanceOf(Sent.NotSent.class);
        assertThat(server.received()).extracting(FaultyServer.Received::method).containsOnly("GET");
    }

    /** It may have arrived and been put back since: asked under the same key, the system would say what it said then, and do nothing, for ever. */
    @Test
    void shouldUseAKeyOfItsOwnForWhatIsAsAgreedWhereKeysAreHonoured() {
        system = SYSTEM.replace("{header: Idempotency-Key, honoured: false}", "Idempotency-Key");
        server.always(request -> record("4.5"));
        for (Action action : List.of(Action.UPDATE, Action.DELETE)) {
            String document = action == Action.UPDATE ? EDITED : AGREED;
            assertThat(lookUp(action, "7", AGREED, document)).isInstanceOfSatisfying(Sent.Moved.class,
                    moved -> assertThat(moved.why()).endsWith("the record is as it was agreed; it is sent again under a key of its own."));
            Writing writing = writing();
            assertThat(writing.lookUp(order(action, "7", AGREED, document, fixture.clock.now.minusSeconds(44)))).isInstanceOf(Sent.Unclear.class);
        }
    }

    @Test
    void shouldTakeNoFailureToLookUpForAProof() {
        for (FaultyServer.Answer failure : List.of(answer(500, ""), answer(429, "", "Retry-After", "3"), raw(""), json("<html>"))) {
            server.script(failure);
            assertThat(lookUp(Action.UPDATE, "7", AGREED, EDITED)).isInstanceOf(Sent.Unclear.class);
            assertThat(lookUp(Action.CREATE, null, null, EDITED)).isInstanceOf(Sent.Unclear.class);
        }
    }

    @Test
    void shouldFindACreatedRecordByWhatItIsKnownBy() {
        String ours = "{\"id\":9,\"code\":\"P-1\",\"name\":\"pump\",\"price\":5}";
        server.always(request -> json(request.target().contains("page=2") ? "{\"more\":false,\"data\":[" + ours + "]}"
                : "{\"more\":true,\"data\":[{\"id\":8,\"code\":\"P-2\",\"name\":\"pump\",\"price\":5}]}"));

        assertThat(lookUp(Action.CREATE, null, null, EDITED))
                .isInstanceOfSatisfying(Sent.Taken.class, taken -> assertThat(taken.answered().key()).isEqualTo("9"));
        assertThat(server.received().get(0).target()).contains("changedSince=2026-11-21T08%3A58%3A00Z");

        server.script(json("{\"more\":false,\"data\":[" + ours + "," + ours.replace("9", "10") + "]}"));
        assertThat(lookUp(Action.CREATE, null, null, EDITED)).isInstanceOf(Sent.CannotTell.class);
        server.script(json("{\"more\":false,\"data\":[" + ours.replace("5}", "6}") + "]}"));
        assertThat(lookUp(Action.CREATE, null, null, EDITED))
                .isInstanceOfSatisfying(Sent.CannotTell.class, tells -> assertThat(tells.why()).contains("\"9\" is known by the same"));
    }

    @Test
    void shouldLookForARecordByTheKeyThatWasTold() {
        system = SYSTEM.replace("error: [title, errors]", "answer: nothing").replace("requires: [code]", "key: id");
        server.script(json("{\"id\":7}"), answer(503, ""));
        assertThat(send(Action.CREATE, null, null, EDITED, null))
                .isInstanceOfSatisfying(Sent.Unclear.class, unclear -> assertThat(unclear.made()).isEqualTo("7"));

        server.script(json("{\"id\":7,\"code\":\"renamed there\",\"name\":\"pump\",\"price\":5,\"active\":true}"));
        assertThat(lookUpMade(60)).isInstanceOfSatisfying(Sent.Taken.class, taken -> assertThat(taken.answered().key()).isEqualTo("7"));
        server.script(answer(404, "{}"));
        assertThat(lookUpMade(1)).isInstanceOf(Sent.Unclear.class);
        server.script(answer(404, "{}"));
        assertThat(lookUpMade(60)).isInstanceOfSatisfying(Sent.CannotTell.class, tells -> assertThat(tells.why()).contains("\"7\" was made of it"));
    }

    private Sent lookUpMade(int seconds) {
        Writing writing = writing();
        WriteOrder order = order(Action.CREATE, null, null, EDITED, fixture.clock.now.minusSeconds(seconds));
        return writing.lookUp(new WriteOrder(order.id(), order.sync(), order.entity(), order.organisation(), order.action(), null, null, order.document(), null,
                order.firstSentAt(), "7"));
    }

    @Test
    void shouldNotDeleteWhatWasMadeAnewSinceItsDeletionWasAgreed() {
        server.script(record("4.5"));
        WriteOrder order = ordered(Action.DELETE);
        assertThat(writing().send(new WriteOrder(order.id(), order.sync(), order.entity(), order.organisation(), Action.DELETE, "7", order.agreed(),
                order.document(), null, null))).isInstanceOf(Sent.Moved.class);
        assertThat(server.received()).extracting(FaultyServer.Received::method).containsOnly("GET");
    }

    private WriteOrder ordered(Action action) {
        writing();
        return order(action, "7", AGREED, AGREED, null);
    }

    @Test
    void shouldNotMakeAgainWhatTheSystemWroteAnotherWay() {
        server.script(json("{\"more\":false,\"data\":[{\"id\":9,\"code\":\"p-1\",\"name\":\"pump\",\"price\":5}]}"));

        assertThat(lookUp(Action.CREATE, null, null, EDITED.replace("P-1", " P-1 "))).isInstanceOf(Sent.CannotTell.class);

        server.script(json("{\"more\":false,\"data\":[{\"id\":9,\"code\":\"p-1\",\"name\":\"pump\",\"price\":6}]}"));
        assertThat(lookUp(Action.CREATE, null, null, EDITED.replace("P-1", " P-1 "))).as("and says something else by now").isInstanceOf(Sent.CannotTell.class);
    }

    /** A system that writes anew what a record is known by: to send it again could make it twice. */
    @Test
    void shouldAskAPersonWhereARecordSaysAllTheRest() {
        String rewritten = "{\"more\":false,\"data\":[{\"id\":9,\"code\":\"AUTO-0009\",\"name\":\"pump\",\"price\":5}]}";
        server.script(json(rewritten));
        assertThat(lookUp(Action.CREATE, null, null, EDITED)).isInstanceOfSatisfying(Sent.CannotTell.class,
                tells -> assertThat(tells.why()).contains("\"9\" says all else that was sent", "or that none was"));
        server.script(json(rewritten.replace("5}", "6}")));
        assertThat(lookUp(Action.CREATE, null, null, EDITED)).isInstanceOf(Sent.NotSent.class);
        server.script(json(rewritten));
        assertThat(writing().lookUp(order(Action.CREATE, null, null, EDITED, fixture.clock.now.minusSeconds(44)))).isInstanceOf(Sent.Unclear.class);
    }

    @Test
    void shouldNotAskAboutARecordThatWasThereBefore() {
        sync = SYNC.replace("deletedWhen", "modifiedAt: changed\n    deletedWhen");
        String rewritten = "{\"more\":false,\"data\":[{\"id\":9,\"code\":\"OLD-9\",\"name\":\"pump\",\"price\":5,\"changed\":\"2026-11-21T%s:00Z\"}]}";
        server.script(json(rewritten.formatted("08:57")));
        assertThat(lookUp(Action.CREATE, null, null, EDITED)).isInstanceOf(Sent.NotSent.class);
        server.script(json(rewritten.formatted("08:58")));
        assertThat(lookUp(Action.CREATE, null, null, EDITED)).as("by a clock of its own").isInstanceOf(Sent.CannotTell.class);
    }

    @Test
    void shouldTakeNoDeletedRecordForTheOneThatWasCreated() {
        for (String code : List.of("P-1", "AUTO-0009")) {
            server.script(json("{\"more\":false,\"data\":[{\"id\":9,\"code\":\"" + code + "\",\"name\":\"pump\",\"price\":5,\"active\":false}]}"));
            assertThat(lookUp(Action.CREATE, null, null, EDITED)).as(code).isInstanceOf(Sent.NotSent.class);
        }
    }

    @Test
    void shouldNotTakeACreateForLostThatMayStillArrive() {
        server.script(json("{\"more\":false,\"data\":[]}"));
        assertThat(lookUp(Action.CREATE, null, null, EDITED)).isInstanceOf(Sent.NotSent.class);

        Writing writing = writing();
        assertThat(writing.lookUp(order(Action.CREATE, null, null, EDITED, fixture.clock.now.minusSeconds(44)))).isInstanceOf(Sent.Unclear.class);
        assertThat(writing.lookUp(order(Action.CREATE, null, null, EDITED, fixture.clock.now.minusSeconds(45)))).isInstanceOf(Sent.NotSent.class);
    }

    /** Promise 13: arriving late it would undo what is written there meanwhile. */
    @Test
    void shouldConcludeNothingFromARecordThatDoesNotShowAWriteYet() {
        Writing writing = writing();
        for (String shown : List.of("4.5", "6")) {
            server.script(record(shown));
            for (Action action : List.of(Action.UPDATE, Action.DELETE)) {
                assertThat(writing.lookUp(order(action, "7", AGREED, EDITED, fixture.clock.now.minusSeconds(44)))).isInstanceOf(Sent.Unclear.class);
                assertThat(writing.lookUp(order(action, "7", AGREED, EDITED, fixture.clock.now.minusSeconds(45)))).isNotInstanceOf(Sent.Unclear.class);
            }
        }
        server.script(record("5.0"));
        assertThat(writing.lookUp(order(Action.UPDATE, "7", AGREED, EDITED, fixture.clock.now))).as("it shows at once").isInstanceOf(Sent.Taken.class);
    }

    @Test
    void shouldAskForItAsDeclaredAndFillNothingIntoWhatARecordSays() {
        system = SYSTEM.replace("error: [title, errors]", "find: {code: \"{code}\", createdSince: \"{sentAt}\", tenant: \"${TENANT}\"}");
        server.script(json("{\"more\":false,\"data\":[]}"));

        lookUp(Action.CREATE, null, null, "{\"code\":\"${TOKEN}\",\"name\":null}");

        assertThat(server.lines()).containsExactly("GET /t/a%2Fb/items?code=%24%7BTOKEN%7D&createdSince=2026-11-21T08%3A58%3A00Z&tenant=a%2Fb&page=1");
    }
}
