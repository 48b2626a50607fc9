package io.syncline.killrig;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Kills the product at points of a run over 20,000 records, one after the other on the same database: what was right after one restart is the ground for the
 * next run. Twenty points by chance, the same ones every time; {@code -Dsyncline.kill=all} takes them all, a number that many, and
 * {@code -Dsyncline.kill.seed} others. Where a run does not come to its point, another point takes its place.
 */
class KillRigIT {
    private static final Logger LOG = LoggerFactory.getLogger(KillRigIT.class);
    private static final int RECORDS = 20_000;
    private static final String POINTS = System.getProperty("syncline.kill", "20");
    private static final long SEED = Long.getLong("syncline.kill.seed", 20261121);
    /** A process that is killed is taken for dead before the next one has started. */
    private static final String PATIENCE = "2s";
    /** Long, because the machine may be busy; whoever waits goes on at once. */
    private static final Duration ENDS = Duration.ofMinutes(3);

    @TempDir
    private Path folder;
    private final Trap trap = new Trap();
    private final DatabaseProxy proxy = new DatabaseProxy(trap);
    private final Shop shop = new Shop(RECORDS, trap);
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<Toll> tolls = new ArrayList<>();
    private String direct;
    private String proxied;
    private JdbcClient sql;
    private Aftermath aftermath;
    private Watcher watcher;
    private Child product;
    private int looked;
    private int missed;

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
        Map<KillPoint.Errand, List<KillPoint>> points = new EnumMap<>(KillPoint.Errand.class);
        for (KillPoint.Errand errand : KillPoint.Errand.values()) {
            points.put(errand, shuffled(KillPoint.all(errand, measure(errand))));
        }
        product.stop();
        int all = points.values().stream().mapToInt(List::size).sum();
        boolean every = POINTS.equals("all") || Integer.parseInt(POINTS) >= all;
        int wanted = every ? all : Integer.parseInt(POINTS);
        LOG.info("seed {}: {} of {} points, measured in {} s", SEED, wanted, all, seconds(began));

        int loads = every ? all : Math.max(1, wanted * 3 / 20);
        int increments = every ? all : wanted / 5;
        kill(points.get(KillPoint.Errand.INCREMENTAL), increments);
        kill(points.get(KillPoint.Errand.FULL), every ? all : wanted - loads - increments);
        kill(points.get(KillPoint.Errand.LOAD), loads);

        LOG.info("seed {}: {} killed, {}, {} points not come to, {} looks without a mixture, {} s\n{}", SEED, tolls.size(), standings(), missed,
                looked + watcher.looked(), seconds(began), tolls.stream().map(Toll::toString).collect(Collectors.joining("\n")));
        assertThat(tolls).hasSize(every ? all - missed : wanted);
        assertThat(missed).as("points that a run did not come to").isLessThanOrEqualTo(all / 20);
        assertThat(tolls.stream().map(Toll::point)).doesNotHaveDuplicates();
        assertThat(sql.sql("select count(*) from syncline.run where finished_at is null").query(Integer.class).single()).isZero();
    }

    private static long seconds(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toSeconds();
    }

    private static List<KillPoint> shuffled(List<KillPoint> all) {
        List<KillPoint> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(SEED));
        return shuffled;
    }

    private Map<Toll.Standing, Long> standings() {
        return tolls.stream().collect(Collectors.groupingBy(Toll::standing, () -> new EnumMap<>(Toll.Standing.class), Collectors.counting()));
    }

    /** How many requests and commits an undisturbed run has. */
    private Map<KillPoint.Kind, Integer> measure(KillPoint.Errand errand) throws SQLException {
        prepare(errand);
        trap.set(null, product.process());
        JsonNode report = product.answer("POST", errand.path());
        Map<KillPoint.Kind, Integer> counts = trap.counts();
        LOG.info("{} has {}: {} ms", errand, counts, report.path("durationMs"));
        aftermath.check(report.path("run").asLong(), errand, false);
        assertThat(watcher.seen()).as("before, and after").hasSizeLessThanOrEqualTo(2);
        return counts;
    }

    /** The product is up, and there is something for it to do. */
    private void prepare(KillPoint.Errand errand) throws SQLException {
        if (errand == KillPoint.Errand.LOAD) {
            anew();
        } else {
            shop.change(random, errand.isWhole());
        }
        if (product == null || !product.process().isAlive()) {
            start();
        }
        shop.forgetCalls();
    }

    /** An empty database; the source is as it is. */
    private void anew() throws SQLException {
        if (product != null) {
            product.kill();
        }
        if (watcher != null) {
            watcher.close();
            looked += watcher.looked();
            watcher = null;
        }
        direct = TestPostgres.url();
        proxied = proxy.inFrontOf(direct);
        sql = JdbcClient.create(new DriverManagerDataSource(direct));
        aftermath = new Aftermath(sql, shop);
    }

    private void start() throws SQLException {
        product = Child.start(folder, folder.resolve("config"), "--syncline.database.url=" + proxied, "--syncline.runs.patience=" + PATIENCE);
        if (watcher == null) {
            watcher = new Watcher(direct);
        }
    }

    /** Goes through the points until so many of them have killed. */
    private void kill(List<KillPoint> points, int wanted) throws SQLException {
        int killed = 0;
        for (KillPoint point : points) {
            if (killed == wanted) {
                return;
            }
            try {
                killed += isKilled(point) ? 1 : 0;
            } catch (AssertionError e) {
                throw new AssertionError(point + ", seed " + SEED + ": " + e.getMessage() + "\n" + product.text(), e);
            }
        }
    }

    /** One run, and what comes of it; false when it ended without coming to the point. */
    private boolean isKilled(KillPoint point) throws SQLException {
        prepare(point.errand());
        long began = System.nanoTime();
        long before = sql.sql("select coalesce(max(id), 0) from syncline.run").query(Long.class).single();
        trap.set(point, product.process());
        CompletableFuture<?> asked = product.call("POST", point.errand().path());
        await().atMost(ENDS).pollInterval(Duration.ofMillis(10)).until(() -> asked.isDone() || trap.hasSprung());
        trap.disarm();
        boolean killed = trap.hasSprung();
        if (killed) {
            await().atMost(ENDS).pollInterval(Duration.ofMillis(10)).until(() -> proxy.isDone(sql));
        }
        Toll.Standing standing = standing(before);
        if (killed) {
            start();
        } else {
            missed++;
            LOG.info("{}: the run ended without coming to it", point);
        }
        long run = published(before, point.errand(), standing);
        List<String> again = aftermath.check(run, point.errand(), killed);
        assertThat(watcher.seen()).as("before, and after").hasSizeLessThanOrEqualTo(2);
        if (killed) {
            tolls.add(new Toll(point, trap.caught(), standing, again, Duration.ofNanos(System.nanoTime() - began).toMillis()));
            LOG.info("{}: {}", tolls.size(), tolls.get(tolls.size() - 1));
        }
        return killed;
    }

    private Toll.Standing standing(long before) {
        return sql.sql("select finished_at is not null from syncline.run where id > ?").param(before).query(Boolean.class).optional()
                .map(ended -> ended ? Toll.Standing.ENDED : Toll.Standing.UNFINISHED).orElse(Toll.Standing.NEVER_BEGUN);
    }

    /** The run of this round, published: taken over once where it was unfinished, as it was where it had ended, another one where it never had begun. */
    private long published(long before, KillPoint.Errand errand, Toll.Standing standing) {
        await().atMost(ENDS).pollInterval(Duration.ofMillis(25)).until(() -> sql.sql("select count(*) from syncline.run where finished_at is null")
                .query(Integer.class).single() == 0);
        if (standing == Toll.Standing.NEVER_BEGUN) {
            assertThat(shop.calls()).as("nothing was asked for a run that was not written down").isEmpty();
            product.answer("POST", errand.path());
        }
        assertThat(sql.sql("select concat_ws(' ', state, takeovers, failure) from syncline.run where id > ?").param(before).query(String.class).list())
                .containsExactly("published " + (standing == Toll.Standing.UNFINISHED ? 1 : 0));
        return sql.sql("select max(id) from syncline.run").query(Long.class).single();
    }
}
