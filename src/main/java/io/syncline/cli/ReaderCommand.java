package io.syncline.cli;

import io.syncline.access.HostAccess;
import io.syncline.access.NameTaken;
import io.syncline.access.ReaderLogin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "reader", sortOptions = false,
        description = {"Makes, lists and drops database roles of people and tools that read by SQL, on the server's host.",
    "PostgreSQL shows each of them one organisation only and lets it write nothing."},
        subcommands = {ReaderCommand.New.class, ReaderCommand.Confine.class, ReaderCommand.ListThem.class, ReaderCommand.Drop.class},
        footerHeading = "%nExamples:%n", footer = {"  syncline reader new metabase --organisation default",
            "  syncline reader list", "  syncline reader drop metabase"})
final class ReaderCommand extends Group {

    @Command(name = "new", sortOptions = false, description = "Makes a role and prints its password, this once.", footerHeading = "%nExamples:%n",
            footer = "  syncline reader new metabase")
    static final class New extends Host {
        @Parameters(paramLabel = "ROLE", description = "The role's name: lower-case letters, digits and _.")
        private String role;
        @Option(names = "--organisation", defaultValue = "default", description = "What it sees; ${DEFAULT-VALUE} unless said.")
        private String organisation;

        @Override
        public Integer call() throws Exception {
            return atDatabase(database -> {
                try {
                    ReaderLogin made = new HostAccess(database.dataSource()).newReader(role, organisation);
                    out().println(made.password());
                    return Ends.WELL;
                } catch (NameTaken taken) {
                    throw new ServerProblem(taken.getMessage());
                }
            });
        }
    }

    @Command(name = "confine", sortOptions = false, description = "Confines a role that somebody made otherwise, and lets it read.",
            footerHeading = "%nExamples:%n", footer = "  syncline reader confine ann --organisation acme")
    static final class Confine extends Host {
        @Parameters(paramLabel = "ROLE", description = "The role's name.")
        private String role;
        @Option(names = "--organisation", defaultValue = "default", description = "What it sees; ${DEFAULT-VALUE} unless said.")
        private String organisation;

        @Override
        public Integer call() throws Exception {
            return atDatabase(database -> {
                new HostAccess(database.dataSource()).confineReader(role, organisation);
                out().println(role + " reads the organisation " + organisation + ".");
                return Ends.WELL;
            });
        }
    }

    @Command(name = "list", sortOptions = false, description = "Lists the readers and what they see.", footerHeading = "%nExamples:%n",
            footer = "  syncline reader list")
    static final class ListThem extends Host {
        @Override
        public Integer call() throws Exception {
            return atDatabase(database -> {
                List<List<String>> table = new ArrayList<>(List.of(List.of("role", "organisation")));
                new HostAccess(database.dataSource()).readers().forEach(reader -> table.add(List.of(reader.role(), reader.organisation())));
                Shown.table(table).forEach(out()::println);
                return Ends.WELL;
            });
        }
    }

    @Command(name = "drop", sortOptions = false, description = "Takes a reader's rights away, and its role if Syncline made that.",
            footerHeading = "%nExamples:%n", footer = "  syncline reader drop metabase")
    static final class Drop extends Host {
        @Parameters(paramLabel = "ROLE", description = "The role's name.")
        private String role;

        @Override
        public Integer call() throws Exception {
            return atDatabase(database -> {
                switch (new HostAccess(database.dataSource()).dropReader(role)) {
                    case NOTHING -> throw new ServerProblem("There is no reader " + role + ". See: syncline reader list");
                    case RIGHTS -> out().println(role + " reads nothing any more. The role itself stays, because Syncline did not make it.");
                    case ROLE -> out().println(role + " is gone.");
                }
                return Ends.WELL;
            });
        }
    }
}
