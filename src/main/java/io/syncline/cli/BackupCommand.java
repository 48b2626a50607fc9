package io.syncline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;

@Command(name = "backup", sortOptions = false, description = {"Writes the product's own PostgreSQL into one file, whether the server runs or not.",
    "While it runs, runs and requests go on; what was committed when the backup ends is in it.",
    "The file holds everything, also what is secret in the records: keep it as you keep the database.",
    "With a PostgreSQL of your own (SYNCLINE_DATABASE_URL) back that up with its own tools, such as pg_dump."},
        footerHeading = "%nExamples:%n", footer = {"  syncline backup /backup/syncline-2026-11-21.zip",
            "  syncline backup monday.zip --syncline.data-directory=/srv/syncline/data"})
final class BackupCommand extends Host {
    @Parameters(paramLabel = "FILE", description = "The file to write; there must be none yet.")
    private Path file;

    @Override
    public Integer call() throws Exception {
        return atDatabase(database -> {
            database.backUpTo(file);
            out().printf("%s holds everything that was committed until now (%s bytes).%n", file, Shown.number(Files.size(file)));
            return Ends.WELL;
        });
    }
}
