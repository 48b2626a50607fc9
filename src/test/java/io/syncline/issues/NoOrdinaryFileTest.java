package io.syncline.issues;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.audit.AnchorFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A pipe where a file was expected made a run, or every verification from then on, wait for ever; promises 23 and 30. */
@Timeout(120)
class NoOrdinaryFileTest {
    private static final String ANCHOR = "{\"at\": \"2026-11-21T20:00:00Z\", \"organisation\": \"default\", \"chains\": []}";
    @TempDir
    private Path folder;

    private static void pipe(Path path) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    }

    @Test
    void aPipeBesideAnEmptyFileIsNamedAndHoldsNobodyUp() throws Exception {
        Path drop = Files.createDirectories(folder.resolve("drop"));
        Files.createDirectories(folder.resolve("systems"));
        Files.createDirectories(folder.resolve("syncs"));
        Files.writeString(folder.resolve("systems/papers.yaml"), """
                name: papers
                title: Papers
                source:
                  kind: files
                  directory: %s
                  resources:
                    items: {include: "*.jsonl", format: json-lines}
                """.formatted(drop));
        Files.writeString(folder.resolve("syncs/goods.yaml"), """
                name: goods
                title: Goods
                system: papers
                side: pp
                entities:
                  items: {key: id, fields: {name: text}}
                """);
        Files.writeString(drop.resolve("a.jsonl"), "");
        pipe(drop.resolve("b.jsonl"));
        try (RunningSyncline syncline = RunningSyncline.start(folder, TestPostgres.url(), Map.of())) {
            JsonNode report = syncline.full("goods");

            assertThat(report.path("state").asText()).isEqualTo("partial");
            assertThat(report.toString()).contains("file b.jsonl cannot be read: this is no ordinary file");
        }
    }

    @Test
    void aPipeIsNoFileOfAnchors() throws Exception {
        Path pipe = folder.resolve("anchors.jsonl");
        pipe(pipe);

        assertThatThrownBy(() -> new AnchorFile(pipe).read()).hasMessageContaining("no ordinary file");
    }

    @Test
    void bytesThatAreNoTextMakeOneLineUnreadableAndNotTheWholeFile() throws IOException {
        Path file = folder.resolve("anchors.jsonl");
        Files.write(file, ("{\"at\": \"\u00ff\u00fe\n" + ANCHOR + "\n").getBytes(StandardCharsets.ISO_8859_1));

        AnchorFile.Content content = new AnchorFile(file).read();

        assertThat(content.lines()).containsExactly(ANCHOR);
        assertThat(content.unreadable()).containsExactly(1);
    }
}
