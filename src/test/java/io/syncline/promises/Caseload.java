package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.sandbox.SapSandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The product on a sandbox SAP, with the caseload's configuration that ships. */
final class Caseload implements AutoCloseable {
    final SapSandbox sandbox;
    final RunningSyncline syncline;
    private final Path folder;
    private final String database;

    private Caseload(SapSandbox sandbox, Path folder, String database, Map<String, String> more) {
        this.sandbox = sandbox;
        this.folder = folder;
        this.database = database;
        Map<String, String> settings = new TreeMap<>(settings(sandbox));
        settings.putAll(more);
        this.syncline = RunningSyncline.start(folder, database, settings);
    }

    /**
     * @param system sap or sap_v2
     * @param folder for the configuration
     */
    static Caseload open(String system, SapSandbox.Options options, Path folder) {
        return open(system, options, folder, Map.of());
    }

    static Caseload open(String system, SapSandbox.Options options, Path folder, Map<String, String> more) {
        return new Caseload(SapSandbox.start(options), configuration(system, folder), TestPostgres.url(), more);
    }

    /** Another process on the same database, with the configuration as it stands now. */
    Caseload another(Map<String, String> more) {
        return new Caseload(sandbox, folder, database, more);
    }

    private static Map<String, String> settings(SapSandbox sandbox) {
        return Map.of("SAP_URL", sandbox.url(), "SAP_USER", sandbox.options().user(), "SAP_PASSWORD", sandbox.options().password(), "SAP_PRIVATE_NETWORK",
                "true");
    }

    private static Path configuration(String system, Path folder) {
        try {
            Files.createDirectories(folder.resolve("systems"));
            Files.createDirectories(folder.resolve("syncs"));
            Files.writeString(folder.resolve("systems/" + system + ".yaml"), Files.readString(Path.of("config/systems/" + system + ".yaml"))
                    .replace("  resources:\n", "  limits: {attempts: 2, firstWait: 10ms}\n\n  resources:\n"));
            Files.writeString(folder.resolve("syncs/cases.yaml"), Files.readString(Path.of("config/syncs/cases.yaml"))
                    .replace("system: sap ", "system: " + system + " "));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode full() {
        return syncline.full("cases");
    }

    JsonNode incremental() {
        return syncline.incremental("cases");
    }

    /** How often an outcome was counted for an entity. */
    static int count(JsonNode report, String entity, String outcome) {
        return RunningSyncline.entity(report, entity).path("counts").path(outcome).asInt();
    }

    /** The documents of all live rows by their key. */
    Map<String, String> documents(String entity) {
        Map<String, String> documents = new TreeMap<>();
        syncline.sql().sql("select sap_id, document from cases." + entity + " where deleted_at is null")
                .query(row -> {
                    documents.put(row.getString(1), row.getString(2));
                });
        return documents;
    }

    @Override
    public void close() {
        syncline.close();
        sandbox.close();
    }
}
