package io.syncline.check;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 27. Each folder of {@code broken} holds a configuration with mistakes, and beside it exactly what is said about them. */
class BrokenConfigurationsTest {
    private static final Path BROKEN = Path.of("src/test/resources/broken");

    @ParameterizedTest
    @MethodSource("folders")
    void everyMistakeIsNamedWithFileLineAndCure(Path folder) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();

        int exitCode = new Check(folder.resolve("config")).run(new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(said.toString(StandardCharsets.UTF_8)).isEqualTo(Files.readString(folder.resolve("expected.txt")));
        assertThat(exitCode).isEqualTo(1);
    }

    @Test
    void thereAreTwentyAtLeast() throws IOException {
        assertThat(folders()).hasSizeGreaterThanOrEqualTo(20);
    }

    @Test
    void whatIsSaidHoldsNoSecret() throws IOException {
        for (Path folder : folders().toList()) {
            assertThat(Files.readString(folder.resolve("expected.txt"))).doesNotContain("pa55-w0rd-in-clear", "me:secret");
        }
    }

    private static Stream<Path> folders() throws IOException {
        try (Stream<Path> folders = Files.list(BROKEN)) {
            return List.copyOf(folders.sorted().toList()).stream();
        }
    }
}
