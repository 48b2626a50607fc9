package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.sandbox.Call;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;

/** The price book as it ships, but with pages of ten and little patience, kept in step with a small sandbox. */
final class Pricebook implements AutoCloseable {
    static final Instant MORNING = Instant.parse("2026-03-01T08:00:00Z");
    private static final String LIMITS = "attempts: 2, firstWait: 10ms, longestWait: 50ms";
    private static final long SECOND = 1_000_000_000;

    final ServiceTitanSandbox sandbox;
    final RunningSyncline syncline;
    final String database;
    private final Path config;

    private Pricebook(ServiceTitanSandbox sandbox, Path config, String database, Map<String, String> more) {
        this.sandbox = sandbox;
        this.config = config;
        this.database = database;
        Map<String, String> settings = new TreeMap<>(Map.of(
                "SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(), "SERVICETITAN_PRIVATE_NETWORK", "true",
                "SERVICETITAN_TENANT", sandbox.options().tenant(), "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(),
                "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(), "SERVICETITAN_APP_KEY", sandbox.options().appKey()));
        settings.putAll(more);
        this.syncline = RunningSyncline.start(config, database, settings);
    }

    /** @param folder an empty folder for the configuration */
    static Pricebook open(Path folder) {
        return open(folder, system -> system);
    }

    static Pricebook open(Path folder, Map<String, String> settings) {
        return open(folder, system -> system, settings);
    }

    /** @param change what is different in the system's file */
    static Pricebook open(Path folder, UnaryOperator<String> change) {
        return open(folder, change, Map.of());
    }

    /**
     * @param limits   how patient it is
     * @param settings beside its own
     */
    static Pricebook open(Path folder, String limits, Map<String, String> settings) {
        return open(folder, system -> system.replace(LIMITS, limits), settings);
    }

    private static Pricebook open(Path folder, UnaryOperator<String> change, Map<String, String> settings) {
        ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(60));
        sandbox.clock().set(MORNING);
        return new Pricebook(sandbox, configuration(folder, change), TestPostgres.url(), settings);
    }

    /** Another process of the product on the same database and sandbox. */
    Pricebook another(Map<String, String> settings) {
        return new Pricebook(sandbox, config, database, settings);
    }

    private static Path configuration(Path folder, UnaryOperator<String> change) {
        try {
            Files.createDirectories(folder.resolve("systems"));
            Files.createDirectories(folder.resolve("syncs"));
            String system = Files.readString(Path.of("config/systems/servicetitan.yaml"));
            Files.writeString(folder.resolve("systems/servicetitan.yaml"), change.apply(system.replace("size: 500", "size: 10")
                    .replace("  paging:\n", "  limits: {" + LIMITS + "}\n  paging:\n")));
            // No schedule of the sync's own, so that no run begins by the clock on the wall.
            Files.writeString(folder.resolve("syncs/pricebook.yaml"), Files.readString(Path.of("config/syncs/pricebook.yaml"))
                    .replaceFirst("(?m)^schedules:\\n(  .*\\n)+", ""));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode full() {
        return checked(syncline.full("pricebook"));
    }

    JsonNode incremental() {
        return checked(syncline.incremental("pricebook"));
    }

    JsonNode incrementalSince(Instant since) {
        return run(Mode.INCREMENTAL, false, since, null, null);
    }

    JsonNode dry(Mode mode) {
        return run(mode, true, null, null, null);
    }

    JsonNode single(String entity, long id) {
        return run(Mode.SINGLE, false, null, entity, Long.toString(id));
    }

    JsonNode run(Mode mode, boolean dryRun, Instant since, String entity, String key) {
        return checked(syncline.run(new RunRequest("pricebook", "default", mode, dryRun, since, entity, key, "test", "test")));
    }

    /** Promise 3, of every report there is: each entity counts exactly what came, also one that failed or was left out. */
    static JsonNode checked(JsonNode report) {
        for (JsonNode entity : report.path("entities")) {
            assertThat(entity.has("notPublished")).as(report.toPrettyString()).isTrue();
            int sum = counts(entity).values().stream().mapToInt(Integer::intValue).sum();
            assertThat(sum + entity.path("notPublished").asInt()).as(report.toPrettyString())
                    .isEqualTo(entity.path("delivered").asInt() + entity.path("absent").asInt() + entity.path("returned")
                    .asInt());
        }
        assertThat(report.has("finishedAt")).as(report.toPrettyString()).isTrue();
        assertThat(report.toString()).doesNotContain("sandbox-secret", "sandbox-app-key", "Exception", "\\tat ", "io.syncline", "org.apache");
        return report;
    }

    static Map<String, Integer> counts(JsonNode report, String entity) {
        return counts(RunningSyncline.entity(report, entity));
    }

    private static Map<String, Integer> counts(JsonNode entity) {
        Map<String, Integer> counts = new TreeMap<>();
        entity.path("counts").fields().forEachRemaining(count -> counts.put(count.getKey(), count.getValue().asInt()));
        return counts;
    }

    static List<String> reasons(JsonNode report, String entity) {
        List<String> reasons = new ArrayList<>();
        RunningSyncline.entity(report, entity).path("reasons").forEach(reason -> reasons.add(reason.asText()));
        return reasons;
    }

    static String state(JsonNode report) {
        return report.path("state").asText();
    }

    static String state(JsonNode report, String entity) {
        return RunningSyncline.entity(report, entity).path("state").asText();
    }

    JdbcClient sql() {
        return syncline.sql();
    }

    <T> T one(String query, Class<T> type, Object... parameters) {
        return sql().sql(query).params(parameters).query(type).single();
    }

    long count(String from, Object... parameters) {
        return one("select count(*) from " + from, Long.class, parameters);
    }

    /** One row, as PostgreSQL writes it. */
    String row(String entity, long id) {
        return one("select t::text from pricebook." + entity + " t where st_id = ?", String.class, Long.toString(id));
    }

    /** The named columns of one row, as text; a null is empty. */
    String columns(String entity, long id, String columns) {
        return one("select concat_ws('|', " + columns + ") from pricebook." + entity + " where st_id = ?", String.class, Long.toString(id));
    }

    Instant mark(String entity) {
        return sql().sql("select mark from syncline.watermark where sync = 'pricebook' and entity = ?").param(entity).query(OffsetDateTime.class).single()
                .toInstant();
    }

    /** What a publish could have touched: every row's version, and how many rows each engine table has. */
    List<String> everythingStored() {
        List<String> stored = new ArrayList<>();
        for (String table : List.of("pricebook.categories", "pricebook.services", "pricebook.materials", "pricebook.equipment", "pricebook.categories_history",
                "pricebook.services_history", "pricebook.materials_history", "pricebook.equipment_history", "syncline.attention", "syncline.conflict",
                "syncline.local_edit", "syncline.watermark")) {
            stored.addAll(sql().sql("select '" + table + " ' || ctid::text || ' ' || xmin::text from " + table).query(String.class).list());
        }
        return stored;
    }

    /** Of all runs but those whose plans are kept. */
    long stagedRows() {
        String nobodys = " where run_id not in (select run_id from syncline.plan where ended_at is null)";
        long rows = count("syncline_staging.page" + nobodys);
        for (String table : sql().sql("select table_schema || '.' || table_name from information_schema.columns where table_schema = 'syncline_staging'"
                + " and column_name = 'run_id' and table_name not in ('page', 'overtaken')")
                .query(String.class).list()) {
            rows += count(table.replace(".", ".\"") + "\"" + nobodys);
        }
        return rows;
    }

    List<String> asked(String path) {
        return sandbox.journal().stream().filter(call -> call.path().endsWith(path)).map(Call::query).toList();
    }

    long anyOf(io.syncline.sandbox.Entity entity) {
        return sandbox.snapshot(entity).values().stream().filter(record -> record.path("active").asBoolean()).findFirst().orElseThrow().path("id").asLong();
    }

    /** Waits until it is so; fails after two minutes. */
    static void until(BooleanSupplier isSo) {
        long end = System.nanoTime() + 120 * SECOND;
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
            LockSupport.parkNanos(SECOND / 100);
        }
    }

    /** Closes this process of the product only. */
    void stop() {
        syncline.close();
    }

    @Override
    public void close() {
        syncline.close();
        sandbox.close();
    }
}
