package io.syncline.source;

import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.FilesResource;
import io.syncline.config.SourceConfig.FilesResource.Format;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class FilesSourceTest {
    @TempDir
    private Path folder;
    private final SourceFixture fixture = new SourceFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private Read read(String include, Format format, Charset charset, int pageSize) {
        FilesResource resource = new FilesResource("items", include, format, ';', charset, pageSize);
        return SourceFixture.read(new SourceConfig.Files("${DIR}", Map.of("items", resource)), null, "DIR", folder.toString());
    }

    private Read csv(int pageSize) {
        return read("*.csv", Format.CSV, StandardCharsets.UTF_8, pageSize);
    }

    private Read lines() {
        return read("*.jsonl", Format.JSON_LINES, StandardCharsets.UTF_8, 2);
    }

    private SourceFailure failure(Read read) {
        return catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read));
    }

    private static List<String> documents(List<Page> pages) {
        return pages.stream().flatMap(page -> page.records().stream())
                .map(record -> record.key() + "=" + (record.isFit() ? record.document().text() : record.problems())).toList();
    }

    @Test
    void csvIsReadAsRfc4180Says() throws IOException {
        file("b.csv", "name;id\nlast;9");
        file("a.csv", "\uFEFFid;name;price\r\n1;\"semi;colon, \"\"quoted\"\"\r\nand a second line\";1.50\r\n\r\n"
                + "2;;\r\n3;\"\";x\r\n4;too;many;values\r\n5;few\r\n6;é;6\r\n");
        file("c.csv.tmp", "id\nhalf");
        file(".d.csv", "id\nhidden");
        List<Page> pages = fixture.pages(csv(3));
        assertThat(documents(pages)).containsExactly("1={\"name\":\"semi;colon, \\\"quoted\\\"\\nand a second line\",\"price\":1.5}",
                "2={\"name\":null,\"price\":null}",
                "3=[line 6: price: \"x\" is not a decimal number]", "null=[line 7: holds 4 values, but the header names 3]",
                "null=[line 8: holds 2 values, but the header names 3]", "6={\"name\":\"é\",\"price\":6}", "9={\"name\":\"last\"}");
        assertThat(pages).extracting(page -> page.records().size()).containsExactly(3, 3, 1);
        assertThat(pages.get(1).records().get(0).raw()).isEqualTo("4;too;many;values");
        assertThat(pages.get(2).incomplete()).isEqualTo("2 records came without a readable key");
    }

    @Test
    void jsonLinesAreReadOneByOne() throws IOException {
        file("a.jsonl", "{\"id\":1,\"price\":9007199254740993}\n\n{\"id\":2\n[3]\n{\"id\":4} {\"id\":5}\r\n{\"id\":6}");
        assertThat(documents(fixture.pages(lines()))).containsExactly("1={\"price\":9007199254740993}", "null=[line 3: is not one JSON object]",
                "null=[line 4: the record is not an object, line 4: key: id is missing]", "null=[line 5: is not one JSON object]", "6={}");
    }

    @Test
    void aReadGoesOnAfterAnyOfItsPagesUnlessTheFileChanged() throws IOException {
        file("a.csv", "id\n1\n2\n3\n");
        file("b.csv", "id\n4\n5\n");
        List<Page> pages = fixture.pages(csv(2));
        assertThat(SourceFixture.keys(pages)).containsExactly("1", "2", "3", "4", "5");
        assertThat(SourceFixture.keys(fixture.pages(csv(2), pages.get(0).resume()))).containsExactly("3", "4", "5");
        assertThat(SourceFixture.keys(fixture.pages(csv(2), pages.get(1).resume()))).containsExactly("5");
        file("b.csv", "id\n40\n50\n");
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(csv(2), pages.get(1).resume())).kind())
                .isEqualTo(SourceFailure.Kind.POSITION_LOST);
        Files.delete(folder.resolve("b.csv"));
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(csv(2), pages.get(1).resume())).kind())
                .isEqualTo(SourceFailure.Kind.POSITION_LOST);
    }

    @Test
    void anEmptyFolderIsAnEmptyAnswerAMissingOneAFailure() throws IOException {
        assertThat(fixture.pages(csv(2))).singleElement().satisfies(page -> {
            assertThat(page.records()).isEmpty();
            assertThat(page.isLast()).isTrue();
        });
        Files.delete(folder);
        assertThat(failure(csv(2))).hasMessageContaining("the folder is not there");
    }

    @Test
    void halfAFileIsNoFile() throws IOException {
        for (String half : List.of("id;name\n1;\"never closed", "id;name\n1;a\n2", "id;id\n", "", "id;\n1;2\n", "id;name\n1;\"a\"b\n", "id;name\n1;a\"b\n")) {
            file("a.csv", half);
            assertThat(failure(csv(9)).kind()).as(half).isEqualTo(SourceFailure.Kind.NONSENSE);
        }
        file("a.jsonl", "{\"id\":1}\n{\"id\":2,\"na");
        assertThat(failure(lines())).hasMessage(
                "shop: read file a.jsonl: line 2: the file stops in the middle of a record. Correct the file, or put it there as a whole.");
    }

    @Test
    void aFileThatChangesWhileItIsReadFails() throws IOException {
        file("a.csv", "id\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        try (PageReader reader = new FilesReader(new ParquetFiles(fixture.camel), fixture.clock).open(csv(2), null)) {
            reader.next();
            file("a.csv", "id\n1\n");
            assertThat(catchThrowableOfType(SourceFailure.class, () -> {
                for (;;) {
                    reader.next();
                }
            })).hasMessageContaining("changed while it was read");
        }
    }

    @Test
    void lettersAreReadAsDeclaredOrNotAtAll() throws IOException {
        Files.write(folder.resolve("a.csv"), "id;name\n1;Müller\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(failure(csv(9))).hasMessageContaining("bytes that are no UTF-8");
        assertThat(documents(fixture.pages(read("*.csv", Format.CSV, StandardCharsets.ISO_8859_1, 9)))).containsExactly("1={\"name\":\"Müller\"}");
    }

    @Test
    void aLinkIsNamedAndNotFollowedAndTheFilesBesideItAreRead() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "id\nsecret\n");
        Files.createSymbolicLink(folder.resolve("a.csv"), secret);
        Files.createSymbolicLink(folder.resolve("c.csv"), Path.of("/proc"));
        Files.createSymbolicLink(folder.resolve("d.csv"), Path.of("nowhere"));
        file("b.csv", "id\n1\n");
        List<Page> pages = fixture.pages(csv(9));
        assertThat(documents(pages)).containsExactly(
                "null=[file a.csv cannot be read: this is a link, and links are not followed. Put the file itself there.]", "1={}",
                "null=[file c.csv cannot be read: this is a link, and links are not followed. Put the file itself there.]",
                "null=[file d.csv cannot be read: this is a link, and links are not followed. Put the file itself there.]");
        assertThat(pages.get(0).incomplete()).contains("file a.csv cannot be read", "file d.csv cannot be read");
    }

    @Test
    void aReadThatGoesOnKnowsOfTheFilesBeforeAndWhatOfThemWasSetAside() throws IOException {
        file("a.csv", "id;price\n1;x\n2;2\n");
        file("b.csv", "id\n3\n4\n5\n");
        List<Page> pages = fixture.pages(csv(2));
        List<Page> rest = fixture.pages(csv(2), pages.get(1).resume());
        String taken = pages.get(2).cursor();
        assertThat(taken).contains("\"b.csv\"").matches(".*\"again\":\\{\"[0-9a-f]{32}\":\"a.csv\"}.*");
        assertThat(rest.get(rest.size() - 1).cursor()).isEqualTo(taken);
        file("0.csv", "id\n9\n");
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(csv(2), pages.get(1).resume())).kind())
                .as("a file that came before was not read").isEqualTo(SourceFailure.Kind.POSITION_LOST);
        Files.delete(folder.resolve("0.csv"));
        file("a.csv", "id;price\n1;3\n2;2\n");
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.pages(csv(2), pages.get(1).resume())).kind())
                .as("nor was what a file before holds now").isEqualTo(SourceFailure.Kind.POSITION_LOST);
    }

    @Test
    void manyRecordsAreStreamed() throws IOException {
        try (BufferedWriter big = Files.newBufferedWriter(folder.resolve("big.csv"))) {
            big.write("id;name\n");
            for (int i = 0; i < 100_000; i++) {
                big.write(i + ";\"name of " + i + "\"\n");
            }
        }
        long count = 0;
        try (PageReader reader = fixture.sources.open(csv(500), null, page -> { })) {
            for (Page page = reader.next(); ; page = reader.next()) {
                count += page.records().stream().filter(Observed::isFit).count();
                if (page.isLast()) {
                    break;
                }
            }
        }
        assertThat(count).isEqualTo(100_000);
    }
}
