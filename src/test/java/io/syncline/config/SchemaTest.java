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
import java.util.Set;
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

    @ParameterizedTest
    @MethodSource("shippedAndBroken")
    void theReaderAcceptsWhatAnIndependentValidatorAccepts(Path file) throws IOException {
        Mistakes unreadable = new Mistakes(file.toString());
        Yaml yaml = YamlReader.read(Files.readString(file), unreadable);
        if (yaml == null) {
            assertThat(unreadable.isEmpty()).as("what is no YAML is told").isFalse();
            return;
        }
        Mistakes mistakes = new Mistakes(file.toString());
        Schema.load(schemaOf(file)).check(yaml, mistakes);

        assertThat(mistakes.isEmpty()).isEqualTo(DRAFT_7.getSchema(schema(schemaOf(file))).validate(JSON.readTree(yaml.json())).isEmpty());
    }

    private static Stream<Path> shippedAndBroken() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/resources/broken"))) {
            return Stream.concat(shipped(), files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream());
        }
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

    /** Looks at everything that has a name: each property and each definition, wherever it stands. */
    private static void describe(String where, JsonNode schema, JsonNode root, List<String> lacking) {
        schema.properties().forEach(keyword -> {
            if (keyword.getKey().equals("properties") || keyword.getKey().equals("definitions")) {
                keyword.getValue().properties().forEach(named -> {
                    isDescribed(where + "/" + named.getKey(), named.getValue(), root, lacking);
                    describe(where + "/" + named.getKey(), named.getValue(), root, lacking);
                });
            } else if (keyword.getKey().equals("oneOf")) {
                keyword.getValue().forEach(alternative -> describe(where, alternative, root, lacking));
            } else if (keyword.getValue().isObject() && Set.of("items", "additionalProperties").contains(keyword.getKey())) {
                describe(where + "/" + keyword.getKey(), keyword.getValue(), root, lacking);
            }
        });
    }

    private static void isDescribed(String where, JsonNode schema, JsonNode root, List<String> lacking) {
        JsonSchema compiled = DRAFT_7.getSchema(withDefinitions(schema, root));
        if (schema.path("description").asText().isBlank() || schema.path("examples").isEmpty()) {
            lacking.add(where + " has no description or no example");
        }
        for (JsonNode example : schema.path("examples")) {
            compiled.validate(example).forEach(refused -> lacking.add(where + " does not accept its example " + example + ": " + refused));
        }
        if (schema.has("default")) {
            compiled.validate(schema.get("default")).forEach(refused -> lacking.add(where + " does not accept its default: " + refused));
        }
    }

    private static JsonNode withDefinitions(JsonNode schema, JsonNode root) {
        return ((ObjectNode) schema.deepCopy()).set("definitions", root.get("definitions"));
    }
}
