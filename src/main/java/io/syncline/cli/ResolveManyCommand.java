package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

@Command(name = "resolve-many", sortOptions = false, description = {"Shows what deciding about many conflicts at once would write where, and does nothing.",
    "With the token that it prints it decides about exactly these, within the hour; those that have moved since are named and left alone."},
        footerHeading = "%nExamples:%n", footer = {"  syncline resolve-many pricebook use_source --entity materials --field price",
            "  syncline resolve-many pricebook merged --take price=ours", "  syncline resolve-many pricebook --token 6f1c2a34-58f0-4d2e-9a51-0f7b7c1f8e11"})
final class ResolveManyCommand extends Asking {
    @Parameters(index = "0", paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
    private String sync;
    @Parameters(index = "1", paramLabel = "DECISION", arity = "0..1", description = "use_source, use_local or merged.")
    private String decision;
    @Mixin
    private WhichConflicts which;
    @Option(names = "--take", paramLabel = "FIELD=SIDE", description = "Of a merge, whose value a field is to have where both sides changed it: theirs, ours"
            + " or base.")
    private Map<String, String> take = new LinkedHashMap<>();
    @Option(names = "--reason", description = "Why; it is kept with every decision.")
    private String reason;
    @Option(names = "--token", description = "Decides about what was shown with it.")
    private String token;

    @Override
    public Integer call() {
        JsonNode answer = server().post("/v1/syncs/" + Server.encoded(sync) + "/conflicts/resolutions",
                token == null ? wanted() : Server.JSON.createObjectNode().put("token", token));
        if (server().json()) {
            printJson(answer);
        } else if (token == null) {
            show(answer);
        } else {
            tell(answer);
        }
        return answer.path("moved").asLong() == 0 ? Ends.WELL : Ends.FOUND;
    }

    private ObjectNode wanted() {
        ObjectNode body = ResolveCommand.body(decision, take, reason).put("dryRun", true);
        which.filters().forEach((name, value) -> {
            if (value != null) {
                body.withObject("/filter").put(name, value);
            }
        });
        return body;
    }

    private void show(JsonNode preview) {
        out().println(Shown.number(preview.path("conflicts").asLong()) + " conflicts would be decided about.");
        preview.path("leftOut").forEach(left -> out().println("Left out: " + Shown.number(left.path("conflicts").asLong()) + ", because "
                + Shown.of(left.path("why")) + "."));
        preview.path("fields").forEach(each -> out().println("  " + Shown.of(each.path("entity")) + "." + Shown.of(each.path("field")) + ": "
                + Shown.number(each.path("here").asLong()) + " here, " + Shown.number(each.path("there").asLong()) + " there" + stays(each)));
        out().println("token " + Shown.of(preview.path("token")));
    }

    private static String stays(JsonNode field) {
        long stays = field.path("stays").asLong();
        return stays == 0 ? "" : "; " + Shown.number(stays) + " stay as the one side has it that changed it";
    }

    private void tell(JsonNode made) {
        out().println(Shown.number(made.path("made").asLong()) + " settled, " + Shown.number(made.path("waiting").asLong())
                + " to be made true by the next publish, " + Shown.number(made.path("moved").asLong()) + " left alone.");
        made.path("movedFirst").forEach(left -> out().println("  " + Shown.of(left.path("id")) + "  " + Shown.of(left.path("entity")) + " "
                + Shown.of(left.path("key")) + ": " + Shown.of(left.path("why"))));
    }
}
