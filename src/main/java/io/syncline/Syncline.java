package io.syncline;

import io.syncline.access.NewKey;
import io.syncline.check.Check;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Where it starts. Without a command the server runs until it is stopped; arguments that begin with {@code --} are settings, as in
 * {@code --server.port=8090}.
 */
@SpringBootApplication
public class Syncline {
    private static final int MISUSED = 2;
    private static final String HELP = """
            Syncline keeps a PostgreSQL copy of the systems you work with true, reviewable and provable.

              java -jar syncline.jar                 starts the server
              java -jar syncline.jar check [FOLDER]  checks config/, or another folder: all mistakes at once, and the cases beside each file
              java -jar syncline.jar new-key         makes a key for SYNCLINE_ADMIN_KEY and prints it
              java -jar syncline.jar help            shows this

            Settings stand in config/application.yaml, or follow as --name=value, for example
              --server.port=8090
              --syncline.home=/srv/syncline          where config/ and routes/ are; the current directory unless said
            """;

    public static void main(String[] arguments) {
        List<String> words = Arrays.stream(arguments).filter(argument -> !argument.startsWith("--")).toList();
        if (words.isEmpty()) {
            SpringApplication.run(Syncline.class, arguments);
        } else {
            System.exit(command(words, System.out, System.err));
        }
    }

    /** Carries out one command and answers with the exit code of the process. */
    static int command(List<String> words, PrintStream out, PrintStream complaints) {
        return switch (words.get(0)) {
            case "check" -> new Check(Path.of(words.size() > 1 ? words.get(1) : "config")).run(out);
            case "new-key" -> {
                out.println(NewKey.make());
                yield 0;
            }
            case "help" -> {
                out.print(HELP);
                yield 0;
            }
            default -> {
                complaints.printf("\"%s\" is not a command.%n%n%s", words.get(0), HELP);
                yield MISUSED;
            }
        };
    }
}
