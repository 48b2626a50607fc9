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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Promises 1, 16 and 23: the product is killed at commits of a run that applies a plan, before or after them. One restart later the plan has been applied once,
 * exactly, or never was asked for. Six by chance; {@code -Dsyncline.kill=all} takes every commit, before and after it.
 */
class ApplyKilledIT {
    private static final Logger LOG = LoggerFactory.getLogger(ApplyKilledIT.class);
    private static final int RECORDS = 2_000;
    private static final boolean EVERY = System.getProperty("syncline.kill", "").equals("all");
    private static final int FEW = 6;
    private static final long SEED = Long.getLong("syncline.kill.seed", 20261121);
    private static final Duration ENDS = Duration.ofMinutes(3);

    @TempDir
    private Path folder;
    private final Trap trap = new Trap();
    private final DatabaseProxy proxy = new DatabaseProxy(trap);
    private final Shop shop = new Shop(RECORDS, trap);
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Books books = new Books();
    private final String direct = TestPostgres.url();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(direct));
    private String proxied;
    private Child product;

    @AfterEach
    void stop() throws SQLException {
        product.close();
        shop.close();
        proxy.close();
    }

    @Test
    void aPlanIsAppliedOnceHoweverOftenTheProductIsKilledOverIt() throws Exception {
        shop.configure(folder.resolve("config"));
        proxied = proxy.inFrontOf(direct);
        start();
        trap.set(null, product.process());
        books.publish(shop.items(), product.answer("POST", "/api/sync/stock/full").path("snapshot").path("id").asLong(), true);
        long plan = plan();
        trap.set(null, product.process());
        JsonNode undisturbed = product.answer("POST", "/api/v1/plans/" + plan + "/apply");
        int commits = trap.counts().get(KillPoint.Kind.COMMIT);
        check(undisturbed.path("run").asLong());
        int taken = 0;
        List<KillPoint> points = new ArrayList<>(KillPoint.all(KillPoint.Errand.FULL, Map.of(KillPoint.Kind.REQUEST, 0, KillPoint.Kind.COMMIT, commits)));
        Collections.shuffle(points, new Random(SEED));
        for (KillPoint point : EVERY ? points : points.subList(0, FEW)) {
            taken += killed(point);
        }
        LOG.info("an apply has {} commits; taken over {} times", commits, taken);
        assertThat(taken).isPositive();
    }

    private void start() {
        product = Child.start(folder, folder.resolve("config"), "--syncline.database.url=" + proxied, "--syncline.runs.patience=2s");
    }

    private long plan() {
        shop.change(random, true);
        return product.answer("POST", "/api/sync/stock/full", "{\"dryRun\": true}").path("run").asLong();
    }

    /** @return how often the run was taken over */
    private int killed(KillPoint point) {
        long plan = plan();
        long snapshots = count("syncline.snapshot");
        String marks = marks();
        trap.set(point, product.process());
        CompletableFuture<?> asked = product.call("POST", "/api/v1/plans/" + plan + "/apply");
        await().atMost(ENDS).pollInterval(Duration.ofMillis(10)).until(() -> asked.isDone() || trap.hasSprung());
        trap.disarm();
        if (trap.hasSprung()) {
            start();
        }
        await().atMost(ENDS).pollInterval(Duration.ofMillis(25)).until(() -> count("syncline.run where finished_at is null") == 0);
        if (count("syncline.run where applies = " + plan) == 0) {
            product.answer("POST", "/api/v1/plans/" + plan + "/apply");
        }
        int takeovers = sql.sql("select takeovers from syncline.run where applies = ? and state = 'published'").param(plan).query(Integer.class).single();
        check(sql.sql("select id from syncline.run where applies = ?").param(plan).query(Long.class).single());
        assertThat(count("syncline.snapshot")).as(point.toString()).isEqualTo(snapshots + 1);
        assertThat(marks()).as(point.toString()).isEqualTo(marks);
        LOG.info("{}: {} taken over {} times", point, trap.hasSprung() ? trap.caught() : "not come to", takeovers);
        return takeovers;
    }

    private void check(long run) {
        JsonNode report = RunningSyncline.json(sql.sql("select report from syncline.run where id = ?").param(run).query(String.class).single());
        Map<String, Integer> expected = books.publish(shop.items(), report.path("snapshot").path("id").asLong(), true);
        expected.remove("unchanged");
        Map<String, Integer> counts = new HashMap<>();
        RunningSyncline.entity(report, "items").path("counts").fields().forEachRemaining(count -> counts.put(count.getKey(), count.getValue().asInt()));
        assertThat(counts).as(report::toPrettyString).isEqualTo(expected);
        books.compareWith(sql);
        assertThat(sql.sql("select problem from syncline.verify_chain('stock')").query(String.class).list()).isEmpty();
    }

    private String marks() {
        return sql.sql("select string_agg(concat_ws(' ', entity, mark, run_id), ', ' order by entity) from syncline.watermark").query(String.class).single();
    }

    private long count(String from) {
        return sql.sql("select count(*) from " + from).query(Long.class).single();
    }
}
