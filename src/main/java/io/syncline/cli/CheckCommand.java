package io.syncline.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.check.Check;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;

@Command(name = "check", sortOptions = false, description = {"Looks for mistakes in config/, all of them at once, and runs the cases beside each file.",
    "Needs no settings, no database and no network."},
        footerHeading = "%nExamples:%n", footer = {"  syncline check", "  syncline check /srv/syncline/config"})
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", arity = "0..1", defaultValue = "config", description = "Where the files are; ${DEFAULT-VALUE} unless said.")
    private Path folder;
    @Option(names = "--json", description = "Prints whether all is well, and every line that was found, for programs.")
    private boolean json;
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    private boolean help;
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        int end = new Check(folder).run(new PrintStream(told, true, StandardCharsets.UTF_8));
        String text = told.toString(StandardCharsets.UTF_8);
        if (json) {
            ObjectNode found = Server.JSON.createObjectNode().put("well", end == Ends.WELL);
            text.lines().forEach(found.putArray("lines")::add);
            spec.commandLine().getOut().println(found.toPrettyString());
        } else {
            spec.commandLine().getOut().print(text);
            spec.commandLine().getOut().flush();
        }
        return end;
    }
}
