package io.syncline.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.config.Configuration;
import io.syncline.config.ConfigurationReader;
import io.syncline.config.EntityConfig;
import io.syncline.config.SourceConfig;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemConfig;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.source.ServiceTitanTakes.Member;
import io.syncline.source.WriteOrder.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Whatever is sent to ServiceTitan has the shape that its contract documents: path, method, members, types, what is needed and what may be null. */
class ContractWritesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "shared/contracts/servicetitan-pricebook-v2.yml";
    private static final String ROOT = "/pricebook/v2/tenant/4711/";
    private static final int DOCUMENTS = 400;

    private final ServiceTitanTakes takes = new ServiceTitanTakes();
    private final Configuration configuration = ConfigurationReader.withoutSettings().read(Path.of("config"));
    private final SyncConfig sync = configuration.syncs().get("pricebook");
    private final SystemConfig system = configuration.systems().get("servicetitan");
    private final Random random = new Random(6);

    private HttpRequest sent(String entity, Action action, Document agreed, Document document) {
        EntityConfig config = sync.entity(entity);
        String url = ((SourceConfig.Http) system.source()).baseUrl();
        Read read = new Read(SourceFixture.connection("default", url.substring(2, url.length() - 1), "https://st.example.com",
                "SERVICETITAN_TENANT", "4711"), system, system.source().resources().get(entity), config.mapping(), null);
        HttpWrite write = new HttpWrite(read, new WriteOrder(UUID.randomUUID(), sync, config, "default", action, action == Action.CREATE ? null : "42", agreed,
                document, null, null));
        return write.outgoing().problems().isEmpty() ? write.request(null) : null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"categories", "services", "materials", "equipment"})
    void everyWriteHasTheShapeThatIsDocumented(String entity) throws IOException {
        int changes = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            Document one = document(entity);
            Document other = document(entity);

            HttpRequest created = sent(entity, Action.CREATE, null, one);
            assertThat(created.method() + " " + created.uri().getPath()).isEqualTo("POST " + ROOT + entity);
            assertThat(takes.mistakes(entity, JSON.readTree(created.body()), true)).as(created.body()).isEmpty();

            HttpRequest changed = sent(entity, Action.UPDATE, one, other);
            if (changed != null) {
                changes++;
                assertThat(changed.method() + " " + changed.uri().getPath()).isEqualTo("PATCH " + ROOT + entity + "/42");
                assertThat(takes.mistakes(entity, JSON.readTree(changed.body()), false)).as(changed.body()).isEmpty();
            }

            HttpRequest deleted = sent(entity, Action.DELETE, one, one);
            assertThat(deleted.method() + " " + deleted.uri().getPath() + " " + deleted.body()).isEqualTo("DELETE " + ROOT + entity + "/42 null");

            HttpRequest restored = sent(entity, Action.RESTORE, one, one);
            assertThat(restored.method() + " " + restored.uri().getPath() + " " + restored.body())
                    .isEqualTo("PATCH " + ROOT + entity + "/42 {\"active\":true}");
        }
        assertThat(changes).isGreaterThan(DOCUMENTS / 40);
    }

    @Test
    void theShapeIsLookedAt() throws IOException {
        assertThat(takes.mistakes("materials", JSON.readTree("{\"code\":1,\"price\":null,\"colour\":\"red\",\"categories\":[\"a\"],"
                + "\"assets\":[{\"type\":\"Sound\"}],\"primaryVendor\":{\"id\":1}}"), false)).containsExactlyInAnyOrder(
                "materials.code is 1, not text", "materials.price cannot be null",
                "materials.colour is not known there", "materials.categories[] is \"a\", not whole",
                "materials.assets[].type is \"Sound\", not one of Other Image Video Attachment VideoFile", "materials.assets[].url is needed",
                "materials.primaryVendor.id is not known there", "materials.primaryVendor.vendorId is needed", "materials.primaryVendor.cost is needed",
                "materials.primaryVendor.active is needed");
        assertThat(takes.mistakes("materials", JSON.readTree("{\"code\":null}"), true))
                .containsExactlyInAnyOrder("materials.code cannot be null", "materials.code is needed", "materials.description is needed");
    }

    /** Beside the official contract the table is compared with it, member by member. */
    @Test
    @SuppressWarnings("unchecked")
    void theTableSaysWhatTheContractSays() throws IOException {
        Path file = Stream.of("..", "../..").map(above -> Path.of(above, FILE)).filter(Files::exists).findFirst().orElse(null);
        assumeTrue(file != null, "skipped: the official contract is not beside the checkout (../" + FILE + ")");
        Map<String, Object> contract = new Yaml().load(Files.readString(file));
        Map<String, Object> schemas = (Map<String, Object>) ((Map<String, Object>) contract.get("components")).get("schemas");
        Map<String, Map<String, Object>> paths = (Map<String, Map<String, Object>>) contract.get("paths");
        Map<String, String> called = Map.of("categories", "Category", "services", "Service", "materials", "Material", "equipment", "Equipment");
        called.forEach((entity, name) -> {
            assertThat(paths.get("/pricebook/v2/tenant/{tenant}/" + entity)).containsKeys("post");
            assertThat(paths.get("/pricebook/v2/tenant/{tenant}/" + entity + "/{id}")).containsKeys("patch", "delete", "get");
            Map<String, Object> create = (Map<String, Object>) schemas.get("Pricebook.V2." + name + "CreateRequest");
            Map<String, Object> update = (Map<String, Object>) schemas.get("Pricebook.V2." + name + "UpdateRequest");
            Map<String, Map<String, Object>> ofCreate = (Map<String, Map<String, Object>>) create.get("properties");
            Map<String, Map<String, Object>> ofUpdate = (Map<String, Map<String, Object>>) update.get("properties");
            Map<String, Member> members = takes.records().get(entity);
            assertThat(members.keySet()).containsExactlyInAnyOrderElementsOf(ofUpdate.keySet().stream().filter(each -> !each.equals("externalData")).toList());
            members.values().forEach(member -> {
                String at = entity + "." + member.name();
                assertThat(((List<String>) create.get("required")).contains(member.name())).as(at + " needed").isEqualTo(member.needed());
                assertThat(nullable(ofCreate.get(member.name()))).as(at + " null in a new one").isEqualTo(member.takesNull(true, false));
                assertThat(nullable(ofUpdate.get(member.name()))).as(at + " null in a changed one").isEqualTo(member.takesNull(false, false));
                holds(at, member.holds(), ofCreate.get(member.name()), schemas);
                holds(at, member.holds(), ofUpdate.get(member.name()), schemas);
            });
        });
    }

    @SuppressWarnings("unchecked")
    private void holds(String at, String holds, Map<String, Object> declared, Map<String, Object> schemas) {
        Map<String, Object> type = declared.containsKey("oneOf") ? ((List<Map<String, Object>>) declared.get("oneOf")).get(0) : declared;
        if (type.containsKey("$ref")) {
            type = (Map<String, Object>) schemas.get(type.get("$ref").toString().replaceFirst(".*/", ""));
        }
        if (type.containsKey("enum")) {
            assertThat(holds).as(at).isEqualTo("one of " + String.join(" ", (List<String>) type.get("enum")));
        } else if (type.containsKey("properties")) {
            Map<String, Map<String, Object>> properties = (Map<String, Map<String, Object>>) type.get("properties");
            Map<String, Member> members = takes.records().get(holds);
            assertThat(members.keySet()).as(at).containsExactlyInAnyOrderElementsOf(properties.keySet());
            for (Member member : members.values()) {
                assertThat(member.needed()).as(at + "." + member.name()).isEqualTo(((List<String>) type.get("required")).contains(member.name()));
                assertThat(member.takesNull(false, true)).as(at + "." + member.name()).isEqualTo(nullable(properties.get(member.name())));
                holds(at + "." + member.name(), member.holds(), properties.get(member.name()), schemas);
            }
        } else if ("array".equals(type.get("type"))) {
            assertThat(holds).as(at).startsWith("list: ");
            holds(at + "[]", holds.substring("list: ".length()), (Map<String, Object>) type.get("items"), schemas);
        } else {
            String expected = switch (type.get("type") + " " + type.get("format")) {
                case "integer int64" -> "whole";
                case "integer int32" -> "small";
                case "number decimal" -> "number";
                case "boolean null" -> "truth";
                default -> "text";
            };
            assertThat(holds).as(at).isEqualTo(expected);
        }
    }

    private static boolean nullable(Map<String, Object> declared) {
        return Boolean.TRUE.equals(declared.get("nullable"));
    }

    /** A record as ServiceTitan shows it, with what it adds by itself, and here and there without what need not be there. */
    private Document document(String entity) throws IOException {
        ObjectNode record = object(entity, false);
        record.put("id", 1 + random.nextInt(1000)).put("active", true).put("modifiedOn", "2026-01-31T12:00:00Z");
        if (entity.equals("services")) {
            ArrayNode categories = JSON.createArrayNode();
            record.path("categories").forEach(id -> categories.addObject().put("name", "Pumps").put("active", true).set("id", id));
            record.set("categories", categories);
        }
        try (JsonParser parser = JSON.createParser(JSON.writeValueAsString(record))) {
            parser.nextToken();
            Observed observed = sync.entity(entity).mapping().read(parser);
            assertThat(observed.problems()).isEmpty();
            return observed.document();
        }
    }

    private ObjectNode object(String name, boolean part) {
        ObjectNode object = JSON.createObjectNode();
        takes.records().get(name).values().forEach(member -> {
            int chance = random.nextInt(20);
            if (member.needed() || chance > 1) {
                object.set(member.name(), value(member.holds()));
            } else if (chance == 1 && (part ? member.takesNull(false, true) : !member.needed())) {
                object.putNull(member.name());
            }
        });
        if (part) {
            // What it shows and would not take back.
            new LinkedHashMap<>(Map.of("id", 5, "vendorName", "CED", "fileName", "pump.png")).forEach((more, value) -> object.putPOJO(more, value));
        }
        return object;
    }

    private JsonNode value(String holds) {
        if (takes.records().containsKey(holds)) {
            return object(holds, true);
        }
        if (holds.startsWith("list: ")) {
            ArrayNode list = JSON.createArrayNode();
            for (int i = random.nextInt(3); i >= 0; i--) {
                list.add(value(holds.substring("list: ".length())));
            }
            return list;
        }
        List<String> choices = new ArrayList<>(List.of(holds.replaceFirst("^one of ", "").split(" ")));
        return switch (holds) {
            case "text" -> JSON.getNodeFactory().textNode(random.nextInt(4) == 0 ? "" : "é\"\n" + random.nextInt(50));
            case "truth" -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case "number" -> JSON.getNodeFactory().numberNode(BigDecimal.valueOf(random.nextInt(100_000), 2));
            case "whole" -> JSON.getNodeFactory().numberNode(9007199254740993L + random.nextInt(10));
            case "small" -> JSON.getNodeFactory().numberNode(random.nextInt(100));
            default -> JSON.getNodeFactory().textNode(choices.get(random.nextInt(choices.size())));
        };
    }
}
