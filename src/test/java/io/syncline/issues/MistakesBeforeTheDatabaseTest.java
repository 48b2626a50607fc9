package io.syncline.issues;

import io.syncline.Syncline;
import io.syncline.config.BrokenConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Who had a mistake in the configuration used to wait until PostgreSQL had been unpacked and started before it was told. */
class MistakesBeforeTheDatabaseTest {
    /** Promise 27. */
    @Test
    void aMistakeIsToldBeforeADatabaseIsUnpacked(@TempDir Path folder) {
        Path data = folder.resolve("data");
        assertThatThrownBy(() -> new SpringApplicationBuilder(Syncline.class).run("--server.port=0", "--syncline.database.port=0",
                "--syncline.config=src/test/resources/broken/by-id-without-id/config", "--syncline.data-directory=" + data))
                .hasRootCauseInstanceOf(BrokenConfiguration.class);
        assertThat(data).doesNotExist();
    }
}
