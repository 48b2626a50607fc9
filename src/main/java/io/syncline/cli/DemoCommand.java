package io.syncline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

@Command(name = "demo", sortOptions = false,
        description = {"Starts the server with a sandbox that stands in for ServiceTitan, syncs it once and says what to try.",
    "It listens on this machine only. Its data stays in data/, or where --syncline.data-directory says."},
        footerHeading = "%nExamples:%n", footer = {"  syncline demo", "  syncline demo --server.port=8090 --syncline.data-directory=/tmp/demo"})
final class DemoCommand implements Callable<Integer> {
    static final int RUNS_ON = -1;

    @ParentCommand
    private Cli cli;
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    private boolean help;

    @Override
    public Integer call() {
        List<String> arguments = new ArrayList<>(cli.settings());
        arguments.add("--spring.profiles.active=demo");
        cli.serve(arguments);
        return RUNS_ON;
    }
}
