package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** What a decision writes where, in lines. */
final class Resolutions {
    private Resolutions() {
    }

    static List<String> writes(JsonNode outlook) {
        List<String> lines = new ArrayList<>();
        for (String side : List.of("here", "there")) {
            JsonNode write = outlook.path(side);
            lines.add("  " + Shown.of(write.path("name")) + ": " + Shown.of(write.path("action")));
            write.path("fields").forEach(field -> lines.add("    " + Shown.of(field.path("to")) + ": " + Shown.of(field.path("from")) + " -> "
                    + Shown.of(field.path("says"))));
        }
        if (!outlook.path("needs").isEmpty()) {
            List<String> needs = new ArrayList<>();
            outlook.path("needs").forEach(field -> needs.add(Shown.of(field)));
            lines.add("  to be said: " + String.join(", ", needs));
        }
        return lines;
    }
}
