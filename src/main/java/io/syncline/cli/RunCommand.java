package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Set;

@Command(name = "run", sortOptions = false, description = {"Syncs: reads what has changed, or everything, and publishes the difference.",
    "It waits for the run's end and tells how far it is. Ctrl-C leaves; the run goes on."},
        footerHeading = "%nExamples:%n", footer = {"  syncline run pricebook                          what has changed since the last run",
            "  syncline run pricebook --mode full              everything; only this can tell what is gone",
            "  syncline run pricebook --entity materials --record 9404   one record",
            "  syncline run pricebook --since 2026-11-01T00:00:00Z", "  syncline run pricebook --no-wait --json         for scripts that look later"})
final class RunCommand extends Watching {
    private static final Set<String> DONE = Set.of("published", "planned", "compared");

    enum Mode { INCREMENTAL, FULL }

    @Parameters(paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
    private String sync;
    @Option(names = "--mode", defaultValue = "INCREMENTAL", description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless said.")
    private Mode mode;
    @Option(names = "--entity", description = "Only this entity.")
    private String entity;
    @Option(names = "--record", paramLabel = "KEY", description = "Only the record of the entity that has this key in its system.")
    private String record;
    @Option(names = "--since", paramLabel = "TIME", description = "What has changed since this moment, in place of the last run.")
    private String since;
    @Option(names = "--repair", description = "Also mends rows that somebody changed behind the product's back; full runs only.")
    private boolean repair;
    @Option(names = "--no-wait", description = "Says where the run is, and ends.")
    private boolean leave;

    @Override
    public Integer call() {
        ObjectNode start = Server.JSON.createObjectNode().put("mode", record != null ? "record" : mode.name().toLowerCase(java.util.Locale.ROOT));
        if (entity != null) {
            start.put("entity", entity);
        }
        if (record != null) {
            start.put("key", record);
        }
        if (since != null) {
            start.put("since", since);
        }
        if (repair) {
            start.put("repair", true);
        }
        JsonNode ticket = asked(sync, start);
        if (leave) {
            print(ticket, run -> out().println("Run " + run.path("run").asText() + " is " + run.path("state").asText() + "."));
            return Ends.WELL;
        }
        JsonNode report = ended(ticket);
        print(report, this::tell);
        return DONE.contains(report.path("state").asText()) ? Ends.WELL : Ends.FAILED;
    }
}
