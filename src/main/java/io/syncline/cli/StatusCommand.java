package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "status", sortOptions = false, description = "Shows how the syncs stand: green, yellow or red, and why.",
        footerHeading = "%nExamples:%n", footer = {"  syncline status              all syncs", "  syncline status pricebook    one, entity by entity",
            "  syncline status --json       for programs"})
final class StatusCommand extends Asking {
    @Parameters(paramLabel = "SYNC", arity = "0..1", description = "The sync, as config/syncs names it; all of them unless said.")
    private String sync;

    @Override
    public Integer call() {
        JsonNode answer = server().get(sync == null ? "/v1/syncs?limit=1000" : "/v1/syncs/" + Server.encoded(sync));
        if (server().json()) {
            printJson(answer);
            return Ends.WELL;
        }
        (sync == null ? answer.path("items") : Server.JSON.createArrayNode().add(answer)).forEach(this::tell);
        return Ends.WELL;
    }

    private void tell(JsonNode state) {
        out().printf("%s: %s%n", Shown.of(state.path("sync")), Shown.of(state.path("status")));
        JsonNode why = state.path("why");
        (why.isArray() ? why : Server.JSON.createArrayNode().add(why)).forEach(each -> out().println("  " + Shown.of(each)));
        out().printf("  last full: %s; last incremental: %s; next: %s%n", last(state.path("lastFull")), last(state.path("lastIncremental")),
                Shown.of(state.path("nextScheduled")));
        if (state.hasNonNull("activity")) {
            JsonNode now = state.path("activity");
            out().printf("  under way: run %s (%s), %s, %s records, %s/s%n", Shown.of(now.path("run")), Shown.of(now.path("mode")), Shown.of(now.path("phase")),
                    Shown.number(now.path("records").asLong()), Shown.number(now.path("recordsPerSecond").asLong()));
        }
        List<List<String>> table = new ArrayList<>(List.of(List.of("  entity", "total", "synced", "pending", "conflicts")));
        state.path("entities").forEach(entity -> table.add(List.of("  " + Shown.of(entity.path("entity")), Shown.of(entity.path("total")),
                Shown.of(entity.path("synced")), Shown.of(entity.path("pending")), Shown.of(entity.path("conflicts")))));
        if (table.size() > 1) {
            Shown.table(table).forEach(out()::println);
        }
    }

    private static String last(JsonNode run) {
        return run.isObject() ? "run " + Shown.of(run.path("run")) + " " + Shown.of(run.path("state")) + " " + Shown.of(run.path("finishedAt")) : "never";
    }
}
