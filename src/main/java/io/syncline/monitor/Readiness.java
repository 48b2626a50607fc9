package io.syncline.monitor;

import org.apache.camel.CamelContext;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;

/**
 * Whether requests can be served: the database answers, it has the tables that this version migrated, and the routes stand. The database is asked at most once
 * a second, however many ask here, and nobody waits for it longer than {@link #PATIENCE}.
 */
@Component
@DependsOnDatabaseInitialization
public class Readiness implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final String DATABASE = "database";

    private final CamelContext camel;
    private final JdbcTemplate sql;
    private final String version;
    private final ExecutorService probe = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "readiness");
        thread.setDaemon(true);
        return thread;
    });
    private CompletableFuture<List<String>> asked = CompletableFuture.completedFuture(List.of());
    private long askedAt = System.nanoTime() - FRESH.toNanos();

    Readiness(CamelContext camel, DataSource database, Flyway migrations) {
        this.camel = camel;
        this.sql = new JdbcTemplate(database);
        this.sql.setQueryTimeout((int) PATIENCE.toSeconds());
        this.version = migrations.info().current().getVersion().getVersion();
    }

    /** The parts that are not ready: {@code database}, {@code migrations}, {@code routes}; none when all are. */
    public List<String> missing() {
        List<String> missing = new ArrayList<>(database());
        if (!camel.isStarted()) {
            missing.add("routes");
        }
        return missing;
    }

    private List<String> database() {
        try {
            return ask().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(DATABASE);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("The database has not answered", e);
            return List.of(DATABASE);
        }
    }

    private synchronized CompletableFuture<List<String>> ask() {
        if (asked.isDone() && System.nanoTime() - askedAt >= FRESH.toNanos()) {
            askedAt = System.nanoTime();
            asked = CompletableFuture.supplyAsync(this::look, probe);
        }
        return asked;
    }

    private List<String> look() {
        try {
            sql.queryForObject("select 1", Integer.class);
            boolean migrated = Boolean.TRUE.equals(sql.queryForObject("""
                    select to_regclass('syncline.schema_history') is not null and exists (
                        select from syncline.schema_history where success and version = ?)""", Boolean.class, version));
            return migrated ? List.of() : List.of("migrations");
        } catch (DataAccessException e) {
            LOG.debug("The database does not answer", e);
            return List.of(DATABASE);
        }
    }

    @Override
    public void destroy() {
        probe.shutdownNow();
    }
}
