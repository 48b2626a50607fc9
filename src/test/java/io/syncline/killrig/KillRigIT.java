package io.syncline.killrig;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import static io.syncline.RunningSyncline.entity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Kills the product at points of a run over 20,000 records, one after the other on the same database: what was right after one restart is the ground for the
 * next run. Twenty points by chance, the same ones every time; {@code -Dsyncline.kill=all} takes them all, a number that many, and
 * {@code -Dsyncline.kill.seed} others.
 */
class KillRigIT {
    private static final Logger LOG = LoggerFactory.getLogger(KillRigIT.class);
    private static final int RECORDS = 20_000;
    private static final String POINTS = System.getProperty("syncline.kill", "20");
    private static final long SEED = Long.getLong("syncline.kill.seed", 20261121);
    private static final String PATIENCE = "3s";
    /** Long, because the machine may be busy; whoever waits goes on at once. */
    private static final Duration ENDS = Duration.ofMinutes(3);

    @TempDir
    private Path folder;
    private final Trap trap = new Trap();
    private final DatabaseProxy proxy = new DatabaseProxy(trap);
    private final Shop shop = new Shop(RECORDS, trap);
    private final SplittableRandom random = new SplittableRandom(SEED);
    private Books books = new Books();
    private JdbcClient sql;
    private Watcher watcher;
    private Child product;
    private int missed;
    private int taken;

    @AfterEach
    void stop() throws SQLException {
        if (watcher != null) {
            watcher.close();
        }
        if (product != null) {
            product.close();
        }
        shop.close();
        proxy.close();
    }

    /** Promises 1, 2, 3, 20 and 23. */
    @Test
    void killedAtAnyPointEverythingIsExactlyRightAfterTheRestart() throws Exception {
        shop.configure(folder.resolve("config"));
        long began = System.nanoTime();
        Program.get().train();
        List<KillPoint> loading = choose(KillPoint.all(measure(true)), 3);
        List<KillPoint> others = choose(KillPoint.all(measure(false)), 17);
        product.stop();
        LOG.info("seed {}: {} points in loads, {} in later runs, measured in {} s", SEED, loading.size(), others.size(), seconds(began));
        for (KillPoint point : loading) {
            fresh();
            round("load", point, true);
        }
        int round = 0;
        for (KillPoint point : others) {
            boolean whole = ++round % 5 != 0;
            shop.change(random, whole);
            round("run " + round, point, whole);
        }
        int points = loading.size() + others.size();
        LOG.info("seed {}: killed at {} points of {}, {} runs taken over, {} looks, {} s", SEED, points - missed, points, taken, watcher.looked(), seconds(began));
        assertThat(missed).as("points that a run did not come to").isLessThanOrEqualTo(points / 3);
    }

    private static long seconds(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toSeconds();
    }

    private static List<KillPoint> choose(List<KillPoint> all, int few) {
        if (POINTS.equals("all")) {
            return all;
        }
        List<KillPoint> chosen = new ArrayList<>(all);
        Collections.shuffle(chosen, new Random(SEED));
        return chosen.subList(0, Math.min(all.size(), Math.max(1, few * Integer.parseInt(POINTS) / 20)));
    }

    /** How many requests and commits an undisturbed run has. */
    private Map<KillPoint.Kind, Integer> measure(boolean load) throws SQLException {
        if (load) {
            fresh();
            start();
        } else {
            shop.change(random, true);
        }
        shop.forgetCalls();
        trap.set(null, product.process());
        JsonNode report = product.answer("POST", "/api/sync/stock/full");
        Map<KillPoint.Kind, Integer> counts = trap.counts();
        LOG.info("a run has {}: {}", counts, report.path("durationMs"));
        check(report.path("run").asLong(), true, false);
        return counts;
    }

    /** An empty database; the source is as it is. */
    private void fresh() throws SQLException {
        if (product != null) {
            product.kill();
            product = null;
        }
        if (watcher != null) {
            watcher.close();
            watcher = null;
        }
        books = new Books();
        String url = TestPostgres.url();
        sql = JdbcClient.create(new DriverManagerDataSource(url));
        address = proxy.inFrontOf(url);
        direct = url;
    }

    private String address;
    private String direct;

    private void start() throws SQLException {
        product = Child.start(folder, folder.resolve("config"), "--syncline.database.url=" + address, "--syncline.runs.patience=" + PATIENCE);
        if (watcher == null) {
            watcher = new Watcher(direct);
        }
    }

    private void round(String name, KillPoint point, boolean whole) throws SQLException {
        if (product == null || !product.process().isAlive()) {
            start();
        }
        long before = sql.sql("select coalesce(max(id), 0) from syncline.run").query(Long.class).single();
        shop.forgetCalls();
        trap.set(point, product.process());
        CompletableFuture<?> asked = product.call("POST", "/api/sync/stock/" + (whole ? "full" : "incremental"));
        await().atMost(ENDS).pollInterval(Duration.ofMillis(10)).until(() -> asked.isDone() || trap.hasSprung());
        trap.disarm();
        boolean killed = trap.hasSprung();
        if (killed) {
            start();
        } else {
            missed++;
        }
        long run = published(before, whole);
        taken += sql.sql("select takeovers from syncline.run where id = ?").param(run).query(Integer.class).single();
        LOG.info("{} {}: {}", name, killed ? "killed " + point : "did not come to " + point, run);
        try {
            check(run, whole, killed);
        } catch (AssertionError e) {
            throw new AssertionError(name + ", " + point + ", seed " + SEED + ": " + e.getMessage() + "\n" + product.text(), e);
        }
    }

    /** The run of this round that published; where the kill left none to go on with, a next one is asked for. */
    private long published(long before, boolean whole) {
        await().atMost(ENDS).pollInterval(Duration.ofMillis(25)).until(() -> sql.sql("select count(*) from syncline.run where finished_at is null")
                .query(Integer.class).single() == 0);
        List<Long> found = published(before);
        if (found.isEmpty()) {
            shop.forgetCalls();
            JsonNode report = product.answer("POST", "/api/sync/stock/" + (whole ? "full" : "incremental"));
            assertThat(report.path("state").asText()).as(report.toPrettyString()).isEqualTo("published");
            found = published(before);
        }
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private List<Long> published(long before) {
        return sql.sql("select id from syncline.run where id > ? and state = 'published'").param(before).query(Long.class).list();
    }

    private void check(long run, boolean whole, boolean killed) throws SQLException {
        JsonNode report = RunningSyncline.json(sql.sql("select report from syncline.run where id = ?").param(run).query(String.class).single());
        Map<String, Integer> expected = books.publish(shop.items(), report.path("snapshot").path("id").asLong(), whole);
        books.compareWith(sql);
        compareCounts(report, expected, whole);
        compareMark(run);
        compareRequests(whole, killed);
        assertThat(sql.sql("select concat_ws(' ', snapshot_id, number, problem) from syncline.verify_chain('stock')").query(String.class).list()).isEmpty();
        // What a run left that had published and died before it could clean up is dropped by the pulse, a minute later.
        await().atMost(ENDS).pollInterval(Duration.ofMillis(50)).until(() -> sql.sql("""
                select count(*) from syncline_staging.page p join syncline.run r on r.id = p.run_id
                where not (? and r.state = 'published' and r.finished_at > clock_timestamp() - interval '80 seconds')""").param(killed).query(Integer.class).single() == 0);
        List<String> states = watcher.seen();
        assertThat(states).as("before, and after").hasSizeLessThanOrEqualTo(2);
    }

    private void compareCounts(JsonNode report, Map<String, Integer> expected, boolean whole) {
        JsonNode items = entity(report, "items");
        Map<String, Integer> counts = new HashMap<>();
        items.path("counts").fields().forEachRemaining(count -> counts.put(count.getKey(), count.getValue().asInt()));
        int sum = counts.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(sum).as("promise 3: %s", report.toPrettyString()).isEqualTo(items.path("delivered").asInt() + items.path("absent").asInt() + items.path("returned").asInt());
        if (whole) {
            assertThat(items.path("delivered").asInt()).isEqualTo(shop.items().size());
        } else {
            counts.remove("unchanged");
        }
        assertThat(counts).as(report::toPrettyString).isEqualTo(expected);
    }

    /** Promise 2: fixed when reading began, so nothing that was changed later is behind it. */
    private void compareMark(long run) {
        Instant mark = sql.sql("select mark from syncline.watermark where entity = 'items' and run_id = ?").param(run).query(OffsetDateTime.class).single().toInstant();
        assertThat(sql.sql("select mark from syncline.run_entity where entity = 'items' and run_id = ?").param(run).query(OffsetDateTime.class).single().toInstant())
                .isEqualTo(mark);
        List<Instant> firstPages = shop.calls().stream().filter(call -> call.what().startsWith("/items?") && call.what().matches(".*[?&]page=1(&.*|$)")).map(Shop.Call::at).toList();
        assertThat(mark).isBeforeOrEqualTo(firstPages.get(firstPages.size() - 1)).isAfter(firstPages.get(0).minusSeconds(4));
    }

    private void compareRequests(boolean whole, boolean killed) {
        Map<String, Long> pages = shop.calls().stream().map(Shop.Call::what).filter(what -> what.startsWith("/items?")).collect(Collectors.groupingBy(what -> what,
                Collectors.counting()));
        List<String> again = pages.entrySet().stream().filter(page -> page.getValue() > 1).map(Map.Entry::toString).toList();
        if (whole) {
            assertThat(pages).hasSize((shop.items().size() + Shop.PAGE - 1) / Shop.PAGE);
        }
        // One page is worked on twice at most, and the one that was being fetched ahead may be asked for again.
        assertThat(again).as("pages asked for again").hasSizeLessThanOrEqualTo(killed ? 2 : 0).allMatch(page -> page.endsWith("=2"));
    }
}
