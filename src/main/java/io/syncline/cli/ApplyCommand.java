package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "apply", sortOptions = false, description = "Makes a kept plan true. Rows that have moved since it was made are set aside and named.",
        footerHeading = "%nExamples:%n", footer = "  syncline apply 42    the plan of run 42, as \"syncline plan\" showed it")
final class ApplyCommand extends Watching {
    @Parameters(paramLabel = "PLAN", description = "The number of the run that made the plan.")
    private long plan;

    @Override
    public Integer call() {
        JsonNode answer = server().post("/v1/plans/" + plan + "/apply", Server.JSON.createObjectNode());
        JsonNode report = answer.has("entities") ? answer : ended(answer);
        print(report, this::tell);
        return report.path("state").asText().equals("published") ? Ends.WELL : Ends.FAILED;
    }
}
