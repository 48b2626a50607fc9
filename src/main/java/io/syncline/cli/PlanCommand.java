package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

@Command(name = "plan", sortOptions = false, description = {"Shows what a run would do, row by row, and does nothing.",
    "The plan is kept for an hour; \"syncline apply\" makes it true, without the rows that have moved since."},
        footerHeading = "%nExamples:%n", footer = {"  syncline plan pricebook                     everything",
            "  syncline plan pricebook --mode incremental  what has changed since the last run", "  syncline plan pricebook --rows 0 || echo changes"})
final class PlanCommand extends Watching {
    private static final Set<String> CHANGES = Set.of("create", "link", "update", "remapped", "restore", "delete", "conflict", "converged", "held");

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
        JsonNode report = made(sync, start);
        boolean changes = hasAny(report, CHANGES);
        if (server().json()) {
            printJson(report);
        } else {
            tell(report);
            if (changes && rows > 0 && report.path("state").asText().matches("planned|partial")) {
                showRows(report.path("run").asText());
            }
        }
        return !report.path("state").asText().equals("planned") ? Ends.FAILED : changes ? Ends.FOUND : Ends.WELL;
    }

    private void showRows(String plan) {
        JsonNode list = server().get("/v1/plans/" + plan + "/rows?limit=" + Math.min(rows, 1000));
        List<List<String>> table = new ArrayList<>(List.of(List.of("entity", "key", "becomes", "fields")));
        list.path("items").forEach(row -> {
            List<String> fields = new ArrayList<>();
            row.path("fields").forEach(field -> fields.add(field.has("before") && field.has("after")
                    ? "%s: %s -> %s".formatted(Shown.of(field.path("field")), Shown.of(field.path("before")), Shown.of(field.path("after")))
                    : Shown.of(field.path("field"))));
            String told = String.join(", ", fields);
            table.add(List.of(Shown.of(row.path("entity")), Shown.of(row.path("key")), Shown.of(row.path("outcome")),
                    told.length() > 100 ? told.substring(0, 99) + "…" : told));
        });
        out().println();
        Shown.table(table).forEach(out()::println);
        if (list.hasNonNull("next")) {
            out().println("… and more; --rows says how many are shown.");
        }
        out().println("Make it true with: syncline apply " + plan);
    }
}
