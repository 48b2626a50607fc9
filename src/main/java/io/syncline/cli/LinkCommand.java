package io.syncline.cli;

import io.syncline.access.HostAccess;
import io.syncline.access.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "link", sortOptions = false, description = "Makes links by which people sign in to the dashboard, on the server's host.",
        subcommands = LinkCommand.New.class, footerHeading = "%nExamples:%n", footer = "  syncline link new --name Ann --role viewer")
final class LinkCommand extends Group {

    @Command(name = "new", sortOptions = false, description = "Makes a link that works once, within ten minutes, and prints it.",
            footerHeading = "%nExamples:%n", footer = "  syncline link new --name Ann --role reviewer --url https://syncline.example")
    static final class New extends Host {
        @Option(names = "--name", required = true, description = "Who signs in with it.")
        private String name;
        @Option(names = "--role", required = true, description = "viewer, operator, reviewer or admin.")
        private String role;
        @Option(names = "--organisation", defaultValue = "default", description = "Whose records the person sees; ${DEFAULT-VALUE} unless said.")
        private String organisation;
        @Option(names = "--url", defaultValue = "${env:SYNCLINE_URL:-http://127.0.0.1:8080}",
                description = "How the dashboard is reached. Else SYNCLINE_URL, else http://127.0.0.1:8080.")
        private String url;

        @Override
        public Integer call() throws Exception {
            Role wanted = Role.of(role);
            return atDatabase(database -> {
                out().println(url.replaceFirst("/+$", "") + new HostAccess(database.dataSource()).newLink(name, organisation, wanted).address());
                return Ends.WELL;
            });
        }
    }
}
