package io.syncline;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class SynclineTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();

    @Test
    void anUnknownCommandIsAnsweredWithThoseThereAre() {
        assertThat(run("chekc")).isEqualTo(2);
        assertThat(text(complaints)).contains("\"chekc\" is not a command.").contains("java -jar syncline.jar new-key").contains("--syncline.home=");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void helpIsNoMistake() {
        assertThat(run("help")).isZero();
        assertThat(text(out)).contains("starts the server");
        assertThat(text(complaints)).isEmpty();
    }

    @Test
    void aFolderIsChecked(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("systems"));
        Files.createDirectories(folder.resolve("syncs"));
        assertThat(run("check", folder.toString())).as(text(out)).isZero();
        assertThat(text(out)).contains("0 cases: all is well.");
    }

    @Test
    void aFolderThatIsNotThereIsNoGoodConfiguration(@TempDir Path folder) {
        assertThat(run("check", folder.resolve("absent").toString())).isEqualTo(1);
        assertThat(text(out)).contains("absent");
    }

    @Test
    void aNewKeyIsPrintedAndNothingElse() {
        assertThat(run("new-key")).isZero();
        assertThat(text(out)).matches("sln_[0-9A-Za-z]{41}\\R");
    }

    private int run(String... words) {
        return Syncline.command(List.of(words), new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(complaints, true, StandardCharsets.UTF_8));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
