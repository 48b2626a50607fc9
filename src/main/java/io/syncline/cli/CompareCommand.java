package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

@Command(name = "compare", sortOptions = false, description = "Shows what is different between two snapshots.",
        footerHeading = "%nExamples:%n", footer = {"  syncline compare pricebook materials 3 7", "  syncline compare pricebook materials 3 7 --kind removed"})
final class CompareCommand extends Asking {
    private static final int MOST = 1000;
    private static final int WIDTH = 100;

    @Parameters(index = "0", paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
    private String sync;
    @Parameters(index = "1", paramLabel = "ENTITY", description = "The entity.")
    private String entity;
    @Parameters(index = "2", paramLabel = "FROM", description = "The number of a snapshot.")
    private String from;
    @Parameters(index = "3", paramLabel = "TO", description = "The number of another.")
    private String to;
    @Option(names = "--kind", description = "Only added, removed or changed ones.")
    private String kind;
    @Option(names = "--rows", defaultValue = "20", description = "How many rows to show; ${DEFAULT-VALUE} unless said.")
    private int rows;

    @Override
    public Integer call() {
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("from", from);
        asked.put("to", to);
        asked.put("kind", kind);
        asked.put("limit", Integer.toString(Math.max(1, Math.min(rows, MOST))));
        JsonNode answer = server().get("/v1/syncs/%s/entities/%s/compare%s".formatted(Server.encoded(sync), Server.encoded(entity), Server.query(asked)));
        print(answer, this::tell);
        long differences = 0;
        for (JsonNode count : answer.path("counts")) {
            differences += count.asLong();
        }
        return differences == 0 ? Ends.WELL : Ends.FOUND;
    }

    private void tell(JsonNode answer) {
        JsonNode counts = answer.path("counts");
        out().printf("snapshot %s of %s against %s of %s: %s added, %s removed, %s changed%n", Shown.of(answer.path("from").path("number")),
                Shown.of(answer.path("from").path("sealedAt")), Shown.of(answer.path("to").path("number")), Shown.of(answer.path("to").path("sealedAt")),
                Shown.of(counts.path("added")), Shown.of(counts.path("removed")), Shown.of(counts.path("changed")));
        if (rows < 1 || answer.path("items").isEmpty()) {
            return;
        }
        List<List<String>> table = new ArrayList<>(List.of(List.of("record", "is", "fields")));
        answer.path("items").forEach(item -> {
            List<String> fields = new ArrayList<>();
            item.path("changed").forEach(field -> fields.add("%s: %s -> %s".formatted(Shown.of(field.path("field")), Shown.of(field.path("from")),
                    Shown.of(field.path("to")))));
            String told = item.path("erased").asBoolean() ? "what it said was removed since" : String.join(", ", fields);
            table.add(List.of(Shown.of(item.path("name")), Shown.of(item.path("kind")), told.length() > WIDTH ? told.substring(0, WIDTH - 1) + "…" : told));
        });
        Shown.table(table).forEach(out()::println);
        if (answer.hasNonNull("next")) {
            out().println("… and more; --rows says how many are shown, --json gives the cursor of the next ones.");
        }
    }
}
