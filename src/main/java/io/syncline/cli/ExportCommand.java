package io.syncline.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

@Command(name = "export", sortOptions = false, description = {"Writes all records of an entity as they were in a snapshot, at a moment, or are now.",
    "It needs a reviewer's key, and is noted in the activity."}, footerHeading = "%nExamples:%n",
        footer = {"  syncline export pricebook materials --snapshot 7 --format csv > materials.csv",
            "  syncline export pricebook materials --at 2026-11-01T12:00:00Z -o materials.jsonl"})
final class ExportCommand extends Asking {
    @Parameters(index = "0", paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
    private String sync;
    @Parameters(index = "1", paramLabel = "ENTITY", description = "The entity.")
    private String entity;
    @ArgGroup
    private AsOfCommand.When when;
    @Option(names = "--format", description = "jsonl, csv or parquet; jsonl unless said.")
    private String format;
    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Where to write; else the standard output. Without all of it there is no file.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("asOf", when == null ? null : when.at());
        asked.put("snapshot", when == null ? null : when.snapshot());
        asked.put("format", format);
        String path = "/v1/syncs/%s/entities/%s/export%s".formatted(Server.encoded(sync), Server.encoded(entity), Server.query(asked));
        if (output == null) {
            server().download(path, bytes());
            if (bytes().checkError()) {
                throw new ServerProblem("The standard output could not be written. What was written is not complete.");
            }
            return Ends.WELL;
        }
        Path part = output.resolveSibling(output.getFileName() + ".part");
        try (OutputStream out = Files.newOutputStream(part)) {
            server().download(path, out);
        } catch (IOException | ServerProblem e) {
            Files.deleteIfExists(part);
            throw e;
        }
        Files.move(part, output, StandardCopyOption.REPLACE_EXISTING);
        return Ends.WELL;
    }
}
