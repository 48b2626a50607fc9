package io.syncline.api;

import io.syncline.change.Outcome;
import io.syncline.export.Csv;
import io.syncline.export.Format;
import io.syncline.run.RunFilter;
import io.syncline.run.RunList;
import io.syncline.run.RunSummary;
import io.syncline.store.Finding;
import org.apache.camel.Variable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The doors to the runs of an organisation as a list. Each method is one step of a route in {@code routes/api.yaml}. */
final class RunListDoor {
    static final List<String> MODES = List.of("full", "incremental", "record", "single", "verify", "apply", "rollback", "push");
    static final List<String> STATES = List.of("queued", "running", "publishing", "published", "planned", "compared", "partial", "failed", "cancelled");

    private static final int STEP = 500;
    private static final List<String> OUTCOMES = Stream.concat(Arrays.stream(Outcome.values()).map(Outcome::word),
            Arrays.stream(Finding.values()).map(Finding::word)).distinct().toList();

    private final RunList runs;

    RunListDoor(RunList runs) {
        this.runs = runs;
    }

    public Answer list(@Variable(Call.NAME) Call call) {
        Parameters parameters = new Parameters(call);
        int limit = parameters.limit();
        RunFilter filter = filter(call, parameters);
        List<RunSummary> found = runs.read(filter, Cursor.number(call).orElse(null), limit + 1);
        List<RunSummary> shown = found.subList(0, Math.min(limit, found.size()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", shown.stream().map(RunListDoor::item).toList());
        answer.put("next", found.size() > limit ? Cursor.of(shown.get(limit - 1).run()) : null);
        return Answer.of(200, Map.of(), answer);
    }

    /** The same as a table, all of it: it is read in steps, and one step is held in memory. */
    public Answer csv(@Variable(Call.NAME) Call call) {
        RunFilter filter = filter(call, new Parameters(call));
        return Answer.streaming(Format.CSV.mediaType(), Map.of("Content-Disposition", "attachment; filename=\"runs.csv\""), out -> write(filter, new Csv(out)));
    }

    private void write(RunFilter filter, Csv csv) throws IOException {
        csv.row(Stream.of(List.of("run", "sync", "mode", "dryRun", "repair", "entity", "key", "since", "trigger", "requestedBy", "state", "requestedAt",
                "startedAt", "finishedAt", "durationMs", "snapshot", "takeovers", "delivered"), OUTCOMES, List.of("notPublished", "failure"))
                .flatMap(List::stream).toList());
        Long below = null;
        List<RunSummary> step;
        do {
            step = runs.read(filter, below, STEP);
            for (RunSummary run : step) {
                csv.row(cells(run));
                below = run.run();
            }
        } while (step.size() == STEP);
    }

    private static List<Object> cells(RunSummary run) {
        List<Object> cells = new ArrayList<>(Arrays.asList(run.run(), run.sync(), run.mode(), run.dryRun(), run.repair(), run.entity(), run.key(), run.since(),
                run.trigger(), run.requestedBy(), run.state(), run.requestedAt(), run.startedAt(), run.finishedAt(), run.durationMs(), run.snapshot(),
                run.takeovers(), run.delivered()));
        OUTCOMES.forEach(outcome -> cells.add(run.counts().getOrDefault(outcome, 0L)));
        cells.add(run.notPublished());
        cells.add(run.failure());
        return cells;
    }

    /** @throws Refused with every mistake of the parameters */
    private static RunFilter filter(Call call, Parameters parameters) {
        String mode = parameters.oneOf("mode", MODES);
        RunFilter filter = new RunFilter(call.caller().organisation(), parameters.text("sync"), "record".equals(mode) ? "single" : mode,
                parameters.oneOf("state", STATES), parameters.text("trigger"), parameters.text("requestedBy"), parameters.text("entity"),
                parameters.instant("from"), parameters.instant("to"));
        parameters.refuseMistakes();
        return filter;
    }

    private static Map<String, Object> item(RunSummary run) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("run", run.run());
        item.put("href", RunDoor.address(run.run()));
        item.put("sync", run.sync());
        item.put("mode", run.mode());
        item.put("dryRun", run.dryRun());
        item.put("repair", run.repair());
        item.put("entity", run.entity());
        item.put("key", run.key());
        item.put("since", text(run.since()));
        item.put("trigger", run.trigger());
        item.put("requestedBy", run.requestedBy());
        item.put("state", run.state());
        item.put("requestedAt", text(run.requestedAt()));
        item.put("startedAt", text(run.startedAt()));
        item.put("finishedAt", text(run.finishedAt()));
        item.put("durationMs", run.durationMs());
        item.put("snapshot", run.snapshot());
        item.put("takeovers", run.takeovers());
        item.put("delivered", run.delivered());
        item.put("counts", run.counts());
        item.put("notPublished", run.notPublished());
        item.put("failure", run.failure());
        return item;
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }
}
