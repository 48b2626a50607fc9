package io.syncline.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "plan", sortOptions = false, description = {"Shows what a run would do, row by row, and does nothing.",
    "The plan is kept for an hour; \"syncline apply\" makes it true, without the rows that have moved since."},
        footerHeading = "%nExamples:%n", footer = {"  syncline plan pricebook                     everything",
            "  syncline plan pricebook --mode incremental  what has changed since the last run", "  syncline plan pricebook --rows 0 || echo changes"})
final class PlanCommand extends Planning {
    @Parameters(paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
    private String sync;
    @Option(names = "--mode", defaultValue = "FULL", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless said.")
    private RunCommand.Mode mode;
    @Option(names = "--entity", description = "Only this entity.")
    private String entity;
    @Option(names = "--rows", defaultValue = "20", description = "How many rows to show; ${DEFAULT-VALUE} unless said.")
    private int rows;

    @Override
    public Integer call() {
        ObjectNode start = Server.JSON.createObjectNode().put("mode", mode.name().toLowerCase(java.util.Locale.ROOT)).put("dryRun", true);
        if (entity != null) {
            start.put("entity", entity);
        }
        return told(made(sync, start), rows);
    }
}
