package io.syncline.api;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

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
        FileSystemUtils.copyRecursively(Path.of("routes"), home.resolve("routes"));
        Files.writeString(home.resolve("config/application.yaml"), "syncline: {api: {patience: 7s}}\n");
        try (Doors doors = Doors.in(home)) {
            ConfigurableApplicationContext application = doors.application;
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
        Files.writeString(home.resolve("routes/api.yaml"), Files.readString(Path.of("routes/api.yaml")).replace("value: showRun", "value: shwRun"));
        assertThatThrownBy(() -> Doors.open("--camel.main.routes-include-pattern=file:" + home + "/routes/*.yaml"))
                .hasStackTraceContaining("direct:showRun");
    }
}
