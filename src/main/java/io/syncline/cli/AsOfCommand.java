package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;

@Command(name = "as-of", sortOptions = false, description = "Shows a record as it was at a moment, or in a snapshot.",
        footerHeading = "%nExamples:%n", footer = {"  syncline as-of pricebook materials 9404 --at 2026-11-01T12:00:00Z",
            "  syncline as-of pricebook materials 9404 --snapshot 7"})
final class AsOfCommand extends Asking {
    @Parameters(index = "0", paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
    private String sync;
    @Parameters(index = "1", paramLabel = "ENTITY", description = "The entity.")
    private String entity;
    @Parameters(index = "2", paramLabel = "RECORD", description = "The record's key in its system.")
    private String record;
    @ArgGroup(multiplicity = "1")
    private When when;

    static final class When {
        @Option(names = "--at", paramLabel = "TIME", description = "A moment, as in 2026-11-01T12:00:00Z.")
        private String at;
        @Option(names = "--snapshot", paramLabel = "NUMBER", description = "A snapshot's number.")
        private String snapshot;

        String at() {
            return at;
        }

        String snapshot() {
            return snapshot;
        }
    }

    @Override
    public Integer call() {
        Map<String, String> moment = new LinkedHashMap<>();
        moment.put("asOf", when.at);
        moment.put("snapshot", when.snapshot);
        JsonNode answer = server().get("/v1/syncs/%s/entities/%s/records/%s%s".formatted(Server.encoded(sync), Server.encoded(entity), Server.encoded(record),
                Server.query(moment)));
        printJson(answer);
        return Ends.WELL;
    }
}
