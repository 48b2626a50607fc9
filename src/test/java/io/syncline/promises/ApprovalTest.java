package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.reasons;
import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/** Promise 7 through the whole product: what is held waits for a person, whose approval reads again and is a ceiling. */
class ApprovalTest {
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static int day;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @BeforeEach
    void everythingIsThere() {
        book.sandbox.reset();
        book.sandbox.clearFaults();
        book.sandbox.clock().set(Pricebook.MORNING.plus(Duration.ofDays(++day)));
        for (Entity entity : Entity.values()) {
            book.sandbox.snapshot(entity).keySet().forEach(id -> book.sandbox.put(entity, id, "{}"));
        }
        assertThat(state(book.full())).isEqualTo("published");
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.clearJournal();
    }

    private static List<Long> active(Entity entity) {
        return book.sandbox.snapshot(entity).values().stream().filter(record -> record.path("active").asBoolean()).map(record -> record.path("id").asLong())
                .toList();
    }

    private static void remove(Entity entity, List<Long> ids) {
        ids.forEach(id -> book.sandbox.remove(entity, id));
    }

    private static boolean isDeleted(String entity, long id) {
        return book.one("select deleted_at is not null from pricebook." + entity + " where st_id = ?", Boolean.class, Long.toString(id));
    }

    private static String address(JsonNode report, String entity) {
        return "/api/v1/runs/" + report.path("run").asLong() + "/held/" + entity;
    }

    private static JsonNode approve(JsonNode report, String entity) {
        HttpResponse<String> answer = book.syncline.call("POST", address(report, entity) + "/approve", null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningSyncline.json(answer.body());
    }

    /** The acceptance of the issue, in its words. */
    @Test
    void anEmptyAnswerDeletesNothingTheRestGoesOnAndAnApprovalPublishesExactlyTheConfirmed() {
        List<Long> materials = active(Entity.MATERIALS);
        long edited = 820_000 + day;
        book.sandbox.put(Entity.MATERIALS, edited, "{\"code\": \"EDITED\"}");
        book.full();
        List<Long> gone = new ArrayList<>(materials.subList(0, materials.size() * 6 / 10));
        remove(Entity.MATERIALS, gone);
        book.sandbox.remove(Entity.MATERIALS, edited);
        long kept = materials.get(materials.size() - 1);
        book.sandbox.put(Entity.MATERIALS, kept, "{\"cost\": 77.5}");
        book.sandbox.put(Entity.MATERIALS, 810_000 + day, "{\"code\": \"NEW\"}");
        book.sandbox.fault("/services -> empty-page");
        long services = book.count("pricebook.services_live");

        JsonNode report = book.full();
        assertThat(counts(report, "materials")).as(report.toPrettyString()).containsEntry("held", gone.size() + 1).containsEntry("update", 1)
                .containsEntry("create", 1);
        assertThat(counts(report, "services")).containsOnlyKeys("held");
        assertThat(book.count("pricebook.services_live")).isEqualTo(services);
        assertThat(gone).noneMatch(id -> isDeleted("materials", id));

        long back = gone.remove(0);
        long goneSince = materials.get(materials.size() - 2);
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, back, "{\"code\": \"BACK\"}");
        book.sql().sql("update pricebook.materials set cost = 5.5 where st_id = ?").param(Long.toString(edited)).update();
        book.sandbox.clearJournal();
        JsonNode approval = approve(report, "materials");
        String at = approval.toPrettyString();
        assertThat(counts(approval, "materials")).as(at).containsEntry("delete", gone.size()).containsEntry("conflict", 1).doesNotContainKey("held");
        assertThat(approval.path("entities")).as("of this entity only").hasSize(1);
        assertThat(gone).allMatch(id -> isDeleted("materials", id));
        assertThat(isDeleted("materials", back)).isFalse();
        assertThat(isDeleted("materials", edited)).isFalse();
        assertThat(book.columns("materials", edited, "cost, has_conflict")).isEqualTo("5.5|t");
        assertThat(isDeleted("materials", goneSince)).isFalse();
        assertThat(gone).as("each was asked for").allSatisfy(id -> assertThat(book.asked("/materials/" + id)).hasSize(1));
        assertThat(reasons(approval, "materials")).as(at).contains("first-admin approved the " + (gone.size() + 2) + " deletes that run "
                + report.path("run").asLong() + " held; " + gone.size() + " of them are still due.");
        assertThat(approval.path("trigger").asText()).isEqualTo("approval");
        assertThat(book.one("select requested_by from syncline.run where approves = ?", String.class, report.path("run").asLong())).isEqualTo("first-admin");
        assertThat(book.count("syncline.attention where kind = 'held' and state = 'open' and entity = 'materials'")).isZero();
        assertThat(book.count("pricebook.services_live")).as("nobody approved these").isEqualTo(services);

        HttpResponse<String> again = book.syncline.call("POST", address(report, "materials") + "/approve", null);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(RunningSyncline.json(again.body()).path("code").asText()).isEqualTo("no-longer-held");
    }

    @Test
    void allOtherDeletesMeetTheBrakeAsAlwaysAndMakeANewSet() {
        List<Long> materials = active(Entity.MATERIALS);
        int first = materials.size() / 3;
        remove(Entity.MATERIALS, materials.subList(0, first));
        JsonNode held = book.full();
        List<Long> more = materials.subList(first, materials.size() - 2);
        remove(Entity.MATERIALS, more);
        JsonNode approval = approve(held, "materials");
        assertThat(counts(approval, "materials")).as(approval.toPrettyString()).containsEntry("delete", first).containsEntry("held", more.size());
        assertThat(reasons(approval, "materials")).anySatisfy(reason -> assertThat(reason).startsWith(more.size() + " deletes")
                .contains("more than the limit"));
        assertThat(more).noneMatch(id -> isDeleted("materials", id));
        assertThat(counts(approve(approval, "materials"), "materials")).containsEntry("delete", more.size());
    }

    @Test
    void fewDeletesBesideTheApprovedOnesPassTheBrakeBecauseThoseDoNotCount() {
        List<Long> materials = active(Entity.MATERIALS);
        int first = materials.size() / 3;
        remove(Entity.MATERIALS, materials.subList(0, first));
        JsonNode held = book.full();
        remove(Entity.MATERIALS, materials.subList(first, first + 2));
        assertThat(counts(approve(held, "materials"), "materials")).containsEntry("delete", first + 2).doesNotContainKey("held");
    }

    /** The list shows nothing, but the source still has half of them when it is asked for each. */
    @Test
    void anAnswerThatIsEmptyAgainDeletesOnlyWhatWasApprovedAndIsGone() {
        List<Long> equipment = active(Entity.EQUIPMENT);
        book.sandbox.fault("/equipment -> empty-page");
        JsonNode held = book.full();
        assertThat(counts(held, "equipment")).containsEntry("held", equipment.size());
        List<Long> gone = equipment.subList(0, equipment.size() / 2);
        remove(Entity.EQUIPMENT, gone);
        book.sql().sql("delete from syncline.attention where kind = 'held' and state = 'open' and entity = 'equipment' and key = ?")
                .param(gone.get(0).toString()).update();
        JsonNode approval = approve(held, "equipment");
        assertThat(counts(approval, "equipment")).as(approval.toPrettyString()).containsEntry("delete", gone.size() - 1).containsEntry("held", 1)
                .containsEntry("unchanged", equipment.size() - gone.size());
        assertThat(isDeleted("equipment", gone.get(0))).as("not approved").isFalse();
    }

    @Test
    void aSetThatANewerRunReplacedIsRefusedWithItsNumber() {
        List<Long> materials = active(Entity.MATERIALS);
        remove(Entity.MATERIALS, materials.subList(0, materials.size() / 2));
        JsonNode older = book.full();
        JsonNode newer = book.full();
        HttpResponse<String> answer = book.syncline.call("POST", address(older, "materials") + "/approve", null);
        assertThat(answer.statusCode()).isEqualTo(409);
        JsonNode problem = RunningSyncline.json(answer.body());
        assertThat(problem.path("code").asText()).isEqualTo("held-deletes-replaced");
        assertThat(problem.path("run").asLong()).isEqualTo(newer.path("run").asLong());
        assertThat(book.count("syncline.run where approves = ?", older.path("run").asLong())).as("a refused request leaves no run").isZero();
        assertThat(book.count("syncline.approval a join syncline.run r on r.id = a.run_id where r.approves = ?", older.path("run").asLong())).isZero();
        assertThat(counts(approve(newer, "materials"), "materials")).containsEntry("delete", materials.size() / 2);
    }

    @Test
    void whatIsHeldIsListedKeyByKey() {
        List<Long> materials = active(Entity.MATERIALS);
        List<String> gone = materials.subList(0, materials.size() / 2).stream().map(Object::toString).sorted().toList();
        remove(Entity.MATERIALS, materials.subList(0, materials.size() / 2));
        JsonNode held = book.full();
        List<String> listed = new ArrayList<>();
        String after = "";
        for (int pages = 0; after != null; pages++) {
            assertThat(pages).isLessThan(50);
            HttpResponse<String> answer = book.syncline.call("GET", address(held, "materials") + "?limit=3" + (after.isEmpty() ? "" : "&after=" + after), null);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode page = RunningSyncline.json(answer.body());
            assertThat(page.path("count").asInt()).isEqualTo(gone.size());
            assertThat(page.path("reason").asText()).contains("more than the limit");
            assertThat(page.path("keys").size()).isLessThanOrEqualTo(3);
            page.path("keys").forEach(key -> listed.add(key.asText()));
            after = page.path("next").isNull() ? null : page.path("next").asText();
        }
        assertThat(listed).isEqualTo(gone);
        assertThat(book.syncline.call("GET", address(held, "services"), null).statusCode()).isEqualTo(404);
        assertThat(book.syncline.call("GET", "/api/v1/runs/999999999/held/materials", null).statusCode()).isEqualTo(404);
        assertThat(book.syncline.call("POST", "/api/v1/runs/999999999/held/materials/approve", null).statusCode()).isEqualTo(404);
        assertThat(book.syncline.call("POST", address(held, "materials") + "/approve", "{\"dryRun\": true}").statusCode()).isEqualTo(400);
        assertThat(book.syncline.call("GET", address(held, "materials") + "?limit=0", null).statusCode()).isEqualTo(400);
        assertThat(book.syncline.call("GET", address(held, "materials") + "?order=up", null).statusCode()).isEqualTo(400);
    }

    /** A row that a person deleted is decided: it waits no longer. */
    @Test
    void aHeldRowThatIsDeletedHereIsNotHeldAnyMore() {
        List<Long> materials = active(Entity.MATERIALS);
        String decided = Long.toString(830_000 + day);
        book.sandbox.put(Entity.MATERIALS, 830_000 + day, "{\"code\": \"DECIDED\"}");
        book.full();
        remove(Entity.MATERIALS, materials.subList(0, materials.size() / 2));
        book.sandbox.remove(Entity.MATERIALS, 830_000 + day);
        book.full();
        assertThat(book.count("syncline.attention where kind = 'held' and state = 'open' and key = ?", decided)).isOne();
        book.sql().sql("delete from pricebook.materials where st_id = ?").param(decided).update();
        book.full();
        assertThat(book.count("syncline.attention where kind = 'held' and state = 'open' and key = ?", decided)).isZero();
        assertThat(book.count("syncline.attention where kind = 'held' and state = 'open' and entity = 'materials'")).isEqualTo(materials.size() / 2);
    }

    @Test
    void approvedRowsAreAskedForAlsoWherePagesAreStable(@TempDir Path other) {
        try (Pricebook stable = Pricebook.open(other, system -> system.replace("    more: hasMore\n", "    more: hasMore\n    stable: true\n"))) {
            stable.full();
            List<Long> ids = stable.sandbox.snapshot(Entity.MATERIALS).values().stream().filter(record -> record.path("active").asBoolean())
                    .map(record -> record.path("id").asLong()).toList();
            List<Long> gone = ids.subList(0, ids.size() / 2);
            gone.forEach(id -> stable.sandbox.remove(Entity.MATERIALS, id));
            JsonNode held = stable.full();
            assertThat(counts(held, "materials")).containsEntry("held", gone.size());
            assertThat(stable.sandbox.journal()).noneMatch(call -> call.path().matches(".*/materials/\\d+"));
            stable.sandbox.fault("/materials/" + gone.get(0) + " -> status 403");
            HttpResponse<String> answer = stable.syncline.call("POST", address(held, "materials") + "/approve", null);
            JsonNode approval = RunningSyncline.json(answer.body());
            assertThat(counts(approval, "materials")).as(approval.toPrettyString()).containsEntry("delete", gone.size() - 1);
            assertThat(stable.count("syncline.attention where kind = 'held' and state = 'open' and run_id = ?", held.path("run").asLong())).isOne();
        }
    }

    @Test
    void aScheduledRunBesidesDoesNotApproveAnything() {
        List<Long> materials = active(Entity.MATERIALS);
        remove(Entity.MATERIALS, materials.subList(0, materials.size() / 2));
        book.full();
        assertThat(counts(book.run(Mode.FULL, false, null, "materials", null), "materials")).containsEntry("held", materials.size() / 2);
    }
}
