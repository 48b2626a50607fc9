package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

class MutationTest {
    private static final ServiceTitanSandbox.Options SMALL = ServiceTitanSandbox.Options.DEFAULT.size(300);

    @Test
    void theAnswerSaysExactlyWhatWasDone() {
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(SMALL)) {
            Set<Mutation.Kind> seen = EnumSet.noneOf(Mutation.Kind.class);
            for (int seed = 0; seed < 50; seed++) {
                Map<Entity, SortedMap<Long, ObjectNode>> before = all(sandbox);
                List<Mutation> done = sandbox.mutate(seed, 25);
                assertThat(expected(done)).as("seed %d", seed).isEqualTo(differences(before, all(sandbox)));
                done.forEach(mutation -> seen.add(mutation.kind()));
            }
            assertThat(seen).containsExactlyInAnyOrder(Mutation.Kind.values());
        }
    }

    @Test
    void theTreeStaysATreeAndNoRecordLosesItsCategory() {
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(SMALL)) {
            for (int seed = 100; seed < 140; seed++) {
                sandbox.mutate(seed, 50);
                SortedMap<Long, ObjectNode> categories = sandbox.snapshot(Entity.CATEGORIES);
                for (ObjectNode category : categories.values()) {
                    Set<Long> path = new HashSet<>();
                    for (JsonNode at = category; at.hasNonNull("parentId"); at = categories.get(at.path("parentId").asLong())) {
                        assertThat(path.add(at.path("id").asLong())).isTrue();
                        assertThat(categories).containsKey(at.path("parentId").asLong());
                    }
                }
                for (Entity entity : Catalogue.SKUS) {
                    sandbox.snapshot(entity).values().forEach(sku -> sku.path("categories").forEach(listed ->
                            assertThat(categories).containsKey(Item.categoryId(listed))));
                }
            }
        }
    }

    @Test
    void aChangeBearsTheTimeOfTheSandboxClockAndManyShareIt() {
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(SMALL)) {
            sandbox.clock().set(Instant.parse("2026-01-01T00:00:00.1234567Z"));
            List<Mutation> done = sandbox.mutate(9, 40);
            Set<Mutation.Kind> timeless = EnumSet.of(Mutation.Kind.DELETED, Mutation.Kind.FOLLOWED);
            assertThat(done).filteredOn(mutation -> mutation.entity().isSku() && !timeless.contains(mutation.kind())).isNotEmpty()
                    .allSatisfy(mutation -> assertThat(sandbox.record(mutation.entity(), mutation.id()).orElseThrow().path("modifiedOn").asText())
                            .isEqualTo("2026-01-01T00:00:00.1234567Z"));
        }
    }

    @Test
    void idsAreNotGivenOutAgain() {
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(SMALL)) {
            Set<Long> ever = new HashSet<>(sandbox.snapshot(Entity.SERVICES).keySet());
            for (int seed = 0; seed < 30; seed++) {
                for (Mutation mutation : sandbox.mutate(seed, 30)) {
                    if (mutation.entity() == Entity.SERVICES && mutation.kind() == Mutation.Kind.CREATED) {
                        assertThat(ever.add(mutation.id())).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void nonsenseCanBePutIn() {
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(SMALL)) {
            sandbox.put(Entity.MATERIALS, 8_001, "{\"price\":\"free\",\"code\":null,\"modifiedOn\":\"soon\",\"surprise\":[1]}");
            ObjectNode record = sandbox.record(Entity.MATERIALS, 8_001).orElseThrow();
            assertThat(record.path("price").asText()).isEqualTo("free");
            assertThat(record.path("code").isNull()).isTrue();
            assertThat(record.path("modifiedOn").asText()).isEqualTo("soon");
        }
    }

    @Test
    void aCategoryThatIsItsOwnAncestorIsAnsweredAllTheSame() throws Exception {
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(SMALL)) {
            sandbox.put(Entity.CATEGORIES, 901, "{\"parentId\":902}");
            sandbox.put(Entity.CATEGORIES, 902, "{\"parentId\":901}");
            assertThat(new Client(sandbox).get("/categories?pageSize=500").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void manyReadersAndWritersDoNotDisturbEachOther() throws Exception {
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(SMALL)) {
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Callable<Boolean>> work = IntStream.range(0, 60).<Callable<Boolean>>mapToObj(at -> () -> {
                if (at % 3 == 0) {
                    return !sandbox.mutate(at, 10).isEmpty();
                }
                JsonNode page = new Client(sandbox).json("/services?active=Any&includeTotal=true&pageSize=5000");
                return page.path("totalCount").asInt() == page.path("data").size();
            }).toList();
            for (Future<Boolean> done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
            threads.shutdown();
        }
    }

    /** What became of each record in the end. */
    private static Map<String, String> expected(List<Mutation> done) {
        Map<String, String> expected = new HashMap<>();
        for (Mutation mutation : done) {
            String what = switch (mutation.kind()) {
                case CREATED -> "created";
                case DELETED -> "deleted";
                default -> "changed";
            };
            String record = mutation.entity() + " " + mutation.id();
            expected.merge(record, what, (before, now) -> now.equals("deleted") ? now : before);
        }
        return expected;
    }

    private static Map<String, String> differences(Map<Entity, SortedMap<Long, ObjectNode>> before, Map<Entity, SortedMap<Long, ObjectNode>> after) {
        Map<String, String> differences = new HashMap<>();
        for (Entity entity : Entity.values()) {
            after.get(entity).forEach((id, node) -> {
                ObjectNode old = before.get(entity).get(id);
                if (!node.equals(old)) {
                    differences.put(entity + " " + id, old == null ? "created" : "changed");
                }
            });
            before.get(entity).keySet().stream().filter(id -> !after.get(entity).containsKey(id)).forEach(id -> differences.put(entity + " " + id, "deleted"));
        }
        return differences;
    }

    /** Without what is derived from other categories. */
    private static Map<Entity, SortedMap<Long, ObjectNode>> all(ServiceTitanSandbox sandbox) {
        Map<Entity, SortedMap<Long, ObjectNode>> all = new HashMap<>();
        for (Entity entity : Entity.values()) {
            all.put(entity, sandbox.snapshot(entity));
        }
        all.get(Entity.CATEGORIES).values().forEach(category -> category.remove("subcategories"));
        return all;
    }
}
