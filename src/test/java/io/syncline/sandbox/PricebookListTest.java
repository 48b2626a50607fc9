package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

class PricebookListTest {
    private static final long NEW = 70_000;
    private static ServiceTitanSandbox sandbox;
    private static Client client;

    @BeforeAll
    static void start() {
        sandbox = ServiceTitanSandbox.start();
        client = new Client(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void reset() {
        sandbox.reset();
    }

    @Test
    void theFourKindsHaveARealisticSize() {
        assertThat(sandbox.snapshot(Entity.CATEGORIES)).hasSize(120);
        assertThat(sandbox.snapshot(Entity.SERVICES)).hasSize(600);
        assertThat(sandbox.snapshot(Entity.MATERIALS)).hasSize(1_500).containsKeys(8_203L, 9_404L);
        assertThat(sandbox.snapshot(Entity.EQUIPMENT)).hasSize(300);
    }

    @Test
    void thePagesTogetherAreExactlyWhatThereIs() throws Exception {
        for (Entity entity : Entity.values()) {
            Map<Long, ObjectNode> truth = sandbox.snapshot(entity);
            List<Long> read = new ArrayList<>();
            JsonNode page;
            int number = 0;
            do {
                number++;
                page = client.json("/" + entity.path() + "?active=Any&includeTotal=true&pageSize=500&page=" + number);
                assertThat(page.path("page").asInt()).isEqualTo(number);
                assertThat(page.path("pageSize").asInt()).isEqualTo(500);
                assertThat(page.path("totalCount").asInt()).isEqualTo(truth.size());
                for (JsonNode row : page.path("data")) {
                    read.add(row.path("id").asLong());
                    assertThat(row).isEqualTo(Client.JSON.readTree(truth.get(row.path("id").asLong()).toString()));
                }
            } while (page.path("hasMore").asBoolean());
            assertThat(read).containsExactlyElementsOf(truth.keySet());
        }
    }

    @Test
    void aPageBeyondTheEndIsEmptyAndSaysThatThereIsNoMore() throws Exception {
        JsonNode page = client.json("/materials?page=99&pageSize=500");
        assertThat(page.path("data")).isEmpty();
        assertThat(page.path("hasMore").asBoolean()).isFalse();
    }

    @Test
    void fiftyRowsAndNoTotalAreTheDefault() throws Exception {
        JsonNode page = client.json("/materials");
        assertThat(page.path("data")).hasSize(50);
        assertThat(page.path("totalCount").isNull()).isTrue();
        assertThat(page.path("hasMore").asBoolean()).isTrue();
    }

    @Test
    void onlyActiveItemsAreShownUnlessAsked() throws Exception {
        for (Entity entity : Entity.values()) {
            Set<Long> all = sandbox.snapshot(entity).keySet();
            List<Long> active = client.ids("/" + entity.path() + "?pageSize=5000");
            List<Long> inactive = client.ids("/" + entity.path() + "?pageSize=5000&active=False");
            assertThat(inactive).isNotEmpty().doesNotContainAnyElementsOf(active);
            assertThat(active).hasSize(all.size() - inactive.size());
            assertThat(client.ids("/" + entity.path() + "?pageSize=5000&active=Any")).containsExactlyElementsOf(all);
        }
    }

    @Test
    void aDeactivatedItemDisappearsFromTheListAndIsStillAnsweredById() throws Exception {
        sandbox.put(Entity.MATERIALS, 9_404, "{\"active\":false}");
        assertThat(client.ids("/materials?ids=9404")).isEmpty();
        assertThat(client.ids("/materials?ids=9404&active=Any")).containsExactly(9_404L);
        assertThat(client.json("/materials/9404").path("active").asBoolean()).isFalse();
    }

    @Test
    void modifiedOnOrAfterIncludesTheMomentItself() throws Exception {
        sandbox.put(Entity.MATERIALS, NEW, "{\"modifiedOn\":\"2025-06-01T10:00:00.1234567Z\"}");
        assertThat(client.ids("/materials?modifiedOnOrAfter=2025-06-01T10:00:00.1234567Z")).containsExactly(NEW);
        assertThat(client.ids("/materials?modifiedOnOrAfter=2025-06-01T10:00:00.1234568Z")).isEmpty();
        assertThat(client.ids("/materials?modifiedOnOrAfter=2025-06-01T12:00:00.123456%2B02:00")).containsExactly(NEW);
        assertThat(client.ids("/materials?modifiedOnOrAfter=2025-06-01T10:00:00Z&modifiedBefore=2025-06-01T10:00:00.1234567Z")).isEmpty();
    }

    @Test
    void createdOnOrAfterAndBeforeSelectByTheTimeOfCreation() throws Exception {
        sandbox.clock().set(Instant.parse("2030-01-01T00:00:00Z"));
        sandbox.put(Entity.EQUIPMENT, NEW, "{}");
        assertThat(client.ids("/equipment?createdOnOrAfter=2030-01-01T00:00:00Z")).containsExactly(NEW);
        assertThat(client.ids("/equipment?createdOnOrAfter=2029-01-01T00:00:00Z&createdBefore=2030-01-01T00:00:00Z")).isEmpty();
    }

    @Test
    void manyRecordsShareOneChangeTimeAcrossAPageBoundary() throws Exception {
        Set<String> times = new HashSet<>();
        JsonNode page = client.json("/materials?active=Any&includeTotal=true&pageSize=500"
                + "&modifiedOnOrAfter=2024-10-01T02:00:07.1234567Z&modifiedBefore=2024-10-01T02:00:07.1234568Z");
        page.path("data").forEach(row -> times.add(row.path("modifiedOn").asText()));
        assertThat(times).containsExactly("2024-10-01T02:00:07.1234567Z");
        assertThat(page.path("totalCount").asInt()).isGreaterThan(500);
    }

    @Test
    void changeTimesHaveSevenDigits() {
        assertThat(sandbox.snapshot(Entity.SERVICES).values()).allSatisfy(node ->
                assertThat(node.path("modifiedOn").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{7}Z"));
    }

    @Test
    void aPlusThatIsNotEncodedIsNoOrder() throws Exception {
        assertThat(client.get("/materials?sort=+ModifiedOn").statusCode()).isEqualTo(400);
        List<String> times = client.json("/materials?pageSize=5000&sort=%2BModifiedOn").path("data").findValuesAsText("modifiedOn");
        assertThat(times).isSorted().hasSizeGreaterThan(1_000);
        List<Long> down = client.ids("/services?pageSize=5000&sort=-Id");
        assertThat(down).isSortedAccordingTo(Comparator.reverseOrder());
        List<Double> prices = client.json("/services?sort=%2BPrice").path("data").findValues("price").stream().map(JsonNode::asDouble).toList();
        assertThat(prices).isSorted();
    }

    @Test
    void atMostFiftyIdsAreTaken() throws Exception {
        String fifty = LongStream.rangeClosed(8_001, 8_050).mapToObj(Long::toString).collect(Collectors.joining(","));
        assertThat(client.ids("/materials?active=Any&ids=" + fifty)).hasSize(50);
        HttpResponse<String> answer = client.get("/materials?ids=" + fifty + ",8051");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"errors\":{\"ids\":[");
    }

    @Test
    void idsThatAreGoneAreLeftOutWithoutAWord() throws Exception {
        sandbox.remove(Entity.MATERIALS, 9_404);
        assertThat(client.ids("/materials?active=Any&ids=9404,8203")).containsExactly(8_203L);
        HttpResponse<String> answer = client.get("/materials/9404");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Client.JSON.readTree(answer.body()).path("status").asInt()).isEqualTo(404);
    }

    @Test
    void whatIsNotUnderstoodIsNamed() throws Exception {
        HttpResponse<String> answer = client.get("/services?page=0&pageSize=5001&active=Yes&modifiedOnOrAfter=yesterday&includeTotal=1");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Client.JSON.readTree(answer.body()).path("errors").fieldNames()).toIterable()
                .containsExactly("active", "includeTotal", "modifiedOnOrAfter", "page", "pageSize");
    }

    @Test
    void categoriesHaveNoChangeTimeAndIgnoreAFilterByIt() throws Exception {
        JsonNode page = client.json("/categories?active=Any&pageSize=500&includeTotal=true&modifiedOnOrAfter=2099-01-01T00:00:00Z");
        assertThat(page.path("totalCount").asInt()).isEqualTo(120);
        assertThat(page.path("data").findValues("modifiedOn")).isEmpty();
        assertThat(client.ids("/categories?active=Any&pageSize=500&categoryType=Services")).hasSize(60);
    }

    @Test
    void categoriesAreATreeFourDeepAndCarryTheTreeBelowThem() throws Exception {
        assertThat(depth(client.json("/categories/101"))).isEqualTo(4);
        for (JsonNode category : client.json("/categories?active=Any&pageSize=500").path("data")) {
            for (JsonNode child : category.path("subcategories")) {
                assertThat(child.path("parentId").asLong()).isEqualTo(category.path("id").asLong());
                assertThat(child.path("categoryType")).isEqualTo(category.path("categoryType"));
            }
        }
    }

    @Test
    void aServiceShowsItsCategoryAndDoesNotMoveItsTimeWithIt() throws Exception {
        JsonNode before = client.json("/services/1000001");
        long category = before.path("categories").path(0).path("id").asLong();
        sandbox.put(Entity.CATEGORIES, category, "{\"name\":\"Renamed\"}");
        JsonNode after = client.json("/services/1000001");
        assertThat(after.path("categories").path(0).path("name").asText()).isEqualTo("Renamed");
        assertThat(after.path("modifiedOn")).isEqualTo(before.path("modifiedOn"));
    }

    @Test
    void theSameSeedAndSizeGiveTheSameRecords() {
        ServiceTitanSandbox.Options options = ServiceTitanSandbox.Options.DEFAULT.size(80);
        try (ServiceTitanSandbox one = ServiceTitanSandbox.start(options); ServiceTitanSandbox two = ServiceTitanSandbox.start(options);
                ServiceTitanSandbox other = ServiceTitanSandbox.start(options.seed(2))) {
            for (Entity entity : Entity.values()) {
                assertThat(one.snapshot(entity)).isEqualTo(two.snapshot(entity)).isNotEqualTo(other.snapshot(entity));
            }
            assertThat(one.mutate(5, 60)).isEqualTo(two.mutate(5, 60));
        }
    }

    @Test
    void nothingStandsInACategoryThatNobodyHasEverSeen() {
        Set<Long> unseen = sandbox.snapshot(Entity.CATEGORIES).values().stream().filter(node -> !node.path("active").asBoolean())
                .map(node -> node.path("id").asLong()).collect(Collectors.toSet());
        assertThat(unseen).isNotEmpty();
        assertThat(sandbox.snapshot(Entity.CATEGORIES).values()).noneMatch(node -> unseen.contains(node.path("parentId").asLong()));
        for (Entity entity : Catalogue.SKUS) {
            assertThat(sandbox.snapshot(entity).values()).allSatisfy(sku -> sku.path("categories").forEach(listed ->
                    assertThat(unseen).doesNotContain(Item.categoryId(listed))));
        }
    }

    private static int depth(JsonNode category) {
        int deepest = 0;
        for (JsonNode child : category.path("subcategories")) {
            deepest = Math.max(deepest, depth(child));
        }
        return deepest + 1;
    }
}
