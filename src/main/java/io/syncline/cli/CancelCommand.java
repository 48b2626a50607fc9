package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "cancel", sortOptions = false, description = "Ends a run before it is published; what it staged is thrown away.",
        footerHeading = "%nExamples:%n", footer = "  syncline cancel 42")
final class CancelCommand extends Watching {
    @Parameters(paramLabel = "RUN", description = "The run's number.")
    private long run;

    @Override
    public Integer call() {
        JsonNode report = server().post("/v1/runs/" + run + "/cancel", null);
        if (server().json()) {
            printJson(report);
        } else if (hasEnded(report)) {
            tell(report);
        } else {
            out().println("Run " + run + " ends at its next page. See: syncline status");
        }
        return Ends.WELL;
    }
}
