package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(name = "anchor", sortOptions = false, description = {"Writes an anchor now, to the places that the server's settings name, and prints it.",
    "One is written once a day by itself. It needs a key with the role admin."},
        footerHeading = "%nExamples:%n", footer = {"  syncline anchor", "  syncline anchor --json"})
final class AnchorCommand extends Asking {
    @Override
    public Integer call() {
        JsonNode answer = server().post("/v1/anchors", Server.JSON.createObjectNode());
        print(answer, anchors -> anchors.path("items").forEach(item -> out().println(Shown.of(item.path("line")))));
        return Ends.WELL;
    }
}
