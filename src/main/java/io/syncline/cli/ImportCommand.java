package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "import", sortOptions = false, description = {"Takes the files that suppliers have delivered since, waits, and tells what each brought.",
    "A file is taken once, by its content. Ctrl-C leaves; the import goes on."},
        footerHeading = "%nExamples:%n", footer = {"  syncline import pricebook vendor_prices            the new files",
            "  syncline import pricebook vendor_prices --force    also those that were taken already"})
final class ImportCommand extends Asking {
    private static final int LATEST = 20;

    @Parameters(index = "0", paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
    private String sync;
    @Parameters(index = "1", paramLabel = "IMPORT", description = "The import, as the sync's file names it.")
    private String name;
    @Option(names = "--force", description = "Takes files again that were taken before, and lets rows end however many they are.")
    private boolean force;
    @Option(names = "--no-wait", description = "Says that it is under way, and ends.")
    private boolean leave;

    @Override
    public Integer call() {
        String path = "/v1/syncs/" + Server.encoded(sync) + "/imports/" + Server.encoded(name);
        JsonNode accepted = server().post(path, Server.JSON.createObjectNode().put("force", force));
        if (accepted.path("joined").asBoolean()) {
            complaints().println("Import " + accepted.path("id").asText() + " is under way already" + (leave ? "." : "; waiting for it."));
        }
        if (leave) {
            print(accepted, ticket -> out().println("Import " + ticket.path("id").asText() + " is under way."));
            return Ends.WELL;
        }
        JsonNode report = ended(path, accepted.path("id").asLong());
        print(report, this::tell);
        return report.path("state").asText().equals("done") ? Ends.WELL : Ends.FAILED;
    }

    private JsonNode ended(String path, long id) {
        while (true) {
            for (JsonNode report : server().get(path + "?limit=" + LATEST).path("items")) {
                if (report.path("id").asLong() == id && !report.path("state").asText().equals("running")) {
                    return report;
                }
            }
            rest("import " + id);
        }
    }

    private void tell(JsonNode report) {
        out().println("Import " + Shown.of(report.path("id")) + ": " + Shown.of(report.path("state")) + ".");
        if (report.hasNonNull("message")) {
            out().println("  " + Shown.of(report.path("message")));
        }
        List<List<String>> rows = new ArrayList<>();
        report.path("files").forEach(file -> {
            List<String> counts = new ArrayList<>();
            for (String count : List.of("created", "updated", "unchanged", "rejected", "unknown", "ended")) {
                if (file.path(count).asInt() > 0) {
                    counts.add(Shown.number(file.path(count).asLong()) + " " + count);
                }
            }
            rows.add(List.of("  " + Shown.of(file.path("file")), Shown.of(file.path("state")), String.join(", ", counts)));
            if (file.hasNonNull("message")) {
                rows.add(List.of("", "", Shown.of(file.path("message"))));
            }
            file.path("problems").forEach(problem -> rows.add(List.of("", "", "line " + Shown.of(problem.path("line")) + ", "
                    + Shown.of(problem.path("outcome")) + ": " + Shown.of(problem.path("problem")))));
        });
        Shown.table(rows).forEach(out()::println);
    }
}
