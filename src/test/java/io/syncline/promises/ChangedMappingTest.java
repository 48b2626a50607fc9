package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A field is read from somewhere else after a restart: through the whole product. */
class ChangedMappingTest {
    @TempDir
    private Path folder;

    @Test
    void theNextRunReadsEverythingAndTakesItOverQuietlyAndTheOneAfterIsQuiet() throws IOException {
        try (Pricebook book = Pricebook.open(folder)) {
            book.full();
            Path sync = folder.resolve("syncs/pricebook.yaml");
            Files.writeString(sync, Files.readString(sync).replace("      cost: decimal\n", "      cost: {type: decimal, from: hours, to: nowhere}\n"));
            Pricebook changed = book.another(Map.of());
            try {
                JsonNode report = changed.incremental();
                JsonNode materials = entity(report, "materials");
                assertThat(materials.path("counts").path("remapped").asInt()).as(report.toPrettyString()).isPositive();
                assertThat(materials.path("window").path("since").asText()).isEqualTo("everything");
                assertThat(materials.path("reasons").toString()).contains("the mapping has changed since the last full read: cost");
                assertThat(changed.count("pricebook.materials_live where cost is distinct from hours")).as("a deleted row stays as it was until it returns")
                        .isZero();
                assertThat(changed.count("syncline.conflict")).isZero();
                assertThat(entity(changed.full(), "materials").path("counts").path("remapped").isMissingNode()).as("promise 10").isTrue();
                assertThat(changed.count("syncline.verify_chain('pricebook')")).isZero();
            } finally {
                changed.syncline.close();
            }
        }
    }

    private static JsonNode entity(JsonNode report, String name) {
        for (JsonNode entity : report.path("entities")) {
            if (entity.path("entity").asText().equals(name)) {
                return entity;
            }
        }
        throw new AssertionError(report.toPrettyString());
    }
}
