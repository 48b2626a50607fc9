package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.access.Role;
import io.syncline.promises.Visitor.Answered;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.KeptWaiting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static io.syncline.promises.Pricebook.until;
import static org.assertj.core.api.Assertions.assertThat;

/** What waits for a person is one list, whatever it is: each item says why it waits and what to do, and is asked for again or discarded by a person's word. */
class AttentionTest {
    @TempDir
    private static Path folder;
    private static Pricebook book;
    private static Visitor viewer;
    private static Visitor operator;
    private static Visitor reviewer;
    private static Visitor stranger;
    private static long next = 960_000;

    @BeforeAll
    static void start() {
        book = Pricebook.open(folder);
        book.full();
        viewer = Visitor.of(book.syncline, "Vera", "default", Role.VIEWER);
        operator = Visitor.of(book.syncline, "Otto", "default", Role.OPERATOR);
        reviewer = Visitor.of(book.syncline, "Rita", "default", Role.REVIEWER);
        stranger = Visitor.of(book.syncline, "Zed", "globex", Role.ADMIN);
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    /** A material that the source shows like this; answers its id. */
    private static long material(String content) {
        book.sandbox.clock().advance(Duration.ofHours(1));
        long id = ++next;
        book.sandbox.put(Entity.MATERIALS, id, content);
        book.incremental();
        return id;
    }

    private static long rejected() {
        return material("{\"code\": \"A\", \"cost\": \"a lot\"}");
    }

    private static JsonNode only(String filter) {
        JsonNode items = viewer.get("/api/v1/attention?" + filter).json().path("items");
        assertThat(items).as(items.toPrettyString()).hasSize(1);
        return items.get(0);
    }

    private static String item(long id) {
        return only("q=" + id).path("href").asText();
    }

    private static long conflict() {
        long id = material("{\"code\": \"C\", \"price\": 20}");
        book.sql().sql("update pricebook.materials set price = 25 where st_id = ?").param(Long.toString(id)).update();
        book.sandbox.clock().advance(Duration.ofHours(1));
        book.sandbox.put(Entity.MATERIALS, id, "{\"price\": 30}");
        book.incremental();
        return id;
    }

    @Test
    void everythingThatWaitsIsInOneListWithItsReasonAndFailedRunsAreNot() {
        long rejected = rejected();
        long parked = material("{\"code\": \"P\", \"cost\": 1, \"categories\": [7123456]}");
        long conflict = conflict();
        JsonNode item = only("q=" + rejected);
        assertThat(item.path("id").asText()).matches("a[0-9]+");
        assertThat(item.path("kind").asText() + " " + item.path("entity").asText() + " " + item.path("key").asText())
                .isEqualTo("rejected materials " + rejected);
        assertThat(item.path("reason").asText()).contains("cost", "a lot");
        assertThat(item.path("waitsForPerson").asBoolean()).isFalse();
        assertThat(only("kind=parked&q=" + parked).path("reason").asText()).contains("waits for categories");
        JsonNode open = only("q=" + conflict + "&sync=pricebook&entity=materials");
        assertThat(open.path("id").asText()).matches("c[0-9]+");
        assertThat(open.path("fields").toString()).isEqualTo("[\"price\"]");
        assertThat(open.path("recordHref").asText()).isEqualTo("/api/v1/syncs/pricebook/entities/materials/records/" + conflict);
        assertThat(only("personOnly=true&q=" + conflict).path("id")).isEqualTo(open.path("id"));
        JsonNode none = viewer.get("/api/v1/attention?personOnly=true&kind=rejected&q=" + rejected).json();
        assertThat(none.path("items")).isEmpty();
        JsonNode counts = viewer.get("/api/v1/attention?kind=conflict").json().path("counts");
        for (String kind : List.of("rejected", "parked")) {
            assertThat(counts.path(kind).asLong()).as(kind).isEqualTo(book.count("syncline.attention where state = 'open' and kind = ?", kind));
        }
        assertThat(counts.path("conflict").asLong()).isEqualTo(book.count("syncline.conflict where state = 'open'"));
        assertThat(counts.path("held").asLong()).isEqualTo(book.count(
                "(select distinct run_id, entity from syncline.attention where kind = 'held' and state = 'open') as sets"));
    }

    @Test
    void anItemShowsTheRecordAsItWasReadAndWhatToDo() {
        long id = rejected();
        JsonNode shown = viewer.get(item(id)).json();
        assertThat(shown.path("asRead").asText()).contains("\"a lot\"", Long.toString(id));
        assertThat(shown.path("whatToDo").asText()).contains("Mend the record at the source", "asked for again by itself");
        assertThat(shown.path("actions").findValuesAsText("action")).containsExactly("retry", "discard");
        JsonNode conflict = viewer.get(item(conflict())).json();
        assertThat(conflict.path("base").path("price").asInt() + " " + conflict.path("theirs").path("price").asInt() + " "
                + conflict.path("ours").path("price").asInt()).isEqualTo("20 30 25");
        assertThat(conflict.path("actions").findValuesAsText("action")).containsExactly("retry");
    }

    @Test
    void theListGoesOnWhereItStoppedAndLosesNothing() {
        rejected();
        conflict();
        rejected();
        List<String> all = viewer.get("/api/v1/attention?limit=1000").json().path("items").findValuesAsText("id");
        List<String> steps = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = viewer.get("/api/v1/attention?limit=2" + cursor).json();
            steps.addAll(page.path("items").findValuesAsText("id"));
            cursor = page.path("next").isNull() ? null : "&cursor=" + page.path("next").asText();
        } while (cursor != null);
        assertThat(steps).hasSizeGreaterThan(2).isEqualTo(all).doesNotHaveDuplicates();
        assertThat(viewer.get("/api/v1/attention?cursor=WyJ4IiwieSJd").code()).isEqualTo("invalid-cursor");
        assertThat(viewer.get("/api/v1/attention?kind=lost&limit=0&personOnly=maybe").json().path("errors")).hasSize(3);
        assertThat(viewer.get("/api/v1/attention?q=%27%3B%20drop%20table%20x%3B--%25_").json().path("items")).isEmpty();
    }

    @Test
    void retryAsksTheSourceAtOnceAndWhatIsMendedWaitsNoMore() {
        long id = rejected();
        String item = item(id);
        book.sandbox.put(Entity.MATERIALS, id, "{\"cost\": 2.5}");
        assertThat(viewer.post(item + "/retry", null).status()).isEqualTo(403);
        Answered asked = operator.post(item + "/retry", null);
        assertThat(asked.status()).as(asked.text()).isEqualTo(202);
        until(() -> viewer.get(item).json().path("state").asText().equals("closed"));
        assertThat(book.columns("materials", id, "cost")).isEqualTo("2.5");
        assertThat(book.one("select trigger || ' ' || requested_by from syncline.run where id = ?", String.class, asked.json().path("run").asLong()))
                .isEqualTo("attention Otto");
        assertThat(operator.post(item + "/retry", null).code()).isEqualTo("waits-no-more");
        assertThat(viewer.get(item).json().path("whatToDo").asText()).contains("waits no more");
    }

    @Test
    void discardClosesItWithWhoWhenAndWhyAndALaterFailingShowingOpensANewOne() {
        long id = rejected();
        String item = item(id);
        Instant mark = book.mark("materials");
        assertThat(operator.post(item + "/discard", "{\"reason\": \"test\"}").status()).isEqualTo(403);
        for (String body : List.of("{}", "{\"reason\": \"\"}", "{\"reason\": \"  \"}", "{\"reason\": 7}", "{\"reason\": \"" + "x".repeat(501) + "\"}",
                "{\"reason\": \"x\", \"state\": \"open\"}", "{\"reason\": \"a\\u0000b\"}")) {
            assertThat(reviewer.post(item + "/discard", body).code()).as(body).isEqualTo("invalid-request");
        }
        JsonNode closed = reviewer.post(item + "/discard", "{\"reason\": \"a test record\"}").json();
        assertThat(closed.path("closed").path("by").asText() + ": " + closed.path("closed").path("reason").asText()).isEqualTo("Rita: a test record");
        assertThat(viewer.get(item).json().path("closed").path("how").asText()).isEqualTo("discarded");
        assertThat(reviewer.post(item + "/discard", "{\"reason\": \"again\"}").code()).isEqualTo("waits-no-more");
        assertThat(book.mark("materials")).isEqualTo(mark);
        assertThat(viewer.get("/api/v1/attention?q=" + id).json().path("items")).isEmpty();
        book.full();
        assertThat(item(id)).isNotEqualTo(item);
    }

    @Test
    void discardingARecordWithoutAKeyMovesNoWatermarkAndItComesBack() {
        book.sandbox.clock().advance(Duration.ofHours(1));
        long id = ++next;
        book.sandbox.put(Entity.EQUIPMENT, id, "{\"code\": \"K\"}");
        book.sandbox.fault("/equipment -> without-field id");
        Instant mark = book.mark("equipment");
        book.incremental();
        assertThat(book.mark("equipment")).isEqualTo(mark);
        JsonNode item = only("kind=rejected&entity=equipment");
        assertThat(item.path("key").isNull()).isTrue();
        assertThat(operator.post(item.path("href").asText() + "/retry", null).code()).isEqualTo("cannot-be-asked-for");
        assertThat(viewer.get(item.path("href").asText()).json().path("whatToDo").asText()).contains("watermark stays before it");
        assertThat(reviewer.post(item.path("href").asText() + "/discard", "{\"reason\": \"seen\"}").status()).isEqualTo(200);
        book.incremental();
        assertThat(book.mark("equipment")).as("promise 2: still unread").isEqualTo(mark);
        JsonNode again = only("kind=rejected&entity=equipment");
        assertThat(again.path("id")).isNotEqualTo(item.path("id"));
        book.sandbox.clearFaults();
        book.incremental();
        assertThat(book.mark("equipment")).isAfter(mark);
        assertThat(book.count("pricebook.equipment where st_id = ?", Long.toString(id))).isOne();
    }

    @Test
    void heldDeletesAreOneItemAndDiscardingRejectsThemUntilTheyAreHeldAgain() {
        book.sandbox.fault("/categories -> empty-page");
        JsonNode report = book.full();
        long rows = Pricebook.counts(report, "categories").get("held");
        JsonNode item = only("kind=held&entity=categories");
        assertThat(item.path("id").asText()).isEqualTo("h" + report.path("run").asLong() + ".categories");
        assertThat(item.path("records").asLong()).isEqualTo(rows);
        JsonNode shown = viewer.get(item.path("href").asText()).json();
        assertThat(shown.path("keys")).isNotEmpty();
        assertThat(shown.path("actions").findValuesAsText("action")).containsExactly("approve", "retry", "discard");
        JsonNode closed = reviewer.post(item.path("href").asText() + "/discard", "{\"reason\": \"the source was broken\"}").json();
        assertThat(closed.path("closed").path("by").asText()).isEqualTo("Rita");
        assertThat(reviewer.post(shown.path("allKeys").asText() + "/approve", null).code()).isEqualTo("no-longer-held");
        assertThat(book.count("pricebook.categories where deleted_at is null")).as("nothing was deleted").isEqualTo(rows);
        JsonNode again = book.full();
        String held = "/api/v1/attention/h" + again.path("run").asLong() + ".categories";
        assertThat(viewer.get(held).json().path("state").asText()).isEqualTo("open");
        book.sandbox.clearFaults();
        Answered retry = operator.post(held + "/retry", null);
        assertThat(retry.status()).as(retry.text()).isEqualTo(202);
        until(() -> viewer.get(held).json().path("state").asText().equals("closed"));
        assertThat(book.count("syncline.attention where kind = 'held' and state = 'open'")).isZero();
    }

    @Test
    void deletesThatARunIsAboutToMakeBecauseTheyWereApprovedAreNotDiscarded() {
        book.sandbox.fault("/services -> empty-page");
        String set = "h" + book.full().path("run").asLong() + ".services";
        book.sandbox.clearFaults();
        KeptWaiting reader = new KeptWaiting();
        book.sandbox.fault(FaultRule.on("/services", reader.fault()));
        CompletableFuture<Answered> approval = CompletableFuture.supplyAsync(() -> reviewer.post(viewer.get("/api/v1/attention/" + set).json()
                .path("allKeys").asText() + "/approve", null));
        until(() -> book.count("syncline.run where approves is not null and entity = 'services' and finished_at is null") == 1);
        assertThat(reviewer.post("/api/v1/attention/" + set + "/discard", "{\"reason\": \"no\"}").code()).isEqualTo("being-approved");
        reader.letGo();
        book.sandbox.clearFaults();
        assertThat(approval.join().status()).isEqualTo(200);
        assertThat(book.one("select action from syncline.activity where actor = 'Rita' and entity = 'services'", String.class)).isEqualTo("deletes-approved");
    }

    @Test
    void aConflictCannotBeDiscardedAndSaysWhatToDo() {
        long id = conflict();
        Answered refused = reviewer.post(item(id) + "/discard", "{\"reason\": \"no time\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("conflict-cannot-be-discarded");
        assertThat(refused.detail()).contains("Make both say the same");
        book.sql().sql("update pricebook.materials set price = 30 where st_id = ?").param(Long.toString(id)).update();
        String item = item(id);
        operator.post(item + "/retry", null);
        until(() -> viewer.get(item).json().path("state").asText().equals("closed"));
    }

    @Test
    void anotherOrganisationsItemsAreAnsweredLikeThoseThatDoNotExist() {
        String item = item(rejected());
        String conflict = item(conflict());
        assertThat(stranger.get("/api/v1/attention").json().toString()).isEqualTo(
                "{\"counts\":{\"rejected\":0,\"parked\":0,\"held\":0,\"conflict\":0,\"refused\":0,\"unknown\":0},\"items\":[],\"next\":null}");
        for (String address : List.of(item, conflict, "/api/v1/attention/a999999999", "/api/v1/attention/h1.categories", "/api/v1/attention/x%27--",
                "/api/v1/attention/a99999999999999999999")) {
            for (Answered answer : List.of(stranger.get(address), stranger.post(address + "/retry", null),
                    stranger.post(address + "/discard", "{\"reason\": \"mine\"}"))) {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.code()).isEqualTo("no-such-item");
            }
        }
        assertThat(viewer.get(item).json().path("state").asText()).isEqualTo("open");
    }
}
