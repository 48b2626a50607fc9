package io.syncline.routes;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What the files say is one thing; this is what the product made of them. */
class LoadedRoutesTest {
    @Test
    void thePolicyForFailedRecordsIsInForceAndEveryRouteIsStarted(@TempDir Path empty) {
        try (RunningSyncline syncline = RunningSyncline.start(empty, TestPostgres.url(), Map.of())) {
            ModelCamelContext camel = (ModelCamelContext) syncline.bean(CamelContext.class);
            assertThat(camel.getRouteDefinition("record").getAppliedRouteConfigurationIds()).contains("record-failures");
            assertThat(camel.getRoutes()).extracting(Route::getId).contains("run", "entity", "page", "record", "absences", "plan", "create-channel", "outbound-call");
            assertThat(camel.getRoutes()).allSatisfy(route -> assertThat(camel.getRouteController().getRouteStatus(route.getId()).isStarted()).as(route.getId()).isTrue());
        }
    }
}
