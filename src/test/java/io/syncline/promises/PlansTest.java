package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.preview.AlreadyApplied;
import io.syncline.preview.InvalidSelection;
import io.syncline.preview.Plan;
import io.syncline.preview.PlanIsInUse;
import io.syncline.preview.PlanRow;
import io.syncline.preview.Plans;
import io.syncline.run.AnotherRunIsActive;
import io.syncline.run.Mode;
import io.syncline.run.PlanGone;
import io.syncline.run.RunRequest;
import io.syncline.run.Runs;
import io.syncline.run.Ticket;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.KeptWaiting;
import io.syncline.store.Selection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.state;
import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Promise 16: a preview is what applying it does; what has moved since is set aside and named. */
class PlansTest {
    private static final Selection ALL = null;

    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static int next;

    private long category;
    private long changed;
    private long gone;
    private long fresh;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
        book.full();
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    /** A new category with a new material in it, a material that is changed, another that is gone. */
    @BeforeEach
    void thereIsNews() {
        book.sandbox.reset();
        book.sandbox.clock().set(Pricebook.MORNING.plus(Duration.ofDays(++next)));
        changed = 800_000 + next;
        gone = 810_000 + next;
        fresh = 820_000 + next;
        category = 90_000 + next;
        book.sandbox.put(Entity.MATERIALS, changed, "{\"code\": \"CHANGED\", \"displayName\": \"Pump\", \"cost\": 10, \"price\": 20}");
        book.sandbox.put(Entity.MATERIALS, gone, "{\"code\": \"GONE\"}");
        assertThat(state(book.full())).isEqualTo("published");
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.CATEGORIES, category, "{\"name\": \"Pumps\"}");
        book.sandbox.put(Entity.MATERIALS, fresh, "{\"code\": \"FRESH\", \"categories\": [" + category + "]}");
        book.sandbox.put(Entity.MATERIALS, changed, "{\"price\": 21.50}");
        book.sandbox.remove(Entity.MATERIALS, gone);
    }

    @AfterEach
    void theChainHolds() {
        assertThat(book.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list()).isEmpty();
        book.sandbox.clearFaults();
    }

    private static Plans plans() {
        return book.syncline.bean(Plans.class);
    }

    private static long plan(Mode mode) {
        return book.dry(mode).path("run").asLong();
    }

    private static RunRequest application(long plan, Selection selection) {
        return plans().application("default", plan, selection, "api", "test").orElseThrow();
    }

    private static JsonNode apply(long plan, Selection selection) {
        return Pricebook.checked(book.syncline.run(application(plan, selection)));
    }

    private static Selection rows(Selection.Row... rows) {
        return new Selection(null, null, List.of(rows), null);
    }

    private static Selection.Row material(long id) {
        return new Selection.Row("materials", Long.toString(id));
    }

    private static List<PlanRow> rows(long plan, Plans.Filter filter, int limit) {
        List<PlanRow> rows = new ArrayList<>();
        Plans.Position from = null;
        do {
            Plans.Page page = plans().rows("default", plan, filter, from, limit).orElseThrow();
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(limit);
            rows.addAll(page.rows());
            from = page.next();
        } while (from != null);
        return rows;
    }

    private static List<PlanRow> rows(long plan) {
        return rows(plan, new Plans.Filter(null, null, null, null), 1000);
    }

    private static PlanRow row(long plan, long key) {
        return rows(plan).stream().filter(row -> Long.toString(key).equals(row.key())).findFirst().orElseThrow();
    }

    /** What applying has set aside of the materials: key and reason. */
    private static List<String> setAside(JsonNode report, String entity) {
        List<String> named = new ArrayList<>();
        RunningSyncline.entity(report, entity).path("setAside").forEach(one -> named.add(one.path("key").asText() + ": " + one.path("reason").asText()));
        return named;
    }

    private void edit(long id, String assignments) {
        assertThat(book.sql().sql("update pricebook.materials set " + assignments + " where st_id = ?").param(Long.toString(id)).update()).isOne();
    }

    @Test
    void aDryRunKeepsItsPlanRowByRow() {
        List<String> before = book.everythingStored();
        long id = plan(Mode.FULL);
        Plan plan = plans().find("default", id).orElseThrow();
        assertThat(plan.voidWhy()).isNull();
        assertThat(plan.entities()).containsEntry("categories", Map.of("create", 1L))
                .containsEntry("materials", Map.of("create", 1L, "update", 1L, "delete", 1L))
                .containsEntry("services", Map.of());
        assertThat(Duration.between(plan.madeAt(), plan.expiresAt())).isEqualTo(Duration.ofHours(1));
        assertThat(row(id, changed).fields().toString()).isEqualTo("[{field=\"price\", before=20, after=21.5}]");
        assertThat(row(id, fresh).fields().toString()).contains("{field=\"code\", after=\"FRESH\"}").doesNotContain("before=");
        assertThat(row(id, gone).fields().toString()).contains("{field=\"code\", before=\"GONE\"}").doesNotContain("after=");
        assertThat(rows(id)).extracting(PlanRow::moved).containsOnlyNulls();
        assertThat(rows(id, new Plans.Filter(null, null, null, null), 1)).isEqualTo(rows(id));
        assertThat(rows(id, new Plans.Filter(List.of("materials"), List.of("update", "delete"), null, false), 1)).extracting(PlanRow::key)
                .containsExactlyInAnyOrder(Long.toString(changed), Long.toString(gone));
        assertThat(rows(id, new Plans.Filter(null, null, Long.toString(fresh).substring(1), null), 10)).extracting(PlanRow::key)
                .containsExactly(Long.toString(fresh));
        assertThat(rows(id, new Plans.Filter(null, null, null, true), 10)).isEmpty();
        assertThat(book.everythingStored()).isEqualTo(before);
    }

    @Test
    void applyingAtOnceDoesWhatWasShownAndMovesNoMark() {
        Instant mark = book.mark("materials");
        long snapshots = book.count("syncline.snapshot");
        long id = plan(Mode.FULL);
        JsonNode report = apply(id, ALL);
        assertThat(state(report)).as(report.toPrettyString()).isEqualTo("published");
        assertThat(report.path("applies").asLong()).isEqualTo(id);
        assertThat(counts(report, "materials")).isEqualTo(Map.of("create", 1, "update", 1, "delete", 1));
        assertThat(counts(report, "categories")).isEqualTo(Map.of("create", 1));
        assertThat(book.count("syncline.snapshot")).isEqualTo(snapshots + 1);
        assertThat(book.columns("materials", changed, "price, sync_status")).isEqualTo("21.5|synced");
        assertThat(book.columns("materials", gone, "deleted_by_side")).isEqualTo("st");
        assertThat(book.columns("materials", fresh, "category_id_row is not null")).isEqualTo("t");
        assertThat(book.mark("materials")).isEqualTo(mark);
        JsonNode after = book.full();
        assertThat(counts(after, "materials").keySet()).as("a full run finds nothing left").containsOnly("unchanged");
        assertThat(counts(after, "categories").keySet()).containsOnly("unchanged");
        AlreadyApplied applied = catchThrowableOfType(AlreadyApplied.class, () -> application(id, ALL));
        assertThat(applied.run()).isEqualTo(report.path("run").asLong());
        assertThat(rows(id)).extracting(PlanRow::moved).allSatisfy(why -> assertThat(why).isNotNull());
        assertThat(row(id, changed).moved()).isEqualTo("run " + applied.run() + " has applied it");
        assertThat(row(id, changed).fields().toString()).as("what was, as it was judged").isEqualTo("[{field=\"price\", before=20, after=21.5}]");
    }

    @Test
    void whatIsLeftOutStaysAsItWasAndCanBeAppliedLater() {
        long id = plan(Mode.FULL);
        String before = book.row("materials", gone);
        JsonNode first = apply(id, rows(material(changed)));
        assertThat(counts(first, "materials")).isEqualTo(Map.of("update", 1));
        assertThat(counts(first, "categories")).isEmpty();
        assertThat(book.row("materials", gone)).isEqualTo(before);
        assertThat(book.count("pricebook.materials where st_id = ?", Long.toString(fresh))).isZero();
        assertThat(counts(apply(id, rows(material(changed))), "materials")).as("a second time").isEqualTo(Map.of("moved", 1));
        JsonNode rest = apply(id, new Selection(null, null, null, List.of(material(gone))));
        assertThat(counts(rest, "materials")).isEqualTo(Map.of("create", 1, "moved", 1));
        assertThat(counts(rest, "categories")).isEqualTo(Map.of("create", 1));
        assertThat(book.row("materials", gone)).isEqualTo(before);
        assertThat(counts(apply(id, new Selection(List.of("materials"), List.of("delete"), null, null)), "materials")).isEqualTo(Map.of("delete", 1));
        assertThat(counts(book.full(), "materials").keySet()).containsOnly("unchanged");
    }

    @Test
    void aChildWhoseParentIsNotChosenIsSetAside() {
        long id = plan(Mode.FULL);
        JsonNode report = apply(id, new Selection(List.of("materials"), null, null, null));
        assertThat(counts(report, "materials")).isEqualTo(Map.of("moved", 1, "update", 1, "delete", 1));
        assertThat(setAside(report, "materials")).containsExactly(fresh + ": needs categories " + category
                + ", which is not there and is not applied with it (category_id)");
        assertThat(book.count("pricebook.materials where st_id = ?", Long.toString(fresh))).isZero();
        assertThat(book.count("syncline.attention where key = ?", Long.toString(fresh))).isZero();
    }

    @Test
    void exactlyTheRowsThatMovedAreSetAsideEachWithItsReason() {
        long deletedHere = 830_000 + next;
        long shown = 831_000 + next;
        long takenBack = 832_000 + next;
        long came = 833_000 + next;
        long calm = 834_000 + next;
        for (long material : List.of(deletedHere, shown, takenBack, calm)) {
            book.sandbox.put(Entity.MATERIALS, material, "{\"code\": \"M\", \"price\": 1}");
        }
        book.full();
        for (long material : List.of(deletedHere, shown, takenBack, calm, came)) {
            book.sandbox.put(Entity.MATERIALS, material, "{\"code\": \"M\", \"price\": 2}");
        }
        book.sandbox.put(Entity.MATERIALS, changed, "{\"price\": 22}");
        long id = plan(Mode.FULL);
        edit(changed, "price = 30");
        book.sql().sql("delete from pricebook.materials where st_id = ?").param(Long.toString(deletedHere)).update();
        book.sandbox.put(Entity.MATERIALS, shown, "{\"price\": 3}");
        book.sandbox.put(Entity.MATERIALS, takenBack, "{\"price\": 1}");
        book.single("materials", shown);
        book.single("materials", takenBack);
        book.single("materials", came);
        Map<Long, String> why = Map.of(changed, "edited here since", deletedHere, "deleted here since", shown, "has written it since", takenBack, "since",
                came, "since");
        assertThat(rows(id, new Plans.Filter(null, null, null, true), 2)).hasSameSizeAs(why.keySet());
        why.forEach((material, reason) -> assertThat(row(id, material).moved()).as(Long.toString(material)).contains(reason));
        assertThat(row(id, changed).fields().toString()).as("against what it was judged").isEqualTo("[{field=\"price\", before=21.5, after=22}]");
        JsonNode report = apply(id, ALL);
        assertThat(counts(report, "materials")).isEqualTo(Map.of("moved", 5, "update", 1));
        assertThat(setAside(report, "materials")).hasSize(5).anySatisfy(named -> assertThat(named).startsWith(changed + ": edited here since, by "));
        assertThat(book.columns("materials", changed, "price, sync_status")).isEqualTo("30|pending_push");
        assertThat(book.columns("materials", takenBack, "price")).isEqualTo("1");
        assertThat(book.count("syncline.conflict where key = ? and state = 'open'", Long.toString(changed))).as("it is not judged again").isZero();
    }

    /** A showing that is as it was agreed leaves no trace in the row, and yet the plan is older (promise 9). */
    @Test
    void whatAnotherRunHasSeenSinceAsItIsHereIsSetAside() {
        long category = this.category + 1000;
        book.sandbox.put(Entity.CATEGORIES, category, "{\"name\": \"Before\"}");
        long vanishing = category + 1000;
        book.full();
        book.sandbox.put(Entity.CATEGORIES, category, "{\"name\": \"After\"}");
        book.sandbox.put(Entity.CATEGORIES, vanishing, "{\"name\": \"Vanishing\"}");
        long id = plan(Mode.FULL);
        book.sandbox.put(Entity.CATEGORIES, category, "{\"name\": \"Before\"}");
        book.sandbox.remove(Entity.CATEGORIES, vanishing);
        String before = book.row("categories", category);
        book.full();
        assertThat(book.row("categories", category)).isEqualTo(before);
        assertThat(row(id, category).moved()).isEqualTo("another run has seen it at the source since, as it is here");
        assertThat(row(id, vanishing).moved()).isEqualTo("a run was published since that was not shown it");
        JsonNode report = apply(id, ALL);
        assertThat(counts(report, "categories")).isEqualTo(Map.of("moved", 2));
        assertThat(book.row("categories", category)).isEqualTo(before);
        assertThat(book.count("pricebook.categories where st_id = ?", Long.toString(vanishing))).isZero();
    }

    @Test
    void conflictsOfAPlanAreOpenedAndShowAllThreeVersions() {
        edit(changed, "price = 30");
        long id = plan(Mode.FULL);
        assertThat(row(id, changed).outcome()).isEqualTo("conflict");
        assertThat(row(id, changed).fields().toString()).isEqualTo("[{field=\"price\", base=20, theirs=21.5, ours=30}]");
        JsonNode report = apply(id, rows(material(changed)));
        assertThat(counts(report, "materials")).isEqualTo(Map.of("conflict", 1));
        assertThat(book.columns("materials", changed, "price, sync_status")).isEqualTo("30|conflict");
        assertThat(book.one("select fields::text from syncline.conflict where key = ? and state = 'open'", String.class, Long.toString(changed)))
                .isEqualTo("{price}");
        assertThat(counts(apply(id, rows(material(changed))), "materials")).isEqualTo(Map.of("moved", 1));
    }

    @Test
    void whatIsHeldIsShownAsHeldAndIsOnlyDeletedByApproval() {
        long live = book.count("pricebook.services_live");
        List<Long> services = book.sandbox.snapshot(Entity.SERVICES).values().stream().filter(service -> service.path("active").asBoolean())
                .map(service -> service.path("id").asLong()).limit(15).toList();
        services.forEach(service -> book.sandbox.remove(Entity.SERVICES, service));
        long id = plan(Mode.FULL);
        assertThat(plans().find("default", id).orElseThrow().entities().get("services")).isEqualTo(Map.of("held", 15L));
        assertThat(book.count("syncline.attention where kind = 'held' and state = 'open'")).isZero();
        JsonNode report = apply(id, ALL);
        assertThat(counts(report, "services")).isEqualTo(Map.of("held", 15));
        assertThat(book.count("pricebook.services_live")).isEqualTo(live);
        long run = report.path("run").asLong();
        assertThat(book.count("syncline.attention where kind = 'held' and state = 'open' and run_id = ?", run)).isEqualTo(15);
        assertThat(book.syncline.call("POST", "/api/v1/runs/" + run + "/held/services/approve", null).statusCode()).isEqualTo(200);
        assertThat(book.count("pricebook.services_live")).isEqualTo(live - 15);
    }

    @Test
    void recordsThatDoNotFitWaitForAttentionAsAfterAnOrdinaryRun() {
        long unfit = 840_000 + next;
        book.sandbox.put(Entity.MATERIALS, unfit, "{\"code\": null}");
        long orphan = 841_000 + next;
        book.sandbox.put(Entity.MATERIALS, orphan, "{\"code\": \"ORPHAN\", \"categories\": [" + (category + 5000) + "]}");
        long id = plan(Mode.FULL);
        assertThat(book.count("syncline.attention where key in (?, ?)", Long.toString(unfit), Long.toString(orphan))).isZero();
        JsonNode report = apply(id, rows(material(unfit), material(orphan)));
        assertThat(counts(report, "materials")).isEqualTo(Map.of("rejected", 1, "parked", 1));
        assertThat(book.count("syncline.attention where key in (?, ?) and state = 'open'", Long.toString(unfit), Long.toString(orphan))).isEqualTo(2);
        assertThat(counts(apply(id, rows(material(unfit), material(orphan))), "materials")).isEqualTo(Map.of("moved", 2));
        book.sandbox.remove(Entity.MATERIALS, unfit);
        book.sandbox.remove(Entity.MATERIALS, orphan);
        book.full();
    }

    @Test
    void aSelectionThatNamesWhatIsNotThereIsRefusedWithAllMistakes() {
        long id = plan(Mode.FULL);
        InvalidSelection refused = catchThrowableOfType(InvalidSelection.class, () -> application(id, new Selection(List.of("metarials"), List.of("created"),
                List.of(material(changed), material(1), new Selection.Row("x", "1")), List.of())));
        assertThat(refused.mistakes()).extracting(InvalidSelection.Mistake::pointer)
                .containsExactly("/selection/entities/0", "/selection/outcomes/0", "/selection/rows/1",
                "/selection/rows/2", "/selection/except");
        assertThat(refused).hasMessageContaining("Write one of categories, services, materials, equipment").hasMessageContaining("has no row for materials 1");
        assertThatThrownBy(() -> application(id, new Selection(null, null, null, null))).isInstanceOf(InvalidSelection.class).hasMessageContaining("is empty");
        assertThatThrownBy(() -> application(id, new Selection(List.of("services"), null, null, null))).isInstanceOf(InvalidSelection.class)
                .hasMessageContaining("no row");
        assertThat(plans().application("another", id, ALL, "api", "test")).isEmpty();
        assertThat(plans().find("another", id)).isEmpty();
        assertThat(plans().rows("another", id, new Plans.Filter(null, null, null, null), null, 10)).isEmpty();
        assertThat(plans().drop("another", id, "test")).isFalse();
    }

    @Test
    void threePlansAreKeptAndOneThatIsDroppedOrOverIsGone() {
        long first = plan(Mode.FULL);
        long second = plan(Mode.FULL);
        assertThat(plans().find("default", first).orElseThrow().replacedBy()).isEqualTo(second);
        long third = plan(Mode.INCREMENTAL);
        long fourth = plan(Mode.FULL);
        assertThat(plans().list("default", "pricebook", null, 10)).extracting(Plan::id).containsExactly(fourth, third, second);
        assertThat(plans().list("default", null, fourth, 1)).extracting(Plan::id).containsExactly(third);
        assertThat(plans().list("another", null, null, 10)).isEmpty();
        assertThatThrownBy(() -> plans().find("default", first)).isInstanceOf(PlanGone.class).hasMessageContaining("newer plans have taken its place");
        assertThat(plans().drop("default", third, "test")).isTrue();
        assertThatThrownBy(() -> application(third, ALL)).isInstanceOf(PlanGone.class).hasMessageContaining("dropped");
        book.sql().sql("update syncline.plan set kept_at = kept_at - interval '2 hours', expires_at = expires_at - interval '2 hours' where run_id = ?")
                .param(second).update();
        assertThatThrownBy(() -> plans().find("default", second)).isInstanceOf(PlanGone.class).hasMessageContaining("its time is over");
        until(() -> book.count("syncline_staging.page where run_id in (?, ?, ?)", first, second, third) == 0);
        assertThat(plans().find("default", fourth)).isPresent();
    }

    @Test
    void aPlanThatPostgresLostIsVoidAndSaysSo() {
        long id = plan(Mode.FULL);
        book.sql().sql("update syncline_staging.epoch set id = gen_random_uuid()").update();
        assertThat(plans().find("default", id).orElseThrow().voidWhy()).contains("PostgreSQL crashed");
        assertThatThrownBy(() -> rows(id)).isInstanceOf(PlanGone.class);
        assertThatThrownBy(() -> application(id, ALL)).isInstanceOf(PlanGone.class).hasMessageContaining("Ask for a new preview");
        long other = plan(Mode.FULL);
        book.sql().sql("delete from syncline_staging.page where run_id = ? and entity = 'materials'").param(other).update();
        assertThat(plans().find("default", other).orElseThrow().voidWhy()).contains("were changed since");
        JsonNode report = book.syncline.run(new RunRequest("pricebook", "default", Mode.APPLY, false, null, null, null, false, null,
                new RunRequest.Application(other, null), null, "api", "test"));
        assertThat(state(report)).isEqualTo("failed");
        assertThat(report.path("failure").asText()).contains("Nothing was applied");
    }

    @Test
    void anEntityThatCouldNotBeReadIsNoPartOfThePlan() {
        book.sandbox.fault("/equipment call=1 -> null-data");
        JsonNode dry = book.dry(Mode.FULL);
        assertThat(state(dry)).isEqualTo("partial");
        Plan plan = plans().find("default", dry.path("run").asLong()).orElseThrow();
        assertThat(plan.entities()).doesNotContainKey("equipment").containsKey("materials");
        assertThat(plan.leftOut()).singleElement().satisfies(out -> assertThat(out.entity()).isEqualTo("equipment"));
        assertThat(state(apply(plan.id(), ALL))).isEqualTo("published");
    }

    @Test
    void aDryRunThatFailsOrIsCancelledKeepsNothing() {
        book.sandbox.fault("/categories -> status 500\n/services -> status 500\n/materials -> status 500\n/equipment -> status 500");
        JsonNode failed = book.dry(Mode.FULL);
        assertThat(state(failed)).isEqualTo("failed");
        assertThat(plans().find("default", failed.path("run").asLong())).isEmpty();
        book.sandbox.clearFaults();
        KeptWaiting reader = new KeptWaiting();
        book.sandbox.fault(FaultRule.on("/materials", reader.fault()).page(2));
        Runs runs = book.syncline.bean(Runs.class);
        long run = runs.request(new RunRequest("pricebook", "default", Mode.FULL, true, null, null, null, "test", "test")).run();
        until(() -> book.count("syncline.run_page where run_id = ? and entity = 'materials'", run) == 1);
        assertThat(runs.cancel("default", run, "test")).isTrue();
        reader.letGo();
        assertThat(runs.awaitEnd(run, Duration.ofMinutes(2))).isTrue();
        assertThat(plans().find("default", run)).isEmpty();
        until(() -> book.count("syncline_staging.page where run_id = ?", run) == 0);
    }

    /** Promise 22, and while a plan is being applied it is neither dropped nor taken from under the run. */
    @Test
    void applyingTakesTheLeaseAndAnEqualRequestJoins() throws Exception {
        long id = plan(Mode.FULL);
        Runs runs = book.syncline.bean(Runs.class);
        try (Connection lock = DriverManager.getConnection(book.database)) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("select from syncline.turn where sync = 'pricebook' and organisation = 'default' for update");
            Ticket ticket = runs.request(application(id, rows(material(changed))));
            until(() -> book.count("syncline.run where id = ? and state = 'publishing'", ticket.run()) == 1);
            assertThat(runs.request(application(id, rows(material(changed))))).isEqualTo(new Ticket(ticket.run(), true));
            assertThatThrownBy(() -> runs.request(application(id, ALL))).isInstanceOf(AnotherRunIsActive.class)
                    .hasMessageContaining("Run " + ticket.run() + " (apply)");
            assertThatThrownBy(() -> runs.request(RunningSyncline.request("pricebook", Mode.FULL))).isInstanceOf(AnotherRunIsActive.class);
            assertThatThrownBy(() -> plans().drop("default", id, "test")).isInstanceOf(PlanIsInUse.class);
            plan(Mode.INCREMENTAL);
            plan(Mode.INCREMENTAL);
            plan(Mode.INCREMENTAL);
            lock.rollback();
            assertThat(runs.awaitEnd(ticket.run(), Duration.ofMinutes(2))).isTrue();
        }
        assertThat(book.columns("materials", changed, "price")).isEqualTo("21.5");
        assertThat(plans().find("default", id)).isPresent();
    }
}
