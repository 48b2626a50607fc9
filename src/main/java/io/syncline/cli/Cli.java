package io.syncline.cli;

import io.syncline.config.Explained;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The command line. */
@Command(name = "syncline", version = "syncline 0.1.0-SNAPSHOT", synopsisSubcommandLabel = "[COMMAND]", sortOptions = false,
        description = {"Syncline keeps a PostgreSQL copy of the systems you work with true, reviewable and provable.",
            "Without a command the server starts; settings of config/application.yaml may follow as --name=value, as in --server.port=8090."},
        footerHeading = "%nExamples:%n",
        footer = {"  syncline                             starts the server", "  syncline demo                        the same, with a sandbox to try it on",
            "  syncline check                       looks for mistakes in config/", "  syncline run pricebook               syncs what has changed, and waits",
            "  syncline plan pricebook              shows what a full run would do",
            "  syncline key new --role admin        makes a key on this host, whatever was lost",
            "  syncline COMMAND --help              tells more about a command",
            "", "A running server is found at --url (SYNCLINE_URL), by default http://127.0.0.1:8080, and asked with the key in SYNCLINE_KEY,",
            "in the file that --key-file (SYNCLINE_KEY_FILE) names, or in ~/.syncline/key."},
        subcommands = {CheckCommand.class, RunCommand.class, PlanCommand.class, RollbackCommand.class, ApplyCommand.class, VerifyCommand.class,
            CancelCommand.class, StatusCommand.class, AsOfCommand.class, CompareCommand.class, ExportCommand.class, ImportCommand.class,
            VerifyChainCommand.class, EvidenceCommand.class, AnchorCommand.class, AttentionCommand.class, ConflictsCommand.class, ResolveCommand.class,
            ResolveManyCommand.class, OutboxCommand.class, KeyCommand.class, ReaderCommand.class, LinkCommand.class, BackupCommand.class,
            RestoreCommand.class, DemoCommand.class, NewKeyCommand.class, CommandLine.HelpCommand.class})
public final class Cli implements Runnable {
    /** Settings of the server look like {@code --server.port=8090}; options of commands have no dot in their name. */
    private static final Pattern SETTING = Pattern.compile("--[A-Za-z][\\w-]*\\.[\\w.\\[\\]-]+(=.*)?", Pattern.DOTALL);

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    private boolean help;
    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Shows the version.")
    private boolean version;
    @Spec
    private CommandSpec spec;

    private final List<String> settings;
    private final PrintStream out;
    private final Consumer<List<String>> server;

    private Cli(List<String> settings, PrintStream out, Consumer<List<String>> server) {
        this.settings = settings;
        this.out = out;
        this.server = server;
    }

    /**
     * Carries out one command.
     *
     * @param server starts the server with these arguments and returns while it runs
     * @return the exit code of the process, or null where the server runs on
     */
    public static Integer run(List<String> arguments, PrintStream out, PrintStream complaints, Consumer<List<String>> server) {
        Cli cli = new Cli(arguments.stream().filter(each -> SETTING.matcher(each).matches()).toList(), out, server);
        CommandLine line = new CommandLine(cli).setOut(writer(out)).setErr(writer(complaints)).setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Cli::misused).setExecutionExceptionHandler(Cli::failed).setUsageHelpWidth(120);
        everyCommand(line);
        int end = line.execute(arguments.stream().filter(each -> !SETTING.matcher(each).matches()).toArray(String[]::new));
        return end == DemoCommand.RUNS_ON ? null : end;
    }

    private static void everyCommand(CommandLine line) {
        line.getCommandSpec().exitCodeOnInvalidInput(Ends.MISUSED).exitCodeOnExecutionException(Ends.FAILED);
        line.getCommandSpec().usageMessage().exitCodeListHeading("%nIt ends with:%n").exitCodeList(exitCodes());
        line.getSubcommands().values().forEach(Cli::everyCommand);
    }

    private static java.util.Map<String, String> exitCodes() {
        java.util.Map<String, String> codes = new java.util.LinkedHashMap<>();
        Arrays.stream(Ends.TOLD).map(each -> each.split(":", 2)).forEach(each -> codes.put(each[0], each[1]));
        return codes;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int misused(CommandLine.ParameterException mistake, String[] arguments) {
        PrintWriter complaints = mistake.getCommandLine().getErr();
        complaints.println(Shown.text(mistake.getMessage()));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(mistake, complaints)) {
            complaints.println("Try: " + mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        }
        return Ends.MISUSED;
    }

    /** What is meant for people is told as it is; anything else is told with what it was. */
    private static int failed(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        String told = Explained.in(failure).map(Explained::getMessage).orElseGet(() ->
                failure instanceof IllegalArgumentException || failure.getMessage() != null ? failure.getMessage() : failure.toString());
        line.getErr().println(Shown.lines(told));
        return Ends.FAILED;
    }

    List<String> settings() {
        return settings;
    }

    /** For what is no text. */
    PrintStream bytes() {
        return out;
    }

    void serve(List<String> arguments) {
        server.accept(arguments);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
