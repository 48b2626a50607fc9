package io.syncline.check;

import io.syncline.config.BrokenConfiguration;
import io.syncline.config.CaseReader;
import io.syncline.config.Cases;
import io.syncline.config.Configuration;
import io.syncline.config.ConfigurationReader;
import io.syncline.config.Mistake;
import io.syncline.config.PushCase;
import io.syncline.config.SyncCase;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemCase;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code syncline check}: says everything that is wrong under {@code config/}, and runs the cases. Needs no settings, no database and no network. */
public final class Check {
    private final Path configDirectory;

    public Check(Path configDirectory) {
        this.configDirectory = configDirectory;
    }

    /** Prints what was found; answers the exit code: 0 when all is well, else 1. */
    public int run(PrintStream out) {
        List<Mistake> inDeclarations = ConfigurationReader.withoutSettings().mistakes(configDirectory);
        if (!inDeclarations.isEmpty()) {
            // Promise 27: all mistakes at once, so those of the cases, too.
            return told(Stream.concat(inDeclarations.stream(), CaseReader.mistakesWithoutConfiguration(configDirectory).stream()).sorted().toList(), out);
        }
        try {
            Configuration configuration = ConfigurationReader.withoutSettings().read(configDirectory);
            Cases cases = CaseReader.read(configDirectory, configuration);
            List<String> failed = failed(configuration, cases);
            failed.forEach(out::println);
            WrittenWhere.lines(configuration).forEach(out::println);
            int run = cases.ofSystems().size() + cases.ofSyncs().size() + cases.pushes().size();
            out.println(count(configuration.systems().size(), "system") + ", " + count(configuration.syncs().size(), "sync") + ", " + count(run, "case") + ": "
                    + (failed.isEmpty() ? "all is well." : failed.size() + " failed."));
            return failed.isEmpty() ? 0 : 1;
        } catch (BrokenConfiguration broken) {
            return told(broken.mistakes(), out);
        }
    }

    private static int told(List<Mistake> mistakes, PrintStream out) {
        mistakes.forEach(out::println);
        out.println(count(mistakes.size(), "mistake") + ".");
        return 1;
    }

    private List<String> failed(Configuration configuration, Cases cases) {
        List<String> failed = new ArrayList<>();
        for (SystemCase given : cases.ofSystems()) {
            try {
                new SystemCases(configuration, given.system()).run(given);
            } catch (CaseFailure failure) {
                failed.add(told(given.file(), given.line(), given.name(), failure));
            }
        }
        for (SyncCase given : cases.ofSyncs()) {
            SyncConfig sync = configuration.syncs().get(given.sync());
            try {
                new SyncCases(sync, sync.entity(given.entity())).run(given);
            } catch (CaseFailure failure) {
                failed.add(told(given.file(), given.line(), given.name(), failure));
            }
        }
        for (PushCase given : cases.pushes()) {
            try {
                new PushCases(configuration, given).run(given);
            } catch (CaseFailure failure) {
                failed.add(told(given.file(), given.line(), given.name(), failure));
            }
        }
        return failed;
    }

    private static String told(String file, int line, String name, CaseFailure failure) {
        return file + ":" + line + " \"" + name + "\": " + failure.getMessage() + (failure.getMessage().endsWith(".") ? "" : ".");
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
