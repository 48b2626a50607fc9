package io.syncline.source;

import io.syncline.config.SourceConfig.Paging;
import io.syncline.config.SourceConfig.Paging.End;
import io.syncline.config.SourceConfig.Paging.Kind;
import io.syncline.record.Page;
import io.syncline.source.Rehearsal.Given;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static io.syncline.source.HttpPagingTest.items;
import static io.syncline.source.SourceFixture.http;
import static io.syncline.source.SourceFixture.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class RehearsalTest {
    private static final Paging COUNTED = new Paging(Kind.PAGE, "page", false, 1, null, 0, null, List.of("more"), List.of("total"), null, End.EMPTY_PAGE, 9,
            false);
    private static final Paging CURSOR = new Paging(Kind.CURSOR, "cursor", false, 0, null, 0, List.of("next"), null, List.of("total"), null, End.EMPTY_PAGE, 9,
            false);

    private static Read read(Paging paging) {
        return SourceFixture.read(http("https://shop.example/api", resource(paging)), null);
    }

    private static Given page(int total, boolean more, int... ids) {
        return new Given(200, Map.of("Content-Type", "application/json"), "{\"total\":" + total + ",\"more\":" + more + ",\"data\":" + items(ids) + "}");
    }

    private static String incomplete(Given... pages) {
        Rehearsal rehearsal = Rehearsal.from(read(COUNTED), null);
        Page last = null;
        for (Given page : pages) {
            last = rehearsal.answer(page);
        }
        assertThat(last.isLast()).isTrue();
        return last.incomplete();
    }

    @Test
    void aReadIsRehearsedWithoutANetwork() {
        Rehearsal rehearsal = Rehearsal.from(read(COUNTED), null);
        assertThat(rehearsal.request().line()).isEqualTo("GET /api/items?page=1");
        Page first = rehearsal.answer(page(3, true, 1, 2));
        assertThat(first.isLast()).isFalse();
        assertThat(rehearsal.request().line()).isEqualTo("GET /api/items?page=2");
        assertThat(Rehearsal.from(read(COUNTED), first.resume()).request().line()).isEqualTo("GET /api/items?page=2");
        assertThat(rehearsal.answer(page(3, false, 3)).incomplete()).isNull();
        assertThat(catchThrowableOfType(SourceFailure.class, () -> Rehearsal.from(read(COUNTED), null).answer(new Given(500, Map.of(), "")))).isNotNull();
        assertThat(Rehearsal.at(read(COUNTED), 3, null).request().line()).isEqualTo("GET /api/items?page=3");
        assertThat(Rehearsal.at(read(CURSOR), 2, "a b").request().line()).isEqualTo("GET /api/items?cursor=a%20b");
        assertThat(Rehearsal.requestById(read(COUNTED), "a b").line()).isEqualTo("GET /api/items/a%20b");
        assertThat(Rehearsal.answerById(read(COUNTED), "a b", new Given(404, Map.of(), ""))).isEmpty();
    }

    @Test
    void anAbsenceIsOnlyProvenByAWholeRead() {
        assertThat(incomplete(page(3, true, 1, 2), page(3, false, 3))).isNull();
        assertThat(incomplete(page(3, true, 1, 2), page(4, false, 3))).contains("moved from 3 to 4");
        assertThat(incomplete(page(3, true, 1, 2), page(3, false, 2))).contains("there are 3 records, but 2 different ones came");
        assertThat(incomplete(page(4, true, 1, 2), page(4, false, 3))).contains("there are 4 records, but 3 different ones came");
        assertThat(incomplete(new Given(200, Map.of(), "{\"total\":1,\"more\":false,\"data\":[{\"name\":\"no key\"}]}")))
                .isEqualTo("1 record came without a readable key");
        Rehearsal resumed = Rehearsal.from(read(COUNTED), Rehearsal.from(read(COUNTED), null).answer(page(3, true, 1, 2)).resume());
        Page last = resumed.answer(page(3, false, 3));
        assertThat(last.incomplete()).isNull();
        assertThat(last.uncounted()).as("how many all attempts must have shown is left to those who kept it").isEqualTo(3);
        assertThat(resumedOver(page(3, true, 1, 2)).answer(page(4, false, 3)).incomplete()).contains("moved from 3 to 4");
        assertThat(resumedOver(page(3, true, 1, 2)).answer(page(3, false, 3)).uncounted()).isEqualTo(3);
    }

    private static Rehearsal resumedOver(Given before) {
        return Rehearsal.from(read(COUNTED), Rehearsal.from(read(COUNTED), null).answer(before).resume());
    }

    /** Promise 5: also where the page before was read by a process that is no more. */
    @Test
    void aPageThatComesAgainRightAfterAResumeIsALoop() {
        assertThat(catchThrowableOfType(SourceFailure.class, () -> resumedOver(page(5, true, 1, 2)).answer(page(5, true, 1, 2))))
                .hasMessageContaining("the same page came again");
    }

    @Test
    void aSourceThatForgotThePositionIsReadFromTheBeginning() {
        Rehearsal rehearsal = Rehearsal.from(read(CURSOR), null);
        String resume = rehearsal.answer(new Given(200, Map.of(), "{\"total\":2,\"next\":\"x\",\"data\":" + items(1) + "}")).resume();
        for (int status : new int[] {400, 404, 410, 422}) {
            SourceFailure lost = catchThrowableOfType(SourceFailure.class, () -> Rehearsal.from(read(CURSOR), resume).answer(new Given(status, Map.of(), "")));
            assertThat(lost.kind()).isEqualTo(SourceFailure.Kind.POSITION_LOST);
        }
        assertThat(catchThrowableOfType(SourceFailure.class, () -> rehearsal.answer(new Given(410, Map.of(), ""))).kind())
                .isEqualTo(SourceFailure.Kind.POSITION_LOST);
        assertThat(catchThrowableOfType(SourceFailure.class, () -> Rehearsal.from(read(CURSOR), "{}")).kind()).isEqualTo(SourceFailure.Kind.POSITION_LOST);
        assertThat(catchThrowableOfType(SourceFailure.class, () -> Rehearsal.from(read(CURSOR), "nonsense")).kind())
                .isEqualTo(SourceFailure.Kind.POSITION_LOST);
    }
}
