package io.syncline.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The schemas are what editors complete by and what the reader checks by, so they must be right for both. */
class SchemaTest {
    private static final Path CONFIG = Path.of("config");
    private static final JsonSchemaFactory DRAFT_7 = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @ParameterizedTest
    @ValueSource(strings = {"system", "sync", "system-cases", "sync-cases"})
    void aSchemaIsValidDraft7(String name) throws IOException {
        JsonSchema metaSchema = DRAFT_7.getSchema(SchemaLocation.of("http://json-schema.org/draft-07/schema#"));

        assertThat(metaSchema.validate(schema(name))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"system", "sync", "system-cases", "sync-cases"})
    void everythingInASchemaHasADescriptionAndAnExampleThatItAccepts(String name) throws IOException {
        List<String> lacking = new ArrayList<>();
        describe("#", schema(name), schema(name), lacking);

        assertThat(lacking).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void aShippedFileIsAcceptedByItsSchema(Path file) throws IOException {
        JsonSchema schema = DRAFT_7.getSchema(schema(schemaOf(file)));

        assertThat(schema.validate(YAML.readTree(Files.readString(file)))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void aShippedFileNamesItsSchemaForEditors(Path file) throws IOException {
        assertThat(Files.readString(file)).startsWith("# yaml-language-server: $schema=../schema/" + schemaOf(file) + ".schema.json\n");
    }

    private static Stream<Path> shipped() throws IOException {
        try (Stream<Path> files = Files.walk(CONFIG, 2)) {
            return files.filter(file -> file.toString().matches(".*(systems|syncs).[^/]+\\.yaml")).sorted().toList().stream();
        }
    }

    private static String schemaOf(Path file) {
        String kind = file.getParent().endsWith("systems") ? "system" : "sync";
        return file.toString().endsWith(".cases.yaml") ? kind + "-cases" : kind;
    }

    private static JsonNode schema(String name) throws IOException {
        return JSON.readTree(Files.readString(CONFIG.resolve("schema/" + name + ".schema.json")));
    }

    private static void describe(String where, JsonNode schema, JsonNode root, List<String> lacking) {
        if (!where.matches(".*/(additionalProperties|propertyNames|items|oneOf/[0-9]+|allOf/[0-9]+|#)|#") || !schema.has("$ref") && where.matches(".*/(properties|definitions)/[^/]+")) {
            if (schema.path("description").asText().isBlank()) {
                lacking.add(where + " has no description");
            }
            if (!schema.path("examples").isArray() || schema.path("examples").isEmpty()) {
                lacking.add(where + " has no example");
            }
        }
        JsonNode defaulted = schema.path("default");
        if (where.matches(".*/(properties|definitions)/[^/]+")) {
            JsonSchema compiled = DRAFT_7.getSchema(withDefinitions(schema, root));
            for (JsonNode example : schema.path("examples")) {
                if (!where.endsWith("source") && !compiled.validate(example).isEmpty()) {
                    lacking.add(where + " does not accept its example " + example + ": " + compiled.validate(example));
                }
            }
            if (!defaulted.isMissingNode() && !compiled.validate(defaulted).isEmpty()) {
                lacking.add(where + " does not accept its default " + defaulted);
            }
        }
        for (String below : List.of("properties", "definitions")) {
            schema.path(below).properties().forEach(member -> describe(where + "/" + below + "/" + member.getKey(), member.getValue(), root, lacking));
        }
        for (String below : List.of("items", "additionalProperties", "propertyNames")) {
            if (schema.path(below).isObject()) {
                describe(where + "/" + below, schema.get(below), root, lacking);
            }
        }
        for (String below : List.of("oneOf", "allOf")) {
            for (int i = 0; i < schema.path(below).size(); i++) {
                describe(where + "/" + below + "/" + i, schema.get(below).get(i), root, lacking);
            }
        }
    }

    private static JsonNode withDefinitions(JsonNode schema, JsonNode root) {
        return ((ObjectNode) schema.deepCopy()).set("definitions", root.get("definitions"));
    }
}
