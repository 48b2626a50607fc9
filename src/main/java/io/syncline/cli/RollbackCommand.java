package io.syncline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rollback", sortOptions = false, description = {"Shows what taking a run back would do, row by row, and does nothing.",
    "The plan is kept for an hour; \"syncline apply\" makes it true. Rows that have moved since that run are named and left as they are."},
        footerHeading = "%nExamples:%n", footer = "  syncline rollback 42 --reason \"SAP had delivered last week's file again\"")
final class RollbackCommand extends Planning {
    @Parameters(paramLabel = "RUN", description = "The number of the run to take back.")
    private long run;
    @Option(names = "--reason", required = true, description = "Why; it is kept with the plan, with what applies it, and in the activity.")
    private String reason;
    @Option(names = "--rows", defaultValue = "20", description = "How many rows to show; ${DEFAULT-VALUE} unless said.")
    private int rows;

    @Override
    public Integer call() {
        return told(ended(server().post("/v1/runs/" + run + "/rollback", Server.JSON.createObjectNode().put("reason", reason))), rows);
    }
}
