package io.syncline.config;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SettingsTest {
    private static final String SYSTEM = """
            name: crm
            title: CRM
            source:
              kind: http
              baseUrl: ${CRM_URL}
              allowPrivateNetwork: ${CRM_PRIVATE:false}
              auth: {kind: basic, user: "${CRM_USER:sync}", password: "${CRM_PASSWORD}"}
              resources:
                customers: {path: "/${CRM_TENANT}/customers"}
            """;
    private static final String SYNC = """
            name: sales
            title: Sales
            system: crm
            side: crm
            entities:
              customers: {key: id, fields: {name: text}}
            """;

    @TempDir
    private Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> properties = new HashMap<>();
    private final Settings settings = new Settings(List.of(new Settings.Place("the environment", environment::get),
            new Settings.Place("config/application.yaml", properties::get)));
    private Written written;

    @BeforeEach
    void write() {
        written = new Written(folder).file("systems/crm.yaml", SYSTEM).file("syncs/sales.yaml", SYNC);
    }

    @Test
    void aConnectionIsFilledFromTheFirstPlaceThatKnowsTheName() {
        properties.put("CRM_URL", "https://from.properties");
        properties.put("CRM_TENANT", "7");
        environment.put("CRM_URL", "https://from.environment");
        Connection connection = new EnvironmentConnections(settings).of("default", "crm");

        assertThat(connection.fill("${CRM_URL}/${CRM_TENANT}/${CRM_USER:sync}")).isEqualTo("https://from.environment/7/sync");
        assertThat(connection.organisation()).isEqualTo("default");
        assertThat(connection.system()).isEqualTo("crm");
    }

    @Test
    void whatIsFilledInIsNotFilledAgain() {
        environment.put("CRM_PASSWORD", "${CRM_URL}$1\\");

        assertThat(settings.fill("${CRM_PASSWORD}")).isEqualTo("${CRM_URL}$1\\");
    }

    @Test
    void aMissingSettingNamesEveryPlaceThatWasSearched() {
        assertThatThrownBy(() -> settings.fill("${CRM_URL}")).isInstanceOf(MissingSetting.class)
                .hasMessage("CRM_URL is not set; searched for in the environment, config/application.yaml.");
    }

    /** Promise 29. */
    @Test
    void anOrganisationHasSettingsOfItsOwnAndNeverThoseOfAnother() {
        environment.putAll(Map.of("CRM_URL", "https://default", "CRM_PASSWORD", "s3cret", "ACME_CRM_URL", "https://acme", "NORTH_WEST_7_CRM_URL",
                "https://nw"));
        EnvironmentConnections connections = new EnvironmentConnections(settings);

        assertThat(connections.of("acme", "crm").fill("${CRM_URL} ${CRM_USER:sync}")).isEqualTo("https://acme sync");
        assertThat(connections.of("acme", "crm").organisation()).isEqualTo("acme");
        assertThat(connections.of("north-west_7", "crm").fill("${CRM_URL}")).isEqualTo("https://nw");
        assertThat(connections.of("default", "crm").fill("${CRM_URL}")).isEqualTo("https://default");
        assertThatThrownBy(() -> connections.of("acme", "crm").fill("${CRM_PASSWORD}")).isInstanceOf(MissingSetting.class)
                .hasMessage("ACME_CRM_PASSWORD is not set; searched for in the environment, config/application.yaml.");
    }

    @Test
    void theSettingsOfEveryOrganisationAreCheckedAtStart() {
        written.file("syncs/sales.yaml", SYNC + "organisations: [default, acme, globex]\n");
        environment.putAll(Map.of("CRM_URL", "https://crm", "CRM_PASSWORD", "x", "CRM_TENANT", "7", "ACME_CRM_URL", "https://me:s3cret@crm",
                "ACME_CRM_PASSWORD", "x",
                "ACME_CRM_TENANT", "8", "GLOBEX_CRM_URL", "https://crm", "GLOBEX_CRM_TENANT", "9"));

        assertThat(mistakes()).containsExactly(
                "config/systems/crm.yaml:5 source.baseUrl: \"${CRM_URL}\" is not an address that can be called. "
                        + "Write it like https://api.example.com/v2, without user, query and fragment.",
                "config/systems/crm.yaml:7 source.auth.password: GLOBEX_CRM_PASSWORD is not set; searched for in the environment, config/application.yaml. "
                        + "Set it in one of them, or give it a default: ${CRM_PASSWORD:…}.");
    }

    @Test
    void twoOrganisationsWhoseSettingsWouldBeTheSameAreAMistake() {
        written.file("syncs/sales.yaml", SYNC + "organisations: [a-b, a_b]\n");
        assertThat(written.mistakes()).singleElement().asString().contains("config/syncs/sales.yaml:",
                "organisations: the organisation \"a_b\" would take A_B_CRM_",
                "for its own, and so does \"a-b\". Give one of them another name.");

        written.file("systems/crm.yaml", SYSTEM.replace("CRM_URL", "URL").replace("CRM_TENANT", "CRM_URL")).file("syncs/sales.yaml", SYNC
                + "organisations: [default, crm]\n");
        assertThat(written.mistakes()).singleElement().asString().contains("would take CRM_URL for its own, and so does \"default\"");
    }

    @Test
    void allMissingSettingsOfAConnectionInUseAreMistakesAtStart() {
        environment.put("CRM_PASSWORD", "s3cret");

        assertThat(mistakes()).containsExactly(
                "config/systems/crm.yaml:5 source.baseUrl: CRM_URL is not set; searched for in the environment, config/application.yaml. "
                        + "Set it in one of them, or give it a default: ${CRM_URL:…}.",
                "config/systems/crm.yaml:9 source.resources.customers.path: CRM_TENANT is not set; searched for in the environment, config/application.yaml. "
                        + "Set it in one of them, or give it a default: ${CRM_TENANT:…}.");
    }

    @Test
    void aSystemThatNoSyncUsesNeedsNoSettings() {
        written.file("systems/shop.yaml", SYSTEM.replace("crm", "shop").replace("CRM_", "SHOP_"));
        environment.putAll(Map.of("CRM_URL", "https://crm", "CRM_PASSWORD", "x", "CRM_TENANT", "7"));

        assertThat(mistakes()).isEmpty();
    }

    @Test
    void checkingTheFilesNeedsNoSettings() {
        assertThat(written.mistakes()).isEmpty();
    }

    @Test
    void aSettingThatMakesNoAddressOrNoTruthIsAMistakeThatDoesNotShowIt() {
        environment.putAll(Map.of("CRM_URL", "https://me:s3cret@crm", "CRM_TENANT", "7", "CRM_PASSWORD", "s3cret", "CRM_PRIVATE", "s3cret"));

        assertThat(mistakes()).containsExactly(
                "config/systems/crm.yaml:5 source.baseUrl: \"${CRM_URL}\" is not an address that can be called. "
                        + "Write it like https://api.example.com/v2, without user, query and fragment.",
                "config/systems/crm.yaml:6 source.allowPrivateNetwork: its setting is neither true nor false. Set it to true or false.");
    }

    @Test
    void aPlaceholderMayStandForTrueOrFalse() {
        environment.putAll(Map.of("CRM_URL", "https://crm.example.com", "CRM_TENANT", "7", "CRM_PASSWORD", "s3cret", "CRM_PRIVATE", "true"));

        Configuration configuration = ConfigurationReader.with(settings).read(written.directory());

        assertThat(((SourceConfig.Http) configuration.systems().get("crm").source()).allowPrivateNetwork()).isTrue();
        assertThat(((SourceConfig.Http) written.read().systems().get("crm").source()).allowPrivateNetwork()).isFalse();
        assertThat(configuration.toString()).doesNotContain("s3cret");
    }

    private List<String> mistakes() {
        return ConfigurationReader.with(settings).mistakes(written.directory()).stream().map(Mistake::toString).toList();
    }
}
