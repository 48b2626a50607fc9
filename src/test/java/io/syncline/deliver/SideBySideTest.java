package io.syncline.deliver;

import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.source.WriteOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import javax.sql.DataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

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
        syncline = workshop.product(folder, Map.of());
    }

    @AfterAll
    static void stop() {
        workshop.close();
        syncline.close();
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
        AtTheWorkshop.until(() -> orders("a").size() == AT_ONCE);
        workshop.goOn();
        AtTheWorkshop.until(() -> count("stock.things where ws_id like 'a%' and sync_status = 'synced'") == 60);
        assertThat(workshop.mostAtOnce()).isEqualTo(AT_ONCE);
        assertThat(workshop.effects().stream().filter(effect -> effect.startsWith("UPDATE a"))).hasSize(60).doesNotHaveDuplicates();
    }

    /**
     * Promise 24: a system that asks for time gets it from all who stand side by side. Until it is noted, whoever was answered keeps the seat, so only what
     * was under way already arrives meanwhile.
     */
    @Test
    void whoAsksForTimeIsLeftAloneByAll() throws Exception {
        workshop.fault(Workshop.Fault.SLOW_DOWN, Workshop.Fault.HANGS, Workshop.Fault.HANGS);
        try (Connection holding = syncline.bean(DataSource.class).getConnection(); Statement statement = holding.createStatement()) {
            holding.setAutoCommit(false);
            statement.execute("lock table syncline.push_bar in share mode");
            things("b", 40);
            AtTheWorkshop.until(() -> orders("b").size() == AT_ONCE
                    && count("pg_locks where not granted and relation = 'syncline.push_bar'::regclass") == 1);
            holding.rollback();
        }
        AtTheWorkshop.until(() -> count("syncline.push_bar where not lets_nobody_in") == 1);
        workshop.goOn();
        AtTheWorkshop.until(() -> count("stock.things where ws_id like 'b%' and sync_status = 'synced'") == 40);
        assertThat(orders("b").stream().map(WriteOrder::id).distinct()).hasSize(40);
        assertThat(count("syncline.push where key like 'b%' and last_sent_at < (select until from syncline.push_bar)"))
                .as("two were under way when the third asked for time").isEqualTo(AT_ONCE - 1);
    }
}
