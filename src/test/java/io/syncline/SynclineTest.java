package io.syncline;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
