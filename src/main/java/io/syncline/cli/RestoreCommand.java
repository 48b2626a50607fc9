package io.syncline.cli;

import io.syncline.store.HostDatabase;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;

@Command(name = "restore", sortOptions = false, description = {"Makes the product's own PostgreSQL anew from a backup, and checks every chain of snapshots.",
    "The server must be stopped, and its data directory must hold no database yet: move an old one away first."},
        footerHeading = "%nExamples:%n", footer = {"  mv data data.old && syncline restore /backup/syncline-2026-11-21.zip",
            "  syncline restore monday.zip --syncline.data-directory=/srv/syncline/data"})
final class RestoreCommand extends Host {
    @Parameters(paramLabel = "FILE", description = "What \"syncline backup\" wrote.")
    private Path file;

    @Override
    public Integer call() throws Exception {
        try (ConfigurableApplicationContext settings = settings()) {
            HostDatabase.restore(file, settings.getEnvironment());
        }
        return atDatabase(database -> {
            database.brokenChains().forEach(broken -> out().println("The chain of snapshots is broken: " + Shown.text(broken)));
            out().println(database.brokenChains().isEmpty() ? "Restored; every chain of snapshots is whole. Start the server: syncline"
                    : "Restored, but the history was changed before the backup was made. Take an older one.");
            return database.brokenChains().isEmpty() ? Ends.WELL : Ends.FAILED;
        });
    }
}
