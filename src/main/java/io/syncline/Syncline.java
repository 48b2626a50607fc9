package io.syncline;

import io.syncline.cli.Cli;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Where it starts. Without a command the server runs until it is stopped; arguments that begin with {@code --} are settings, as in
 * {@code --server.port=8090}.
 */
@SpringBootApplication
public class Syncline {
    private static final Set<String> ABOUT_ITSELF = Set.of("--help", "-h", "--version", "-V");

    public static void main(String[] arguments) {
        List<String> given = Arrays.asList(arguments);
        if (given.stream().noneMatch(argument -> !argument.startsWith("--") || ABOUT_ITSELF.contains(argument))) {
            serve(given);
            return;
        }
        Integer end = command(given, System.out, System.err);
        if (end != null) {
            System.exit(end);
        }
    }

    /** Carries out one command and answers with the exit code of the process, or null where the server runs on. */
    static Integer command(List<String> arguments, PrintStream out, PrintStream complaints) {
        return Cli.run(arguments, out, complaints, Syncline::serve);
    }

    private static void serve(List<String> arguments) {
        SpringApplication.run(Syncline.class, arguments.toArray(String[]::new));
    }
}
