package io.syncline.cli;

import io.syncline.store.HostDatabase;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A command of whoever owns the host: it asks for no key and works on the database that the server's own settings name, whether the server runs or not. A
 * PostgreSQL of the product's own is started for it and stopped again where none runs.
 */
abstract class Host implements Callable<Integer> {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    private boolean help;
    @Spec
    private CommandSpec spec;

    /** What the command does there; answers how it ends. */
    interface Work {
        int on(HostDatabase database) throws Exception;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    int atDatabase(Work work) throws Exception {
        try (ConfigurableApplicationContext settings = settings(); HostDatabase database = HostDatabase.open(settings.getEnvironment())) {
            return work.on(database);
        }
    }

    /** The server's settings, without the server. */
    ConfigurableApplicationContext settings() {
        CommandSpec top = spec;
        while (top.parent() != null) {
            top = top.parent();
        }
        List<String> arguments = new ArrayList<>(((Cli) top.userObject()).settings());
        arguments.add("--logging.level.root=warn");
        return new SpringApplicationBuilder(NoBeans.class).web(WebApplicationType.NONE).run(arguments.toArray(String[]::new));
    }

    /** Nothing of the server. */
    static final class NoBeans {
    }
}
