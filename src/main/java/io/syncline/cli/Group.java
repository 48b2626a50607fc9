package io.syncline.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that is nothing without another word. */
abstract class Group implements Runnable {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    private boolean help;
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: " + String.join(", ", spec.subcommands().keySet()) + ".");
    }
}
