package io.syncline.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.syncline.TestPostgres;
import io.syncline.record.Observed;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** What a run has seen at the source, page by page. */
@ExtendWith(Store.Closing.class)
class SeenRowsTest {
    /** Promise 6: what was seen before a new version began is not absent after it. */
    @Test
    void aRunUnderWayKeepsWhatItHasSeenWhenTheNextVersionGoesOnWithIt() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestPostgres.emptyUrl());
        try (HikariDataSource before = new HikariDataSource(config)) {
            JdbcTemplate jdbc = new JdbcTemplate(before);
            Flyway.configure().dataSource(before).defaultSchema("syncline").table("schema_history").target("29").load().migrate();
            long full = run(jdbc, "full");
            long verify = run(jdbc, "verify");
            for (long run : new long[] {full, verify}) {
                jdbc.update("insert into syncline_staging.page values (?, 'items', 1), (?, 'items', 2), (?, 'items', 3), (?, 'others', 1)", run, run, run, run);
                jdbc.update("insert into syncline_staging.seen values (?, 1, 11, 'items'), (?, 1, 12, 'items'), (?, 3, 13, 'items'), (?, 1, 11, 'others')", run,
                        run, run, run);
            }
            Flyway.configure().dataSource(before).defaultSchema("syncline").table("schema_history").load().migrate();
            List<String> seen = List.of("items 1 {11,12}", "items 2 {}", "items 3 {13}", "others 1 {11}");
            String query = "select entity || ' ' || number || ' ' || seen::text from syncline_staging.page where run_id = ? order by entity, number";
            assertThat(jdbc.queryForList(query, String.class, full)).isEqualTo(seen);
            assertThat(jdbc.queryForList(query, String.class, verify)).isEqualTo(seen);
            assertThat(jdbc.queryForList("select run_id || ' ' || entity || ' ' || row_id from syncline_staging.compared order by page, entity, row_id",
                    String.class)).isEqualTo(Stream.of("items 11", "items 12", "others 11", "items 13").map(row -> verify + " " + row).toList());
        }
    }

    private static long run(JdbcTemplate jdbc, String mode) {
        return jdbc.queryForObject("""
                insert into syncline.run (sync, organisation, mode, trigger, requested_by, state, started_at)
                values ('pricebook', 'default', ?, 'test', 'test', 'running', clock_timestamp()) returning id""", Long.class, mode);
    }

    /** Promise 6: of a page that was staged again only the later showing counts. */
    @Test
    void whatNoPageHasSeenIsAbsent() {
        Store store = new Store(Store.pricebook());
        store.run("items", "{id: 1}", "{id: 2}", "{id: 3}", "{id: 4}");
        long run = store.open();
        stage(store, run, 1, 1, 2);
        stage(store, run, 2, 3);
        stage(store, run, 1, 4);
        assertThat(store.absences.next(run, store.sync, store.entity("items"), "default", null, 9)).extracting(Absences.Absent::key).containsExactly("1", "2");
        stage(store, run, 1, 1, 4);
        assertThat(store.absences.shown(run, store.sync, store.entity("items"))).isEqualTo(3);
        store.staging.forget(run, store.sync, store.entity("items"), 2);
        assertThat(store.absences.next(run, store.sync, store.entity("items"), "default", null, 9)).extracting(Absences.Absent::key).containsExactly("2", "3");
    }

    private static void stage(Store store, long run, int page, int... keys) {
        long[] rows = store.jdbc.queryForList("select row_id from pricebook.items where st_id = any(string_to_array(?, ','))", Long.class,
                String.join(",", Arrays.stream(keys).mapToObj(Integer::toString).toList())).stream().mapToLong(Long::longValue).toArray();
        store.staging.stage(new StagedPage(run, store.sync, store.entity("items"), "default", page, List.of(), rows), () -> { });
    }

    /** What waits for its parent and was seen as it was agreed does not return, and what comes behind it does, however many of these there are. */
    @Test
    void whatReturnsIsLookedForBeyondWhatWasSeen() {
        Store store = new Store(Store.pricebook());
        store.run("items", "{id: 1}", "{id: 2}", "{id: 3}");
        long waits = store.open();
        store.stage(waits, "items", "{id: 1, category: 'c'}", "{id: 2, category: 'c'}", "{id: 3, category: 'c'}", "{id: 4, category: 'c'}");
        store.parking.park(waits, store.sync, "default", store.sync.entities());
        store.publish(waits);
        store.run("categories", "{id: 'c'}");
        assertThat(store.count("syncline.attention where kind = 'parked' and state = 'open'")).isEqualTo(4);
        long run = store.open();
        stage(store, run, 1, 1, 2);
        assertThat(store.parking.returning(run, store.sync, store.entity("items"), "default", null, 2)).extracting(Observed::key).containsExactly("3", "4");
        assertThat(store.parking.returning(run, store.sync, store.entity("items"), "default", "3", 2)).extracting(Observed::key).containsExactly("4");
    }

    /** Before tables were analysed, and with a plan that was made for any run, PostgreSQL's planner takes many for few. */
    @ParameterizedTest
    @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
    void whatWasSeenIsPassedOnceHoweverLittleIsKnownOfIt(String mode) {
        Store store = new Store(Store.pricebook());
        store.jdbc.execute("set session_replication_role = replica;"
                + " insert into pricebook.items (name, document, hash, st_id, st_hash, sync_status, st_synced_at)"
                + " select 'n', '{}', '', n::text, '', 'synced', now() from generate_series(1, 5000) n; set session_replication_role = origin");
        long kept = store.open();
        plan(store, kept, 5000);
        long run = store.open();
        plan(store, run, 90);
        store.jdbc.update("insert into syncline_staging.page (run_id, entity, number, seen) select ?, 'items', row_id / 500, array_agg(row_id)"
                + " from pricebook.items group by row_id / 500", run);
        store.jdbc.update("""
                insert into syncline.attention (sync, entity, organisation, kind, subject, key, row_id, run_id, reason, document, first_seen_at, last_seen_at,
                      state)
                select 'pricebook', 'items', 'default', 'parked', st_id, st_id, row_id, ?, 'x', '{}', now(), now(), 'open' from pricebook.items
                order by row_id limit 90""", run);
        PublishStatements statements = new PublishStatements(new EntityTable(store.sync, store.entity("items")));
        for (int look = 0; look < 2; look++) {
            assertThat(passes(store, mode, run, statements.closeAttention(false))).isOne();
            assertThat(passes(store, mode + "; set local enable_nestloop = off", run, statements.closeAttention(true))).isOne();
            store.staging.analyze(run, store.sync);
            assertThat(loops(store, mode, store.open(), statements.closeAttention(false), "")).as("what waits is not compared with itself")
                    .isLessThanOrEqualTo(90);
        }
    }

    private static void plan(Store store, long run, int rows) {
        store.jdbc.update("""
                insert into syncline_staging.pricebook__items (run_id, page, key, outcome, reason, row_id, writes, agrees, observed, gone)
                select ?, 0, st_id, 'update', 'x', row_id, true, true, true, false from pricebook.items order by row_id desc limit ?""", run, rows);
    }

    /** How often a statement takes apart what was seen. */
    private static int passes(Store store, String mode, long run, String statement) {
        return loops(store, mode, run, statement, "ProjectSet");
    }

    /** How often a step of the statement's plan is made at most. */
    private static int loops(Store store, String mode, long run, String statement, String step) {
        return store.transaction.execute(status -> {
            store.jdbc.execute("set local plan_cache_mode = " + mode + "; prepare looked_at (bigint) as " + statement.replace(":run", "$1")
                    .replace(":organisation", "'default'").replace(":at", "now()"));
            List<String> plan = store.jdbc.queryForList("explain (analyze) execute looked_at(" + run + ")", String.class);
            store.jdbc.execute("deallocate looked_at");
            status.setRollbackOnly();
            return plan.stream().map(Pattern.compile(step + ".*loops=(\\d+)")::matcher).filter(Matcher::find)
                    .mapToInt(found -> Integer.parseInt(found.group(1))).max().orElse(0);
        });
    }
}
