package io.syncline.api;

import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ContractTest {

    @Test
    void anOperationWithoutARoleStopsTheStartAndAllOfThemAreNamed() {
        assertThatThrownBy(() -> Contract.read(yaml("""
                servers: [{url: /api}]
                paths:
                  /a:
                    get: {operationId: a}
                    post: {operationId: b, x-role: king}
                    put: {x-role: admin}
                    parameters: []
                """))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("GET /api/a does not say who may call it. Write x-role: anyone, viewer, operator, reviewer or admin.")
                .hasMessageContaining("POST /api/a: x-role: \"king\" is not a role. Write one of viewer, operator, reviewer, admin.")
                .hasMessageContaining("PUT /api/a has no operationId.");
    }

    @Test
    void aPathMatchesSegmentBySegment() {
        PathTemplate path = new PathTemplate("/api/sync/{sync}/entity/{type}/{id}");
        assertThat(path.matches(List.of("api", "sync", "a", "entity", "b", "c/d"))).isTrue();
        assertThat(path.parameters(List.of("api", "sync", "a", "entity", "b", "c/d"))).isEqualTo(Map.of("sync", "a", "type", "b", "id", "c/d"));
        assertThat(path.matches(List.of("api", "sync", "a", "entity", "b", ""))).isFalse();
        assertThat(path.matches(List.of("api", "sync", "a", "entity", "b"))).isFalse();
        assertThat(path.matches(List.of("api", "sync", "a", "full", "b", "c"))).isFalse();
        assertThat(path.plain()).isEqualTo("/api/sync/-/entity/-/-");
    }

    @Test
    void theMembersOfEveryRunBodyAreThoseThatAreRead() throws IOException {
        Map<?, ?> schemas = (Map<?, ?>) ((Map<?, ?>) contract().get("components")).get("schemas");
        assertThat(members(schemas, "FullRun")).containsExactlyInAnyOrderElementsOf(RunBody.FULL);
        assertThat(members(schemas, "IncrementalRun")).containsExactlyInAnyOrderElementsOf(RunBody.INCREMENTAL);
        assertThat(members(schemas, "VerifyRun")).containsExactlyInAnyOrderElementsOf(RunBody.VERIFY);
        assertThat(members(schemas, "RecordRun")).containsExactlyInAnyOrderElementsOf(RunBody.RECORD);
    }

    @Test
    void theContractIsValidOpenApi() {
        SwaggerParseResult read = new OpenAPIV3Parser().readLocation("api/openapi.yaml", null, null);
        assertThat(read.getMessages()).isEmpty();
        assertThat(read.getOpenAPI().getPaths().get("/sync/{sync}/incremental").getPost().getResponses()).containsKeys("200", "202", "409", "default");
    }

    @Test
    void everyOperationHasItsRoute() throws IOException {
        String routes = Files.readString(Path.of("routes/api.yaml"));
        assertThat(Contract.read().operations()).isNotEmpty()
                .allSatisfy(operation -> assertThat(routes).containsPattern("(uri: direct:|name: operation\\R        value: )" + operation.id() + "\\R"));
    }

    /** The gate reads the key of every such operation; here is that people are told so. */
    @Test
    void everyOperationThatChangesSomethingDeclaresItsKeyAndEveryOneItsTag() throws IOException {
        String shared = "{$ref=#/components/parameters/idempotencyKey}";
        List<String> tags = ((List<?>) contract().get("tags")).stream().map(tag -> (String) ((Map<?, ?>) tag).get("name")).toList();
        ((Map<?, ?>) contract().get("paths")).forEach((path, methods) -> ((Map<?, ?>) methods).forEach((method, declared) -> {
            if (!(declared instanceof Map<?, ?> operation)) {
                return;
            }
            boolean takesKey = !method.equals("get") && !List.of().equals(operation.get("security"));
            String parameters = String.valueOf(operation.get("parameters"));
            assertThat(parameters.contains(shared)).as(method + " " + path).isEqualTo(takesKey);
            assertThat((List<?>) operation.get("tags")).as(method + " " + path).hasSize(1).allSatisfy(tag -> assertThat(tags).contains((String) tag));
        }));
    }

    private static List<String> members(Map<?, ?> schemas, String name) {
        return ((Map<?, ?>) ((Map<?, ?>) schemas.get(name)).get("properties")).keySet().stream().map(String.class::cast).toList();
    }

    private static Map<?, ?> contract() throws IOException {
        try (InputStream file = ContractTest.class.getResourceAsStream("/api/openapi.yaml")) {
            return new Yaml().load(file);
        }
    }

    private static InputStream yaml(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
