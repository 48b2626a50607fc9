package io.syncline;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(run("chekc")).isEqualTo(64);
        assertThat(text(complaints)).contains("chekc").contains("syncline check");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void helpIsNoMistake() {
        assertThat(run("help")).isZero();
        assertThat(text(out)).contains("starts the server").contains("SYNCLINE_KEY").contains("64");
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

    /** Help that teaches: what it does, an example, and how it ends. */
    @ParameterizedTest
    @ValueSource(strings = {"check", "run", "plan", "rollback", "apply", "verify", "cancel", "status", "as-of", "attention", "attention retry",
        "attention discard", "conflicts", "resolve", "resolve-many", "outbox", "outbox list", "outbox retry", "outbox discard",
        "outbox settle",
        "key", "key new", "key list", "key revoke", "reader", "reader new", "reader confine", "reader list", "reader drop", "link",
        "link new", "backup", "restore", "demo", "new-key"})
    void everyCommandTeaches(String command) {
        assertThat(run((command + " --help").split(" "))).isZero();
        assertThat(text(out)).contains("Usage: syncline " + command).contains("Examples:").contains("It ends with:").doesNotContain("null");
        assertThat(text(out).split("Examples:")[1]).contains("syncline " + command.split(" ")[0]);
    }

    @Test
    void whatIsWrittenWronglyIsToldWithWhatToTry() {
        assertThat(run("plan")).isEqualTo(64);
        assertThat(text(complaints)).contains("SYNC").contains("syncline plan --help");
        assertThat(run("key")).isEqualTo(64);
        assertThat(text(complaints)).contains("Say what to do: new, list, revoke.");
        assertThat(run("as-of", "pricebook", "materials", "1")).isEqualTo(64);
    }

    @Test
    void whereNobodyAnswersThatIsSaid() {
        assertThat(run("status", "--url", "http://127.0.0.1:1", "--key", "sln_x")).isEqualTo(1);
        assertThat(text(complaints)).contains("Nobody answers at http://127.0.0.1:1").doesNotContain("sln_x", "Exception");
    }

    @Test
    void aCheckForProgramsIsJson(@TempDir Path folder) {
        assertThat(run("check", folder.resolve("absent").toString(), "--json")).isEqualTo(1);
        assertThat(RunningSyncline.json(text(out)).path("well").asBoolean(true)).isFalse();
    }

    private int run(String... words) {
        return Syncline.command(List.of(words), new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(complaints, true, StandardCharsets.UTF_8));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
