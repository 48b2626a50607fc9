package io.syncline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A command that asks for a run and waits for its end, telling how far it is. Ctrl-C leaves and the run goes on: a terminal that is closed must not end what
 * the server was asked to do. {@code syncline cancel} ends it.
 */
abstract class Watching extends Asking {
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Set<String> ENDED = Set.of("published", "planned", "compared", "partial", "failed", "cancelled");

    /** Asks for the run and waits; answers with its report. */
    JsonNode made(String sync, ObjectNode start) {
        return ended(asked(sync, start));
    }

    JsonNode asked(String sync, ObjectNode start) {
        JsonNode ticket = server().post("/v1/syncs/" + Server.encoded(sync) + "/runs", start);
        if (ticket.path("joined").asBoolean()) {
            complaints().println("Run " + ticket.path("run").asText() + " does the same already; waiting for it.");
        }
        return ticket;
    }

    JsonNode ended(JsonNode ticket) {
        String run = ticket.path("run").asText();
        Thread leaving = new Thread(() -> {
            complaints().printf("%nRun %s goes on. Look at it with \"syncline status\", end it with \"syncline cancel %s\".%n", run, run);
            complaints().flush();
        });
        Runtime.getRuntime().addShutdownHook(leaving);
        try {
            return watched(run);
        } finally {
            Runtime.getRuntime().removeShutdownHook(leaving);
        }
    }

    private JsonNode watched(String run) {
        long began = System.nanoTime();
        long told = began;
        long before = 0;
        while (true) {
            JsonNode report = server().get("/v1/runs/" + run);
            if (hasEnded(report)) {
                return report;
            }
            long now = System.nanoTime();
            if (now - told >= TELL_NANOS) {
                long records = delivered(report);
                complaints().printf("run %s %s: %s records, %s/s, %s%n", run, Shown.of(report.path("state")), Shown.number(records),
                        Shown.number((records - before) * TELL_NANOS / Math.max(1, now - told) / 2), Shown.time(Duration.ofNanos(now - began)));
                complaints().flush();
                told = now;
                before = records;
            }
            rest("run " + run);
        }
    }

    static boolean hasEnded(JsonNode report) {
        return ENDED.contains(report.path("state").asText());
    }

    private static long delivered(JsonNode report) {
        long sum = 0;
        for (JsonNode entity : report.path("entities")) {
            sum += entity.path("delivered").asLong();
        }
        return sum;
    }

    /** The end of a run for people: a line for the whole, one for each entity, and what went wrong. */
    void tell(JsonNode report) {
        out().printf("Run %s (%s): %s in %s%s.%n", Shown.of(report.path("run")), Shown.of(report.path("mode")), Shown.of(report.path("state")),
                Shown.time(Duration.ofMillis(report.path("durationMs").asLong())),
                report.path("snapshot").hasNonNull("number") ? ", snapshot " + report.path("snapshot").path("number").asText() : "");
        if (report.hasNonNull("failure")) {
            out().println("  " + Shown.of(report.path("failure")));
        }
        List<List<String>> rows = new ArrayList<>();
        report.path("entities").forEach(entity -> {
            List<String> counts = new ArrayList<>();
            entity.path("counts").properties().forEach(count -> counts.add(Shown.number(count.getValue().asLong()) + " " + Shown.text(count.getKey())));
            rows.add(List.of("  " + Shown.of(entity.path("entity")), Shown.of(entity.path("state")), String.join(", ", counts)));
            entity.path("reasons").forEach(reason -> rows.add(List.of("", "", Shown.of(reason))));
        });
        Shown.table(rows).forEach(out()::println);
    }

    static Map<String, Long> counts(JsonNode report) {
        Map<String, Long> counts = new TreeMap<>();
        report.path("entities").forEach(entity -> entity.path("counts").properties()
                .forEach(count -> counts.merge(count.getKey(), count.getValue().asLong(), Long::sum)));
        return counts;
    }

    static boolean hasAny(JsonNode report, Set<String> outcomes) {
        Map<String, Long> counts = counts(report);
        return outcomes.stream().anyMatch(outcome -> counts.getOrDefault(outcome, 0L) > 0);
    }
}
