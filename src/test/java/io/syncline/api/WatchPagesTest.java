package io.syncline.api;

import io.syncline.access.Role;
import io.syncline.api.Doors.Answered;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The pages for machines that watch, and those that a framework would have added without being asked. */
class WatchPagesTest {
    private static Doors doors;
    private static String viewer;

    @BeforeAll
    static void open() {
        doors = Doors.open();
        viewer = doors.key("prometheus", "default", Role.VIEWER);
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    @Test
    void strangersHearWhetherItServesAndNothingElse() {
        assertThat(doors.get("/livez", null).text()).isEqualToIgnoringWhitespace("{\"status\":\"alive\"}");
        assertThat(doors.get("/readyz", null).text()).isEqualToIgnoringWhitespace("{\"status\":\"ready\"}");
        assertThat(doors.get("/health", null).text()).isEqualToIgnoringWhitespace("{\"status\":\"green\"}");
        assertThat(doors.get("/health", viewer).json().has("syncs")).isTrue();
        assertThat(doors.get("/health", "sln_nonsense").code()).isEqualTo("unauthenticated");
        assertThat(doors.send("POST", "/livez", null, null).status()).isEqualTo(405);
        assertThat(doors.send("HEAD", "/readyz", null, null).status()).isEqualTo(200);
    }

    @Test
    void whoeverWatchesIsNotToldThatItWatchesTooMuch() {
        try (Doors strict = Doors.open("--syncline.access.rate.per-second=1", "--syncline.access.rate.burst=2")) {
            for (int i = 0; i < 10; i++) {
                assertThat(strict.get("/readyz", null).status()).isEqualTo(200);
            }
        }
    }

    /** Security row 23. */
    @ParameterizedTest
    @ValueSource(strings = {"/actuator", "/actuator/env", "/actuator/heapdump", "/actuator/configprops", "/actuator/loggers", "/actuator/threaddump",
        "/actuator/mappings", "/actuator/health", "/actuator/prometheus", "/env", "/heapdump", "/prometheus", "/metrics/", "/health/db", "/livez/.."})
    void nothingElseIsThereForAnybody(String path) {
        assertThat(doors.get(path, null).status()).isEqualTo(404);
        assertThat(doors.get(path, doors.key("admin" + path.hashCode(), "default", Role.ADMIN)).status()).isEqualTo(404);
    }

    @Test
    void figuresTakeAKeyOfTheOrganisationThatRunsIt() {
        assertThat(doors.get("/metrics", null).status()).isEqualTo(401);
        assertThat(doors.get("/metrics", doors.key("other", "acme", Role.ADMIN)).code()).isEqualTo("forbidden");
        Answered figures = doors.get("/metrics", viewer);
        assertThat(figures.status()).isEqualTo(200);
        assertThat(figures.header("Content-Type")).startsWith("text/plain").contains("version=0.0.4");
    }

    @Test
    void thisMachineNeedsNoKeyWhereThatIsSetAndNoProxySpeaksForAnother() {
        try (Doors open = Doors.open("--syncline.metrics.open=true")) {
            assertThat(open.get("/metrics", null).status()).isEqualTo(200);
            assertThat(open.get("/metrics", null, "X-Forwarded-For", "203.0.113.7").status()).isEqualTo(401);
            assertThat(open.get("/metrics", null, "Forwarded", "for=203.0.113.7").status()).isEqualTo(401);
        }
    }
}
