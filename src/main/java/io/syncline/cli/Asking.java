package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A command that asks the running server. */
abstract class Asking implements Callable<Integer> {
    private static final long LOOK_MILLIS = 500;

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

    /** As the server said it for programs that asked for JSON, else in words. */
    void print(JsonNode document, Consumer<JsonNode> words) {
        if (server.json()) {
            printJson(document);
        } else {
            words.accept(document);
        }
    }

    /** Before the server is looked at again. @param what goes on though whoever waits for it leaves */
    static void rest(String what) {
        try {
            new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerProblem("Stopped while waiting for " + what + ", which goes on.");
        }
    }

    /** For programs, as the server said it. */
    void printJson(JsonNode document) {
        out().println(document.toPrettyString());
    }
}
