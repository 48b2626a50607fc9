package io.syncline.config;

import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ShippedConfigurationTest {
    private static final List<String> NEEDED = List.of("SERVICETITAN_TENANT=7", "SERVICETITAN_CLIENT_ID=c1", "SERVICETITAN_CLIENT_SECRET=canary-secret",
            "SERVICETITAN_APP_KEY=canary-key", "SAP_USER=reader", "SAP_PASSWORD=canary-password");

    private final ApplicationContextRunner product = new ApplicationContextRunner().withUserConfiguration(ConfigurationBeans.class);

    @Test
    void thePricebookIsKeptInStepWithServiceTitan() {
        product.withPropertyValues(NEEDED.toArray(String[]::new)).run(context -> {
            Configuration configuration = context.getBean(Configuration.class);
            SyncConfig pricebook = configuration.syncs().get("pricebook");

            assertThat(pricebook.side()).isEqualTo("st");
            assertThat(pricebook.entities()).extracting(EntityConfig::name).containsExactly("categories", "services", "materials", "equipment");
            assertThat(pricebook.schedules()).extracting(SyncConfig.Schedules::incremental, SyncConfig.Schedules::full)
                    .containsExactly("0 */15 * * * ?", "0 0 2 * * ?");
            assertThat(((SourceConfig.Http) configuration.systemOf(pricebook).source()).paging().size()).isEqualTo(500);
            assertThat(context.getBean(Connections.class).of("default", "servicetitan").fill("${SERVICETITAN_TENANT}")).isEqualTo("7");
        });
    }

    @Test
    void theCaseloadIsOnlyEverReadAndOnlyOnDemand() {
        product.withPropertyValues(NEEDED.toArray(String[]::new)).run(context -> {
            Configuration configuration = context.getBean(Configuration.class);
            SyncConfig cases = configuration.syncs().get("cases");

            assertThat(cases.entities()).extracting(EntityConfig::name).containsExactly("teams", "cases", "items");
            assertThat(cases.entities()).allMatch(EntityConfig::readOnly);
            assertThat(cases.schedules()).extracting(SyncConfig.Schedules::incremental, SyncConfig.Schedules::full).containsExactly(null, null);
            assertThat(configuration.systemOf(cases).readOnly()).isTrue();
            assertThat(((SourceConfig.OData) configuration.systemOf(cases).source()).version()).isEqualTo(4);
            assertThat(((SourceConfig.OData) configuration.systems().get("sap_v2").source()).version()).isEqualTo(2);
        });
    }

    @Test
    void theProductDoesNotStartWithoutItsSettingsAndNamesAllOfThem() {
        product.run(context -> {
            FailureAnalysis report = new BrokenConfigurationReport().analyze(context.getStartupFailure());

            assertThat(report.getDescription().lines().filter(line -> line.startsWith("config/")).map(line -> line.replaceAll(" is not set.*", "")))
                    .containsExactly("config/systems/sap.yaml:16 source.auth.user: SAP_USER", "config/systems/sap.yaml:17 source.auth.password: SAP_PASSWORD",
                            "config/systems/servicetitan.yaml:14 source.auth.clientId: SERVICETITAN_CLIENT_ID",
                            "config/systems/servicetitan.yaml:15 source.auth.clientSecret: SERVICETITAN_CLIENT_SECRET",
                            "config/systems/servicetitan.yaml:17 source.headers.ST-App-Key: SERVICETITAN_APP_KEY",
                            "config/systems/servicetitan.yaml:29 source.resources.categories.path: SERVICETITAN_TENANT");
            assertThat(report.getDescription()).contains("searched for in the environment, the Java system properties, config/application.yaml");
        });
    }

    @Test
    void noSettingIsEverShown() {
        Settings settings = new Settings(List.of(new Settings.Place("the environment",
                Map.of("SERVICETITAN_CLIENT_SECRET", "canary-secret", "SERVICETITAN_URL", "canary url")::get)));

        assertThatThrownBy(() -> ConfigurationReader.with(settings).read(Path.of("config"))).hasMessageContaining("source.baseUrl").message()
                .doesNotContain("canary");
    }
}
