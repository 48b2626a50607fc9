package io.syncline.routes;

import io.syncline.Syncline;
import io.syncline.TestPostgres;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** What the files say is one thing; this is what the product made of them. It ends with its class: otherwise it would work on beside all tests that follow. */
@CamelSpringBootTest
@DirtiesContext
@SpringBootTest(classes = Syncline.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class LoadedRoutesTest {
    @TempDir
    private static Path withoutSyncs;

    @Autowired
    private ModelCamelContext camel;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry settings) {
        settings.add("syncline.config", withoutSyncs::toString);
        settings.add("syncline.database.url", TestPostgres::url);
    }

    @Test
    void everyRouteOfTheFilesIsStarted() {
        assertThat(camel.getRoutes()).extracting(Route::getId).contains("run", "entity", "page", "record", "absences", "plan", "create-channel",
                "outbound-call");
        assertThat(camel.getRoutes()).allSatisfy(route -> assertThat(camel.getRouteController().getRouteStatus(route.getId()).isStarted())
                .as(route.getId()).isTrue());
    }

    /** Promise 8. */
    @Test
    void thePolicyForFailedRecordsIsInForce() {
        assertThat(camel.getRouteDefinition("record").getAppliedRouteConfigurationIds()).contains("record-failures");
    }
}
