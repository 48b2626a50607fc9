package io.syncline.issues;

import io.syncline.config.ConfigurationReader;
import io.syncline.config.Mistake;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 27: mistakes in a system's file that nobody was told of, or not where they stand. */
class WrittenWrongTest {
    @TempDir
    private Path config;
    private String shipped;

    @BeforeEach
    void copy() throws IOException {
        shipped = Files.readString(Path.of("config/systems/servicetitan.yaml"));
        Files.createDirectories(config.resolve("systems"));
    }

    private List<String> mistakesOf(String system) throws IOException {
        Files.writeString(config.resolve("systems/servicetitan.yaml"), system, StandardCharsets.ISO_8859_1);
        return ConfigurationReader.withoutSettings().mistakes(config).stream().map(Mistake::toString)
                .map(mistake -> mistake.substring(mistake.indexOf(':') + 1)).toList();
    }

    @Test
    void aPlaceholderThatIsNoneIsNotSentAsItStands() throws IOException {
        String cure = "holds ${ but no placeholder. Write ${NAME} or ${NAME:default}; a name has letters, digits, _ and dots.";
        assertThat(mistakesOf(shipped.replace("${SERVICETITAN_CLIENT_ID}", "${SERVICETITAN CLIENT ID}")
                .replace("${SERVICETITAN_APP_KEY}", "${SERVICETITAN_APP_KEY")
                .replace("${SERVICETITAN_TOKEN_URL:https://auth.servicetitan.io/connect/token}", "${TOKEN_URL:${OTHER}}")))
                .contains("14 source.auth.clientId: " + cure, "17 source.headers.ST-App-Key: " + cure)
                .anySatisfy(mistake -> assertThat(mistake).startsWith("13 source.auth.tokenUrl: "));
    }

    @Test
    void anOverlapThatLeadsBeforeTheBeginningOfTimeIsRefused() throws IOException {
        assertThat(mistakesOf(shipped.replaceFirst("overlap: 1m", "overlap: 999999999d")))
                .containsExactly("45 source.resources.services.since.overlap: \"999999999d\" is too long. Write at most 366d; a full run reads everything.");
        assertThat(mistakesOf(shipped.replaceFirst("overlap: 1m", "overlap: 366d"))).isEmpty();
    }

    @Test
    void bytesThatAreNotUtf8AreNamedInTheirLine() throws IOException {
        assertThat(mistakesOf(shipped.replace("Field service", "Caf\u00e9"))).containsExactly("4: is not UTF-8. Save it as plain UTF-8 text.");
    }

    @Test
    void aKeyThatWasCutShortIsRecognised() throws IOException {
        assertThat(mistakesOf(shipped.replace("sizeParameter:", "sizeParam:"))).singleElement().asString().endsWith("Did you mean \"sizeParameter\"?");
    }
}
