package io.syncline.source;

import io.syncline.change.Rules;
import io.syncline.config.Configuration;
import io.syncline.config.EntityConfig;
import io.syncline.config.SourceConfig.HttpResource;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.config.SourceConfig.Paging.End;
import io.syncline.config.SourceConfig.Paging.Kind;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemConfig;
import io.syncline.record.Confirmation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 6: a read that went on later than it began is not one picture of the source, however steady its pages are. */
class ResumedReadTest {
    private static final Paging STEADY = new Paging(Kind.PAGE, "page", false, 1, "size", 2, null, null, null, null, End.SHORT_PAGE, 50, true);

    private final FaultyServer server = new FaultyServer()
            .always(request -> request.target().equals("/items/1") ? FaultyServer.json("{\"id\": 1, \"name\": \"there\"}") : FaultyServer.answer(404, ""));
    private final SourceFixture fixture = new SourceFixture();

    @AfterEach
    void stop() throws Exception {
        fixture.close();
        server.close();
    }

    @Test
    void whatAnUndisturbedReadOfSteadyPagesDidNotShowIsGone() {
        assertThat(absent("/items/{id}", false)).isEqualTo(new Confirmation(Map.of(), Set.of(), null));
        assertThat(server.received()).isEmpty();
    }

    @Test
    void whatAResumedReadDidNotShowIsAskedForRecordByRecord() {
        Confirmation found = absent("/items/{id}", true);
        assertThat(found.there()).containsOnlyKeys("1");
        assertThat(found.unclear()).isEmpty();
        assertThat(server.lines()).containsExactlyInAnyOrder("GET /items/1", "GET /items/2");
    }

    /** Asked for one by one, five hundred of them would take the source's answering time five hundred times. */
    @Test
    void aFewAreAskedForAtOnceAndNoMore() {
        CyclicBarrier few = new CyclicBarrier(4);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        server.always(request -> to -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            few.await(60, TimeUnit.SECONDS);
            underWay.decrementAndGet();
            (request.target().equals("/items/7") ? FaultyServer.json("{\"id\": 7, \"name\": \"there\"}") : FaultyServer.answer(404, "")).write(to);
        });
        Confirmation found = absent("/items/{id}", true, IntStream.rangeClosed(1, 12).mapToObj(Integer::toString).toList());
        assertThat(found.there()).containsOnlyKeys("7");
        assertThat(found.unclear()).as("%s", found.problem()).isEmpty();
        assertThat(most).hasValue(4);
        assertThat(server.lines()).hasSize(12);
    }

    @Test
    void whereNobodyAnswersTheOthersAreNotAskedFor() {
        server.always(request -> FaultyServer.answer(503, ""));
        List<String> keys = IntStream.rangeClosed(1, 12).mapToObj(Integer::toString).toList();
        Confirmation found = absent("/items/{id}", true, keys);
        assertThat(found.unclear()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(Set.copyOf(server.lines())).containsExactlyInAnyOrder("GET /items/1", "GET /items/2", "GET /items/3", "GET /items/4");
        assertThat(found.problem()).contains("503");
    }

    @Test
    void whereRecordsCannotBeAskedForNothingThatAResumedReadDidNotShowIsGone() {
        Confirmation found = absent(null, true);
        assertThat(found.unclear()).containsExactlyInAnyOrder("1", "2");
        assertThat(found.problem()).contains("interrupted").contains("config/systems/shop.yaml declares no way to ask for one record");
        assertThat(server.received()).isEmpty();
    }

    private Confirmation absent(String byId, boolean resumed) {
        return absent(byId, resumed, List.of("1", "2"));
    }

    private Confirmation absent(String byId, boolean resumed, List<String> keys) {
        HttpResource items = new HttpResource("items", "GET", "/items", Map.of(), null, List.of("data"), STEADY, null, byId, List.of());
        EntityConfig entity = new EntityConfig("items", "items", SourceFixture.ITEMS.shape(), SourceFixture.ITEMS,
                new Rules(Rules.Policy.REVIEW, false, "sh"), false, EntityConfig.Brake.DEFAULT);
        SyncConfig sync = new SyncConfig("stock", "Stock", "", "shop", "sh", List.of("default"), null, List.of(entity), null);
        Configuration configuration = new Configuration(Map.of("shop", new SystemConfig("shop", "Shop", "", SourceFixture.http(server.url(), items))),
                Map.of("stock", sync));
        Reading reading = new Reading(fixture.sources, configuration, (organisation, system) -> SourceFixture.connection(organisation));
        return reading.stillThere(sync, entity, "default", keys, List.of(), resumed);
    }
}
