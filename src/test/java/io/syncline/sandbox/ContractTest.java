package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Every answer against the system's official contract, where a copy of it lies beside the checkout: documented fields of documented types, none missing. */
class ContractTest {
    private static final String FILE = "shared/contracts/servicetitan-pricebook-v2.yml";
    private static final Map<Entity, String> SCHEMAS = Map.of(Entity.CATEGORIES, "CategoryResponse", Entity.SERVICES, "ServiceResponse",
            Entity.MATERIALS, "MaterialResponse", Entity.EQUIPMENT, "EquipmentResponse");
    private static JsonNode schemas;
    private static ServiceTitanSandbox sandbox;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        Path contract = Stream.of("..", "../..").map(above -> Path.of(above, FILE)).filter(Files::exists).findFirst().orElse(null);
        assumeTrue(contract != null, "skipped: the official contract is not beside the checkout (../" + FILE + ")");
        schemas = new ObjectMapper(new YAMLFactory()).readTree(contract.toFile()).path("components").path("schemas");
        sandbox = ServiceTitanSandbox.start();
        sandbox.mutate(1, 200);
        client = new Client(sandbox);
    }

    @AfterAll
    static void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    @Test
    void everyRecordIsAsDocumented() throws Exception {
        for (Entity entity : Entity.values()) {
            JsonNode page = client.json("/" + entity.path() + "?active=Any&includeTotal=true&pageSize=5000");
            assertThat(problems(page, schemas.path("PaginatedResponse_Of_Pricebook.V2." + SCHEMAS.get(entity)), entity.path())).isEmpty();
            String first = page.path("data").path(0).path("id").asText();
            assertThat(problems(client.json("/" + entity.path() + "/" + first), schemas.path("Pricebook.V2." + SCHEMAS.get(entity)), entity.path())).isEmpty();
        }
    }

    @Test
    void everyErrorIsAsDocumented() throws Exception {
        for (String wrong : List.of("/materials?page=0", "/materials/1", "/materials/x")) {
            HttpResponse<String> answer = client.get(wrong);
            assertThat(answer.statusCode()).isIn(400, 404);
            assertThat(problems(Client.JSON.readTree(answer.body()), schemas.path("ApiErrorResponse"), wrong)).isEmpty();
        }
    }

    @Test
    void whatIsTakenIsWhatIsDocumented() {
        for (Entity entity : Entity.values()) {
            String name = SCHEMAS.get(entity).replace("Response", "");
            assertDocumented(Shapes.create(entity), name + "CreateRequest");
            assertDocumented(Shapes.update(entity), name + "UpdateRequest");
            if (entity.isSku()) {
                assertDocumented(Shapes.bulkCreate(entity), name + "BulkCreateRequest");
                assertDocumented(Shapes.bulkUpdate(entity), name + "BulkUpdateRequest");
            }
        }
    }

    @Test
    void whatIsAnsweredToAWriteIsAsDocumented() throws Exception {
        String sku = "{\"code\":\"C-%1$s\",\"description\":\"%1$s\",\"price\":1}";
        for (Entity entity : Entity.values()) {
            String body = entity.isSku() ? sku.formatted(entity) : "{\"name\":\"New\",\"categoryType\":\"Services\"}";
            HttpResponse<String> made = client.write("POST", "/" + entity.path(), body);
            assertThat(made.statusCode()).isEqualTo(201);
            JsonNode schema = schemas.path("Pricebook.V2." + SCHEMAS.get(entity));
            assertThat(problems(Client.JSON.readTree(made.body()), schema, entity.path())).isEmpty();
            String id = Client.JSON.readTree(made.body()).path("id").asText();
            HttpResponse<String> changed = client.write("PATCH", "/" + entity.path() + "/" + id, "{\"active\":false}");
            assertThat(problems(Client.JSON.readTree(changed.body()), schema, entity.path())).isEmpty();
            HttpResponse<String> refused = client.write("PATCH", "/" + entity.path() + "/" + id, "{\"active\":null,\"nothing\":1}");
            assertThat(problems(Client.JSON.readTree(refused.body()), schemas.path("ApiErrorResponse"), entity.path())).isEmpty();
        }
        String bulk = "{\"materials\":[{\"customId\":\"m\",\"code\":\"CM\",\"description\":\"m\"}]}";
        JsonNode ids = Client.JSON.readTree(client.write("POST", "/pricebook", bulk).body());
        assertThat(problems(ids, schemas.path("Pricebook.V2.PricebookBulkCreateResponse"), "bulk")).isEmpty();
    }

    private static void assertDocumented(Shape shape, String name) {
        JsonNode schema = schemas.path("Pricebook.V2." + name);
        assertThat(schema.path("properties").properties().stream().map(Map.Entry::getKey)).as(name)
                .containsExactlyInAnyOrderElementsOf(shape.members().keySet());
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(each -> required.add(each.asText()));
        shape.members().forEach((member, ours) -> {
            JsonNode theirs = schema.path("properties").path(member);
            String at = name + "." + member;
            assertThat(ours.required()).as(at + " required").isEqualTo(required.contains(member));
            assertThat(ours.nullable()).as(at + " nullable").isEqualTo(theirs.path("nullable").asBoolean());
            assertThat(ours.many()).as(at + " many").isEqualTo(theirs.path("type").asText().equals("array"));
            JsonNode each = ours.many() ? theirs.path("items") : theirs;
            String referred = (each.has("oneOf") ? each.path("oneOf").path(0) : each).path("$ref").asText().replaceFirst(".*/Pricebook\\.V2\\.", "");
            if (ours.shape() != null) {
                assertDocumented(ours.shape(), referred);
            } else if (!referred.isEmpty()) {
                List<String> words = new ArrayList<>();
                schemas.path("Pricebook.V2." + referred).path("enum").forEach(word -> words.add(word.asText()));
                assertThat(ours.type().split("\\|")).as(at).containsExactlyInAnyOrderElementsOf(words);
            } else {
                String type = each.has("format") ? each.path("format").asText() : each.path("type").asText();
                assertThat(ours.type()).as(at).isEqualTo(type.equals("string") ? "text" : type.equals("boolean") ? "flag" : type);
            }
        });
    }

    private static List<String> problems(JsonNode value, JsonNode schema, String at) {
        List<String> problems = new ArrayList<>();
        check(value, schema, at, problems);
        return problems;
    }

    private static void check(JsonNode value, JsonNode schema, String at, List<String> problems) {
        if (value.isNull()) {
            if (!schema.path("nullable").asBoolean()) {
                problems.add(at + " is null");
            }
        } else if (schema.has("$ref") || schema.has("oneOf")) {
            String name = (schema.has("oneOf") ? schema.path("oneOf").path(0) : schema).path("$ref").asText().replaceFirst(".*/", "");
            check(value, schemas.path(name), at, problems);
        } else if (schema.path("type").asText().equals("object")) {
            object(value, schema, at, problems);
        } else if (schema.path("type").asText().equals("array")) {
            if (!value.isArray()) {
                problems.add(at + " is no array");
            }
            value.forEach(each -> check(each, schema.path("items"), at + "[]", problems));
        } else if (!scalarFits(value, schema)) {
            problems.add(at + " is " + value + ", documented as " + schema);
        }
    }

    private static void object(JsonNode value, JsonNode schema, String at, List<String> problems) {
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                problems.add(at + "." + name.asText() + " is missing");
            }
        });
        value.properties().forEach(field -> {
            JsonNode documented = schema.path("properties").path(field.getKey());
            if (!documented.isMissingNode()) {
                check(field.getValue(), documented, at + "." + field.getKey(), problems);
            } else if (schema.path("additionalProperties").isObject()) {
                check(field.getValue(), schema.path("additionalProperties"), at + "." + field.getKey(), problems);
            } else {
                problems.add(at + "." + field.getKey() + " is not documented");
            }
        });
    }

    private static boolean scalarFits(JsonNode value, JsonNode schema) {
        return switch (schema.path("type").asText()) {
            case "integer" -> value.isIntegralNumber() && (!schema.path("format").asText().equals("int32") || value.canConvertToInt());
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "string" -> value.isTextual() && (!schema.has("enum") || contains(schema.path("enum"), value));
            default -> schema.isEmpty();
        };
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode each : list) {
            if (each.asText().equals(value.asText())) {
                return true;
            }
        }
        return false;
    }
}
