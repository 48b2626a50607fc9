package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

@Command(name = "outbox", sortOptions = false, description = "Shows what is on its way to the system of a sync, and settles what waits for a person.",
        subcommands = {OutboxCommand.Listed.class, OutboxCommand.Retry.class, OutboxCommand.Discard.class, OutboxCommand.Settle.class},
        footerHeading = "%nExamples:%n", footer = {"  syncline outbox list pricebook", "  syncline outbox settle pricebook 42 --arrived --as 9404"})
final class OutboxCommand extends Group {
    @Command(name = "list", sortOptions = false, description = "Lists entries, the newest first.", footerHeading = "%nExamples:%n",
            footer = "  syncline outbox list pricebook --state unknown")
    static final class Listed extends Asking {
        @Parameters(paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
        private String sync;
        @Option(names = "--state", defaultValue = "open", description = "waiting, sending, unclear, answered, done, parked, unknown, overtaken, discarded, or"
                + " open for all that is not over; ${DEFAULT-VALUE} unless said.")
        private String state;
        @Option(names = "--entity", description = "Of this entity.")
        private String entity;
        @Option(names = "--record", description = "Of the record with this key, or row: and its row.")
        private String record;
        @Option(names = "--limit", defaultValue = "100", description = "How many to list; ${DEFAULT-VALUE} unless said.")
        private String limit;

        @Override
        public Integer call() {
            Map<String, String> filters = new LinkedHashMap<>();
            filters.put("state", state);
            filters.put("entity", entity);
            filters.put("record", record);
            filters.put("limit", limit);
            JsonNode list = server().get("/v1/syncs/" + Server.encoded(sync) + "/pushes" + Server.query(filters));
            if (server().json()) {
                printJson(list);
                return Ends.WELL;
            }
            List<List<String>> table = new ArrayList<>(List.of(List.of("number", "what", "of", "key", "state", "since", "why")));
            list.path("items").forEach(item -> table.add(List.of(Shown.of(item.path("number")), Shown.of(item.path("action")), Shown.of(item.path("entity")),
                    Shown.of(item.path("key")), Shown.of(item.path("state")), Shown.of(item.path("createdAt")), Shown.of(item.path("reason")))));
            if (table.size() == 1) {
                out().println("Nothing is on its way.");
            } else {
                Shown.table(table).forEach(out()::println);
            }
            return Ends.WELL;
        }
    }

    /** Something is done with one entry. */
    abstract static class One extends Asking {
        @Parameters(index = "0", paramLabel = "SYNC", description = "The sync, as config/syncs names it.")
        private String sync;
        @Parameters(index = "1", paramLabel = "NUMBER", description = "As the list shows it.")
        private String number;

        final int ask(String deed, ObjectNode body) {
            JsonNode push = server().post("/v1/syncs/" + Server.encoded(sync) + "/pushes/" + Server.encoded(number) + "/" + deed, body);
            print(push, told -> out().println("Push " + Shown.of(told.path("number")) + " is " + Shown.of(told.path("state")) + "."));
            return Ends.WELL;
        }
    }

    @Command(name = "retry", sortOptions = false, description = "Sends an entry that waits, or was refused, at once.", footerHeading = "%nExamples:%n",
            footer = "  syncline outbox retry pricebook 42")
    static final class Retry extends One {
        @Override
        public Integer call() {
            return ask("retry", null);
        }
    }

    @Command(name = "discard", sortOptions = false, description = {"Gives an entry up: what was done here stays, and is not sent until it is edited again.",
        "With --revert the row takes back what had been agreed; one that was to be made is deleted here."}, footerHeading = "%nExamples:%n",
            footer = "  syncline outbox discard pricebook 42 --reason \"a slip\" --revert")
    static final class Discard extends One {
        @Option(names = "--reason", required = true, description = "Why it is not to be sent.")
        private String reason;
        @Option(names = "--revert", description = "Takes back what had been agreed.")
        private boolean revert;

        @Override
        public Integer call() {
            return ask("discard", Server.JSON.createObjectNode().put("reason", reason).put("revert", revert));
        }
    }

    @Command(name = "settle", sortOptions = false, description = {"Says what became of an entry that nobody could tell of (unknown).",
        "Look there first. If it arrived, the record is read back and agreed on; if it did not, it is sent again."}, footerHeading = "%nExamples:%n",
            footer = {"  syncline outbox settle pricebook 42 --arrived --as 9404", "  syncline outbox settle pricebook 42 --not-arrived"})
    static final class Settle extends One {
        @ArgGroup(multiplicity = "1")
        private Fate fate;
        @Option(names = "--as", paramLabel = "KEY", description = "Of a record that was made, its key there.")
        private String key;

        private static final class Fate {
            @Option(names = "--arrived", description = "The system has it.")
            private boolean arrived;
            @Option(names = "--not-arrived", description = "The system does not have it: send it again.")
            private boolean notArrived;
        }

        @Override
        public Integer call() {
            ObjectNode body = Server.JSON.createObjectNode().put("arrived", fate.arrived && !fate.notArrived);
            return ask("settle", key == null ? body : body.put("key", key));
        }
    }
}
