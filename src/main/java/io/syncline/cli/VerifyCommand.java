package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Set;

@Command(name = "verify", sortOptions = false, description = "Compares the source with what the tables say now, record by record. Nothing is written.",
        footerHeading = "%nExamples:%n", footer = {"  syncline verify pricebook", "  syncline verify pricebook --entity materials --json"})
final class VerifyCommand extends Watching {
    private static final Set<String> DIFFERENCES = Set.of("different", "missing", "extra", "rejected");

    @Parameters(paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
    private String sync;
    @Option(names = "--entity", description = "Only this entity.")
    private String entity;

    @Override
    public Integer call() {
        ObjectNode start = Server.JSON.createObjectNode().put("mode", "verify");
        if (entity != null) {
            start.put("entity", entity);
        }
        JsonNode report = made(sync, start);
        if (server().json()) {
            printJson(report);
        } else {
            tell(report);
            report.path("entities").forEach(each -> each.path("examples").forEach(example -> out().printf("  %s %s %s: %s%n", Shown.of(each.path("entity")),
                    Shown.of(example.path("key")), Shown.of(example.path("finding")), Shown.of(example.path("why")))));
        }
        return !report.path("state").asText().equals("compared") ? Ends.FAILED : hasAny(report, DIFFERENCES) ? Ends.FOUND : Ends.WELL;
    }
}
