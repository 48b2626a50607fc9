package io.syncline.cli;

import io.syncline.access.HostAccess;
import io.syncline.access.Keys;
import io.syncline.access.NameTaken;
import io.syncline.access.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

@Command(name = "key", sortOptions = false,
        description = {"Makes, lists and revokes keys on the server's host. It asks for no key, so it also helps when all were lost.",
    "It uses the database that config/application.yaml and SYNCLINE_DATABASE_URL name, or the one in data/."},
        subcommands = {KeyCommand.New.class, KeyCommand.ListThem.class, KeyCommand.Revoke.class},
        footerHeading = "%nExamples:%n", footer = {"  syncline key new --role admin", "  syncline key list", "  syncline key revoke 3"})
final class KeyCommand extends Group {
    @Command(name = "new", sortOptions = false, description = "Makes a key and prints it, this once; it is stored nowhere.", footerHeading = "%nExamples:%n",
            footer = {"  syncline key new --role admin", "  syncline key new --role viewer --name prometheus > prometheus.key"})
    static final class New extends Host {
        @Option(names = "--role", required = true, description = "viewer, operator, reviewer or admin.")
        private String role;
        @Option(names = "--name", description = "Who or what uses it; \"host-\" and the time unless said.")
        private String name;
        @Option(names = "--organisation", defaultValue = "default", description = "Whose key it is; ${DEFAULT-VALUE} unless said.")
        private String organisation;

        @Override
        public Integer call() throws Exception {
            Role wanted = Role.of(role);
            return atDatabase(database -> {
                try {
                    out().println(new HostAccess(database.dataSource()).newKey(name == null ? "host-" + Instant.now().getEpochSecond() : name,
                            organisation, wanted).text());
                    return Ends.WELL;
                } catch (NameTaken taken) {
                    throw new ServerProblem(taken.getMessage());
                }
            });
        }
    }

    @Command(name = "list", sortOptions = false, description = "Lists the keys; none of them is shown.", footerHeading = "%nExamples:%n",
            footer = "  syncline key list --organisation acme")
    static final class ListThem extends Host {
        @Option(names = "--organisation", defaultValue = "default", description = "Whose keys; ${DEFAULT-VALUE} unless said.")
        private String organisation;

        @Override
        public Integer call() throws Exception {
            return atDatabase(database -> {
                List<List<String>> table = new ArrayList<>(List.of(List.of("id", "name", "role", "begins with", "last used", "revoked")));
                for (Keys.Kept key : new HostAccess(database.dataSource()).keys(organisation)) {
                    table.add(List.of(Long.toString(key.id()), Shown.text(key.name()), key.role().word(), key.start(),
                            key.lastUsedAt() == null ? "never" : key.lastUsedAt().toString(), key.revokedAt() == null ? "-" : key.revokedAt().toString()));
                }
                Shown.table(table).forEach(out()::println);
                return Ends.WELL;
            });
        }
    }

    @Command(name = "revoke", sortOptions = false, description = "Revokes a key; it opens nothing from the next call on.", footerHeading = "%nExamples:%n",
            footer = "  syncline key revoke 3")
    static final class Revoke extends Host {
        @Parameters(paramLabel = "ID", description = "The key's number, as the list shows it.")
        private long id;
        @Option(names = "--organisation", defaultValue = "default", description = "Whose key it is; ${DEFAULT-VALUE} unless said.")
        private String organisation;

        @Override
        public Integer call() throws Exception {
            return atDatabase(database -> {
                if (!new HostAccess(database.dataSource()).revokeKey(organisation, id)) {
                    throw new ServerProblem("The organisation " + organisation + " has no key " + id + " in use. See: syncline key list");
                }
                out().println("Key " + id + " is revoked.");
                return Ends.WELL;
            });
        }
    }
}
