package io.syncline.check;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** The files on the page are checked as a newcomer would check them, and what the page says about that is what is said. */
class HowToWriteBackTest {
    private static final Path PAGE = Path.of("docs/how-to-write-back.md");
    private static final Pattern FILE = Pattern.compile("\\*\\*`(config/[^`]+)`\\*\\*\n\n```yaml\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;
    private String page;

    @BeforeEach
    void writeTheFilesOfThePage() throws IOException {
        page = Files.readString(PAGE);
        for (Matcher file = FILE.matcher(page); file.find(); ) {
            write(file.group(1), file.group(2));
        }
    }

    @Test
    void theFilesOnThePageAreRightAndTheirCasesPass() {
        String said = check(0);

        assertThat(page).contains("```\n" + said + "```");
        assertThat(said).contains("6 cases: all is well.");
    }

    /** Promise 27: what the page says about a place in a list. */
    @Test
    void aPlaceInAListNeedsAnotherPlaceToBeWrittenTo() throws IOException {
        replace("config/syncs/harbour.yaml", "from: row.0, to: nowhere", "from: row.0");

        assertThat(check(1)).contains("entities.berths.fields.position: is read from \"row.0\", and a place in a list cannot be written.");
    }

    private String check(int exitCode) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        assertThat(new Check(folder.resolve("config")).run(new PrintStream(said, true, StandardCharsets.UTF_8))).isEqualTo(exitCode);
        return said.toString(StandardCharsets.UTF_8);
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), content);
    }

    private void replace(String file, String what, String by) throws IOException {
        String content = Files.readString(folder.resolve(file));
        assertThat(content).contains(what);
        write(file, content.replace(what, by));
    }
}
