package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** A command that asks the running server. */
abstract class Asking implements Callable<Integer> {
    @Mixin
    private Server server;
    @Spec
    private CommandSpec spec;
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    private boolean help;

    Server server() {
        return server;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Standard output, for what is no text. */
    PrintStream bytes() {
        return ((Cli) spec.root().userObject()).bytes();
    }

    PrintWriter complaints() {
        return spec.commandLine().getErr();
    }

    /** For programs, as the server said it. */
    void printJson(JsonNode document) {
        out().println(document.toPrettyString());
    }
}
