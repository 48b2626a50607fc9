package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.run.RunEnded;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.ApplicationEventMulticaster;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/** Whoever waits for a run is told of its end at once; what it staged is thrown away afterwards, and nothing stays for ever. */
class ToldFirstTest {
    @TempDir
    private static Path folder;
    private static Pricebook book;
    /** By run, how many pages were still staged when its end was told. */
    private static final Map<Long, Long> STAGED = new ConcurrentHashMap<>();

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
        assertThat(state(book.full())).isEqualTo("published");
        book.syncline.bean(ApplicationEventMulticaster.class).addApplicationListener((ApplicationListener<ApplicationEvent>) event -> {
            if (event instanceof PayloadApplicationEvent<?> told && told.getPayload() instanceof RunEnded ended) {
                STAGED.put(ended.run(), book.count("syncline_staging.page where run_id = ?", ended.run()));
            }
        });
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    private static long change(int cost) {
        long id = book.anyOf(Entity.MATERIALS);
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": " + cost + "}");
        return id;
    }

    private static long run(JsonNode report) {
        return report.path("run").asLong();
    }

    @Test
    void whoWaitsIsToldBeforeWhatWasStagedIsThrownAway() {
        long one = run(book.single("materials", change(4711)));
        long all = run(book.full());
        until(() -> STAGED.containsKey(one) && STAGED.containsKey(all));
        assertThat(STAGED.get(one)).isPositive();
        assertThat(STAGED.get(all)).isPositive();
        until(() -> book.stagedRows() == 0);
    }

    /** The process ends before it could throw anything away; meanwhile nobody waits for that, and the next process does it. */
    @Test
    void whatIsHeldByOthersIsThrownAwayByTheNextProcess() throws Exception {
        Pricebook first = book.another(Map.of());
        long one;
        long two;
        try (Connection other = DriverManager.getConnection(book.database); Statement holding = other.createStatement()) {
            other.setAutoCommit(false);
            holding.execute("lock table syncline_staging.finding in share mode");
            JsonNode report = first.single("materials", change(4712));
            one = run(report);
            assertThat(counts(report, "materials")).isEqualTo(Map.of("update", 1));
            report = first.single("materials", change(4713));
            two = run(report);
            assertThat(counts(report, "materials")).as("the next is not held up").isEqualTo(Map.of("update", 1));
            first.stop();
            assertThat(book.count("syncline_staging.page where run_id in (?, ?)", one, two)).as("nothing is thrown away yet").isEqualTo(2);
        }
        book.sql().sql("update syncline.run set finished_at = finished_at - interval '2 minutes' where id in (?, ?)").params(one, two).update();
        Pricebook next = book.another(Map.of());
        try {
            until(() -> book.stagedRows() == 0);
        } finally {
            next.stop();
        }
    }
}
