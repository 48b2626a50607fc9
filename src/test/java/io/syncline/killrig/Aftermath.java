package io.syncline.killrig;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import static io.syncline.RunningSyncline.entity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What one database must hold, and what the source must have been asked, once a run has published, killed or not. */
final class Aftermath {
    private static final Duration DROPPED = Duration.ofMinutes(3);

    private final JdbcClient sql;
    private final Shop shop;
    private final Books books = new Books();

    Aftermath(JdbcClient sql, Shop shop) {
        this.sql = sql;
        this.shop = shop;
    }

    /** Answers the pages that were asked for more than once. */
    List<String> check(long run, KillPoint.Errand errand, boolean killed) {
        JsonNode report = RunningSyncline.json(sql.sql("select report from syncline.run where id = ?").param(run).query(String.class).single());
        Map<String, Integer> expected = books.publish(shop.items(), report.path("snapshot").path("id").asLong(), errand.isWhole());
        books.compareWith(sql);
        compareCounts(report, expected, errand.isWhole());
        compareMark(run);
        assertThat(sql.sql("select concat_ws(' ', snapshot_id, number, problem) from syncline.verify_chain('stock')").query(String.class).list()).isEmpty();
        awaitDropped(killed);
        return compareRequests(errand.isWhole(), killed);
    }

    private void compareCounts(JsonNode report, Map<String, Integer> expected, boolean whole) {
        JsonNode items = entity(report, "items");
        Map<String, Integer> counts = new HashMap<>();
        items.path("counts").fields().forEachRemaining(count -> counts.put(count.getKey(), count.getValue().asInt()));
        int sum = counts.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(sum).as("promise 3: %s", report.toPrettyString())
                .isEqualTo(items.path("delivered").asInt() + items.path("absent").asInt() + items.path("returned").asInt());
        if (whole) {
            assertThat(items.path("delivered").asInt()).isEqualTo(shop.items().size());
        } else {
            counts.remove("unchanged");
        }
        assertThat(counts).as(report::toPrettyString).isEqualTo(expected);
    }

    /** Promise 2: fixed when reading began, so nothing that was changed later is behind it. */
    private void compareMark(long run) {
        Instant mark = sql.sql("select mark from syncline.watermark where entity = 'items' and run_id = ?").param(run).query(OffsetDateTime.class).single()
                .toInstant();
        assertThat(sql.sql("select mark from syncline.run_entity where entity = 'items' and run_id = ?").param(run).query(OffsetDateTime.class).single()
                .toInstant()).isEqualTo(mark);
        List<Instant> firstPages = shop.calls().stream().filter(call -> call.what().startsWith("/items?") && call.what().matches(".*[?&]page=1(&.*|$)"))
                .map(Shop.Call::at).toList();
        assertThat(mark).isBeforeOrEqualTo(firstPages.get(firstPages.size() - 1)).isAfter(firstPages.get(0).minusSeconds(4));
    }

    private List<String> compareRequests(boolean whole, boolean killed) {
        Map<String, Long> pages = shop.calls().stream().map(Shop.Call::what).filter(what -> what.startsWith("/items?") || what.startsWith("/groups?"))
                .collect(Collectors.groupingBy(what -> what, Collectors.counting()));
        if (whole) {
            assertThat(pages).hasSize((shop.items().size() + Shop.PAGE - 1) / Shop.PAGE + 1);
        }
        // Entities are read side by side. Of each, one page is worked on twice at most, and the one that was being fetched ahead may be asked for again.
        List<String> again = pages.entrySet().stream().filter(page -> page.getValue() > 1).map(Map.Entry::toString).sorted().toList();
        assertThat(again).as("pages asked for again").allMatch(page -> page.endsWith("=2"));
        assertThat(again).as("pages of items asked for again").filteredOn(page -> page.startsWith("/items?")).hasSizeLessThanOrEqualTo(killed ? 2 : 0);
        assertThat(again).as("the page of groups asked for again").filteredOn(page -> page.startsWith("/groups?")).hasSizeLessThanOrEqualTo(killed ? 1 : 0);
        return again.stream().map(page -> page.substring(0, page.length() - "=2".length())).toList();
    }

    /** What a run left that had published and died before it could clean up is dropped by the pulse, a minute later. */
    private void awaitDropped(boolean killed) {
        await().atMost(DROPPED).pollInterval(Duration.ofMillis(50)).until(() -> sql.sql("""
                select count(*) from syncline_staging.page p join syncline.run r on r.id = p.run_id
                where not (? and r.state = 'published' and r.finished_at > clock_timestamp() - interval '80 seconds')""")
                .param(killed).query(Integer.class).single() == 0);
    }
}
