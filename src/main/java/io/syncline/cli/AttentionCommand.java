package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

@Command(name = "attention", sortOptions = false, description = "Lists what waits for a person, or has one of them tried again or closed.",
        subcommands = {AttentionCommand.Retry.class, AttentionCommand.Discard.class},
        footerHeading = "%nExamples:%n", footer = {"  syncline attention", "  syncline attention --sync pricebook --kind rejected",
            "  syncline attention retry a12", "  syncline attention discard a12 --reason \"a test record\""})
final class AttentionCommand extends Asking {
    @Option(names = "--sync", description = "Of this sync.")
    private String sync;
    @Option(names = "--entity", description = "Of this entity.")
    private String entity;
    @Option(names = "--kind", description = "Of this kind: rejected, parked, held or conflict.")
    private String kind;
    @Option(names = "--limit", defaultValue = "100", description = "How many to list; ${DEFAULT-VALUE} unless said.")
    private String limit;

    @Override
    public Integer call() {
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("sync", sync);
        filters.put("entity", entity);
        filters.put("kind", kind);
        filters.put("limit", limit);
        JsonNode list = server().get("/v1/attention" + Server.query(filters));
        if (server().json()) {
            printJson(list);
            return Ends.WELL;
        }
        List<List<String>> table = new ArrayList<>(List.of(List.of("id", "kind", "of", "key", "since", "why")));
        list.path("items").forEach(item -> table.add(List.of(Shown.of(item.path("id")), Shown.of(item.path("kind")),
                Shown.of(item.path("sync")) + "." + Shown.of(item.path("entity")), Shown.of(item.path("key")), Shown.of(item.path("since")),
                Shown.of(item.path("reason")))));
        if (table.size() == 1) {
            out().println("Nothing waits for anybody.");
        } else {
            Shown.table(table).forEach(out()::println);
        }
        return Ends.WELL;
    }

    @Command(name = "retry", sortOptions = false, description = "Asks the source for the record again, now.", footerHeading = "%nExamples:%n",
            footer = "  syncline attention retry a12")
    static final class Retry extends Watching {
        @Parameters(paramLabel = "ID", description = "As the list shows it.")
        private String id;

        @Override
        public Integer call() {
            JsonNode ticket = server().post("/v1/attention/" + Server.encoded(id) + "/retry", null);
            JsonNode report = ticket.has("entities") ? ticket : ended(ticket);
            print(report, this::tell);
            return report.path("state").asText().equals("published") ? Ends.WELL : Ends.FAILED;
        }
    }

    @Command(name = "discard", sortOptions = false, description = "Closes an item for good, with who, when and why.", footerHeading = "%nExamples:%n",
            footer = "  syncline attention discard a12 --reason \"a test record of the supplier\"")
    static final class Discard extends Asking {
        @Parameters(paramLabel = "ID", description = "As the list shows it.")
        private String id;
        @Option(names = "--reason", required = true, description = "Why it need not be looked at any more.")
        private String reason;

        @Override
        public Integer call() {
            JsonNode item = server().post("/v1/attention/" + Server.encoded(id) + "/discard", Server.JSON.createObjectNode().put("reason", reason));
            print(item, closed -> out().println(Shown.text(id) + " is closed."));
            return Ends.WELL;
        }
    }
}
