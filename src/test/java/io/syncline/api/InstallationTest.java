package io.syncline.api;

import io.syncline.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class InstallationTest {

    @Test
    void routesAndSettingsAreFoundWhereverTheInstallationIs(@TempDir Path home) throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.createDirectories(home.resolve("routes"));
        Files.copy(Path.of("routes/api.yaml"), home.resolve("routes/api.yaml"));
        Files.writeString(home.resolve("config/application.yaml"), "syncline: {api: {patience: 7s}}\n");
        try (ConfigurableApplicationContext application = start(home)) {
            assertThat(application.getBean(ApiSettings.class).patience()).isEqualTo(Duration.ofSeconds(7));
            assertThat(application.getEnvironment().getProperty("syncline.config")).isEqualTo(home + "/config");
            assertThat(application.getEnvironment().getProperty("server.address")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void aMisspeltSettingStopsTheStart() {
        assertThatThrownBy(() -> Doors.open("--syncline.api.pateince=7s")).hasStackTraceContaining("pateince");
    }

    @Test
    void aContractWithoutItsRouteStopsTheStart(@TempDir Path home) throws IOException {
        Files.createDirectories(home.resolve("routes"));
        Files.writeString(home.resolve("routes/api.yaml"), Files.readString(Path.of("routes/api.yaml")).replace("direct:showRun", "direct:shwRun"));
        assertThatThrownBy(() -> start(home)).hasStackTraceContaining("direct:showRun");
    }

    private static ConfigurableApplicationContext start(Path home) {
        return new SpringApplicationBuilder(Doors.House.class)
                .run("--syncline.home=" + home, "--server.port=0", "--spring.datasource.url=" + TestPostgres.url());
    }
}
