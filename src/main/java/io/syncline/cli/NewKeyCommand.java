package io.syncline.cli;

import io.syncline.access.NewKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "new-key", sortOptions = false,
        description = {"Makes up a key for SYNCLINE_ADMIN_KEY and prints it. It is stored nowhere and opens nothing yet:",
    "a server takes it as the first key while it has none. A key for a server that has keys is made by \"syncline key new\"."},
        footerHeading = "%nExamples:%n", footer = "  echo \"SYNCLINE_ADMIN_KEY=$(syncline new-key)\" >> .env")
final class NewKeyCommand implements Runnable {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    private boolean help;
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().println(NewKey.make());
    }
}
