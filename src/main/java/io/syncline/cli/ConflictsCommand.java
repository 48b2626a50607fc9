package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

@Command(name = "conflicts", sortOptions = false, description = {
    "Lists the records of a sync that both sides changed, or shows one of them: both sides, field by field, and what each decision would write where."},
        footerHeading = "%nExamples:%n", footer = {"  syncline conflicts pricebook", "  syncline conflicts pricebook --field price",
            "  syncline conflicts pricebook 12", "  syncline conflicts pricebook --state settled --settled-by ann"})
final class ConflictsCommand extends Asking {
    @Parameters(index = "0", paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
    private String sync;
    @Parameters(index = "1", paramLabel = "ID", arity = "0..1", description = "Shows this one, as the list numbers them.")
    private String id;
    @Option(names = "--state", description = "open, settled or all; open unless said.")
    private String state;
    @Mixin
    private WhichConflicts which;
    @Option(names = "--settled-by", description = "That this person settled.")
    private String settledBy;
    @Option(names = "--limit", defaultValue = "100", description = "How many to list; ${DEFAULT-VALUE} unless said.")
    private String limit;

    @Override
    public Integer call() {
        JsonNode answer = server().get("/v1/syncs/" + Server.encoded(sync) + "/conflicts" + (id == null ? Server.query(filters()) : "/" + Server.encoded(id)));
        if (server().json()) {
            printJson(answer);
        } else if (id == null) {
            list(answer);
        } else {
            show(answer);
        }
        return Ends.WELL;
    }

    private Map<String, String> filters() {
        Map<String, String> filters = which.filters();
        filters.put("state", state);
        filters.put("settledBy", settledBy);
        filters.put("limit", limit);
        return filters;
    }

    private void list(JsonNode list) {
        List<List<String>> table = new ArrayList<>(List.of(List.of("id", "of", "key", "name", "kind", "fields", "since", "settled")));
        list.path("items").forEach(item -> table.add(List.of(Shown.of(item.path("id")), Shown.of(item.path("entity")), Shown.of(item.path("key")),
                Shown.of(item.path("title")), Shown.of(item.path("kind")), names(item.path("fields")), Shown.of(item.path("detectedAt")),
                item.path("settled").isNull() ? "-" : Shown.of(item.path("settled").path("how")) + " by " + Shown.of(item.path("settled").path("by")))));
        if (table.size() == 1) {
            out().println("No conflicts.");
            return;
        }
        Shown.table(table).forEach(out()::println);
        if (!list.path("next").isNull()) {
            out().println("There are more: open " + Shown.number(list.path("counts").path("state").path("open").asLong()) + ", settled "
                    + Shown.number(list.path("counts").path("state").path("settled").asLong()) + ".");
        }
    }

    private static String names(JsonNode fields) {
        List<String> names = new ArrayList<>();
        fields.forEach(name -> names.add(Shown.of(name)));
        return names.isEmpty() ? "-" : String.join(", ", names);
    }

    private void show(JsonNode conflict) {
        out().println("Conflict " + Shown.of(conflict.path("id")) + ", " + Shown.of(conflict.path("state")) + ": " + Shown.of(conflict.path("entity")) + " "
                + Shown.of(conflict.path("key")) + " " + Shown.of(conflict.path("title")) + ", " + Shown.of(conflict.path("reason")));
        JsonNode theirs = conflict.path("theirs");
        JsonNode ours = conflict.path("ours");
        List<List<String>> table = new ArrayList<>(List.of(List.of("", "field", "agreed", side(theirs), side(ours))));
        conflict.path("values").forEach(value -> {
            if (value.path("movedThere").asBoolean() || value.path("movedHere").asBoolean()) {
                table.add(List.of(value.path("disputed").asBoolean() ? "!" : "", Shown.of(value.path("field")), Shown.of(value.path("base")),
                        theirs.path("deleted").asBoolean() ? "-" : Shown.of(value.path("theirs")), Shown.of(value.path("ours"))));
            }
        });
        Shown.table(table).forEach(out()::println);
        conflict.path("decisions").forEach(decision -> {
            out().println();
            out().println(Shown.of(decision.path("decision")) + (decision.path("possible").asBoolean() ? "" : ": " + Shown.of(decision.path("why"))));
            Resolutions.writes(decision).forEach(out()::println);
        });
        if (conflict.path("settled").isObject()) {
            out().println("Settled by " + Shown.of(conflict.path("settled").path("by")) + " at " + Shown.of(conflict.path("settled").path("at")) + ": "
                    + Shown.of(conflict.path("settled").path("how")));
        } else {
            out().println();
            out().println("version " + Shown.of(conflict.path("etag")).replace("\"", ""));
        }
    }

    private static String side(JsonNode side) {
        return Shown.of(side.path("name")) + (side.path("deleted").asBoolean() ? " (deleted)" : "");
    }
}
