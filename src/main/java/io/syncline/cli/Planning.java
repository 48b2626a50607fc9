package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A command whose run makes a plan and does nothing: it shows that plan row by row, and its exit code says whether there is anything in it. */
abstract class Planning extends Watching {
    private static final Set<String> CHANGES = Set.of("create", "link", "update", "remapped", "restore", "delete", "conflict", "converged", "held");
    private static final int WIDEST = 100;

    /**
     * Shows what has been planned.
     *
     * @param rows how many of them
     * @return the exit code
     */
    int told(JsonNode report, int rows) {
        boolean changes = hasAny(report, CHANGES);
        if (server().json()) {
            printJson(report);
        } else {
            tell(report);
            boolean any = changes || hasAny(report, Set.of("moved"));
            if (any && rows > 0 && report.path("state").asText().matches("planned|partial")) {
                showRows(report.path("run").asText(), rows, changes);
            }
        }
        return !report.path("state").asText().equals("planned") ? Ends.FAILED : changes ? Ends.FOUND : Ends.WELL;
    }

    private void showRows(String plan, int rows, boolean changes) {
        JsonNode list = server().get("/v1/plans/" + plan + "/rows?limit=" + Math.min(rows, 1000));
        List<List<String>> table = new ArrayList<>(List.of(List.of("entity", "key", "becomes", "fields")));
        list.path("items").forEach(row -> table.add(List.of(Shown.of(row.path("entity")), Shown.of(row.path("key")), Shown.of(row.path("outcome")), what(row))));
        out().println();
        Shown.table(table).forEach(out()::println);
        if (list.hasNonNull("next")) {
            out().println("… and more; --rows says how many are shown.");
        }
        if (changes) {
            out().println("Make it true with: syncline apply " + plan);
        }
    }

    private static String what(JsonNode row) {
        List<String> fields = new ArrayList<>();
        row.path("fields").forEach(field -> fields.add(field.has("before") && field.has("after")
                ? "%s: %s -> %s".formatted(Shown.of(field.path("field")), Shown.of(field.path("before")), Shown.of(field.path("after")))
                : Shown.of(field.path("field"))));
        String told = row.path("outcome").asText().equals("moved") ? Shown.of(row.path("reason")) : String.join(", ", fields);
        return told.length() > WIDEST ? told.substring(0, WIDEST - 1) + "…" : told;
    }
}
