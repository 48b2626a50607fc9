package io.syncline.config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Promise 27 for webhooks: every mistake at once, each with what to write instead, and no secret in any of them. */
class WebhookRulesTest {
    private static final String SYSTEM = """
            name: crm
            title: CRM
            source:
              kind: http
              baseUrl: https://crm.example
              resources:
                customers: {path: /customers, records: data, byId: "/customers/{id}"}
                notes: {path: /notes, records: data, paging: {kind: none}}
            webhook:
            """;
    private static final String SYNC = """
            name: people
            title: People
            system: crm
            side: crm
            organisations: [acme, globex]
            entities:
              customers: {key: id, fields: {name: text}}
            """;

    @TempDir
    private Path folder;

    private List<String> mistakes(String webhook, Map<String, String> settings) {
        Path directory = new Written(folder).file("systems/crm.yaml", SYSTEM + webhook.indent(2)).file("syncs/people.yaml", SYNC).directory();
        Settings places = settings == null ? null : new Settings(List.of(new Settings.Place("the environment", settings::get)));
        ConfigurationReader reader = places == null ? ConfigurationReader.withoutSettings() : ConfigurationReader.with(places);
        return reader.mistakes(directory).stream().map(Mistake::toString).toList();
    }

    @Test
    void whatIsRightIsRight() {
        assertThat(mistakes("secret: ${HOOK:}\nentity: type\nkey: data.id", Map.of())).isEmpty();
        assertThat(mistakes("""
                scheme: hmac-sha256-hex
                secret: ${HOOK}
                signatureHeader: X-Signature
                prefix: sha256=
                entityHeader: X-Resource
                names: {customer: customers}
                key: id""", Map.of("ACME_HOOK", "a".repeat(16), "GLOBEX_HOOK", "b".repeat(16)))).isEmpty();
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        assertThat(mistakes("""
                scheme: hmac-sha256-hex
                secret: in the open
                names: {customer: custmers, note: notes}
                key: id
                retries: 3""", null)).satisfiesExactlyInAnyOrder(
                        mistake -> assertThat(mistake).contains("webhook", "does not say where the signature stands", "signatureHeader:"),
                        mistake -> assertThat(mistake).contains("webhook.secret", "A secret does not belong in a file"),
                        mistake -> assertThat(mistake).contains("webhook", "either entity: or entityHeader:"),
                        mistake -> assertThat(mistake).contains("webhook.names.customer", "\"custmers\" is not a resource of this system", "customers"),
                        mistake -> assertThat(mistake).contains("webhook.names.note", "a record of it could not be read", "byId"),
                        mistake -> assertThat(mistake).contains("retries", "not"));
    }

    @Test
    void aSecretThatCouldKeepNobodyOutIsAMistakeAndNotShown() {
        String standard = "secret: ${HOOK:}\nentity: type\nkey: id";
        assertThat(mistakes(standard, Map.of("ACME_HOOK", "whsec_c2hvcnQ="))).singleElement().asString().contains("too short").doesNotContain("c2hvcnQ");
        assertThat(mistakes(standard, Map.of("ACME_HOOK", "whsec_not base64"))).singleElement().asString().contains("whsec_ and base64")
                .doesNotContain("not base64");
        assertThat(mistakes("scheme: hmac-sha256-hex\nsignatureHeader: X-S\n" + standard, Map.of("ACME_HOOK", "short"))).singleElement().asString()
                .contains("too short");
    }

    @Test
    void noTwoOrganisationsHaveTheSameSecret() {
        String same = "whsec_" + "A".repeat(32);
        assertThat(mistakes("secret: ${HOOK:}\nentity: type\nkey: id", Map.of("ACME_HOOK", same, "GLOBEX_HOOK", same))).singleElement().asString()
                .contains("\"acme\" and \"globex\"", "whose a message is").doesNotContain(same);
    }

    @Test
    void whatIsLeftOutIsAsTheStandardSays() {
        Path directory = new Written(folder).file("systems/crm.yaml", SYSTEM + "  secret: ${HOOK:}\n  entity: type\n  key: data.id\n")
                .file("syncs/people.yaml", SYNC).directory();
        WebhookConfig webhook = ConfigurationReader.withoutSettings().read(directory).systems().get("crm").webhook();
        assertThat(Stream.of(webhook.signatureHeader(), webhook.idHeader(), webhook.timestampHeader()))
                .containsExactly("webhook-signature", "webhook-id", "webhook-timestamp");
        assertThat(webhook.key()).containsExactly("data", "id");
        assertThat(webhook.previousSecret()).isNull();
    }
}
