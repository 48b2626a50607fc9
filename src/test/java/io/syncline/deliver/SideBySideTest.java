package io.syncline.deliver;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.run.Mode;
import io.syncline.source.WriteOrder;
import io.syncline.source.Writing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Several records of one system are written side by side, as many as its file says; promises 12 and 24. */
class SideBySideTest {
    private static final int AT_ONCE = 3;
    @TempDir
    private static Path folder;
    private static Workshop workshop;
    private static RunningSyncline syncline;

    @BeforeAll
    static void start() {
        workshop = new Workshop();
        workshop.configure(folder, AT_ONCE);
        syncline = RunningSyncline.start(folder, TestPostgres.url(), Map.of("syncline.push.after-save", "true", "syncline.push.deliver", "true",
                "syncline.push.first", "50ms", "syncline.push.most", "200ms", "syncline.push.debounce", "50ms", "syncline.push.due", "0/1 * * * * ?",
                "syncline.push.look", "0/1 * * * * ?"),
                context -> context.registerBean(Writing.class, () -> workshop, definition -> definition.setPrimary(true)));
    }

    @AfterAll
    static void stop() {
        workshop.close();
        syncline.close();
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    private static long count(String what) {
        return syncline.sql().sql("select count(*) from " + what).query(Long.class).single();
    }

    private static List<WriteOrder> orders(String prefix) {
        return workshop.orders().stream().filter(order -> order.key() != null && order.key().startsWith(prefix)).toList();
    }

    private static void things(String prefix, int number) {
        for (int n = 0; n < number; n++) {
            workshop.put("things", prefix + n, "{\"name\": \"" + prefix + n + "\", \"price\": 1, \"gone\": false}");
        }
        syncline.run(RunningSyncline.request("stock", Mode.FULL));
        syncline.sql().sql("update stock.things set price = 9 where ws_id like ?").param(prefix + "%").update();
    }

    /** Three hang, so three are under way together; whoever has no seat waits, in both of the deliveries that run at once. */
    @Test
    void asManyAsTheFileSaysAreUnderWayAndNoMore() {
        workshop.mostAtOnce();
        workshop.fault(Collections.nCopies(AT_ONCE, Workshop.Fault.HANGS).toArray(new Workshop.Fault[0]));
        things("a", 60);
        until(() -> orders("a").size() == AT_ONCE);
        workshop.goOn();
        until(() -> count("stock.things where ws_id like 'a%' and sync_status = 'synced'") == 60);
        assertThat(workshop.mostAtOnce()).isEqualTo(AT_ONCE);
        assertThat(workshop.effects().stream().filter(effect -> effect.startsWith("UPDATE a"))).hasSize(60).doesNotHaveDuplicates();
    }

    /** Promise 24: a system that asks for time gets it from all who stand side by side; only those it has already are under way. */
    @Test
    void whoAsksForTimeIsLeftAloneByAll() {
        workshop.fault(Workshop.Fault.SLOW_DOWN);
        things("b", 40);
        until(() -> count("syncline.push_bar where until > clock_timestamp()") == 1);
        assertThat(orders("b")).hasSizeLessThan(2 * AT_ONCE);
        until(() -> count("stock.things where ws_id like 'b%' and sync_status = 'synced'") == 40);
        assertThat(orders("b").stream().map(WriteOrder::id).distinct()).hasSize(40);
    }
}
