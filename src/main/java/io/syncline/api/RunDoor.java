package io.syncline.api;

import io.syncline.access.Caller;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.run.Runs;
import io.syncline.run.Ticket;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The doors to runs. Each method is one step of a route in {@code routes/api.yaml}. */
final class RunDoor {
    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    /** So long whoever cancels a run is kept waiting for its end. */
    private static final Duration MOMENT = Duration.ofSeconds(3);

    private final Runs runs;
    private final Duration patience;
    private final Semaphore waiters;

    RunDoor(Runs runs, ApiSettings settings) {
        this.runs = runs;
        this.patience = settings.patience();
        this.waiters = new Semaphore(settings.waiters());
    }

    static String address(long run) {
        return "/api/v1/runs/" + run;
    }

    public RunRequest full(@Variable(Call.NAME) Call call) {
        RunBody asked = RunBody.read(call.body(), RunBody.FULL);
        return request(call, Mode.FULL, asked, asked.entity(), null);
    }

    public RunRequest verify(@Variable(Call.NAME) Call call) {
        RunBody asked = RunBody.read(call.body(), RunBody.VERIFY);
        return request(call, Mode.VERIFY, asked, asked.entity(), null);
    }

    public RunRequest incremental(@Variable(Call.NAME) Call call) {
        RunBody asked = RunBody.read(call.body(), RunBody.INCREMENTAL);
        return request(call, Mode.INCREMENTAL, asked, asked.entity(), null);
    }

    public RunRequest single(@Variable(Call.NAME) Call call) {
        return request(call, Mode.SINGLE, RunBody.read(call.body(), RunBody.RECORD), call.parameter("type"), call.parameter("id"));
    }

    /** Any kind of run, as the body says. */
    public RunRequest start(@Variable(Call.NAME) Call call) {
        StartBody asked = StartBody.read(call.body());
        Caller caller = call.caller();
        return new RunRequest(call.parameter("sync"), caller.organisation(), asked.mode(), asked.dryRun(), asked.since(), asked.entity(), asked.key(),
                asked.repair(), null, "api", caller.name());
    }

    private static RunRequest request(Call call, Mode mode, RunBody asked, String entity, String key) {
        Caller caller = call.caller();
        return new RunRequest(call.parameter("sync"), caller.organisation(), mode, asked.dryRun(), asked.since(), entity, key,
                asked.repair(), null, "api", caller.name());
    }

    public Ticket ask(@Body RunRequest request) {
        return runs.request(request);
    }

    /** Answers with the report when the run ends soon, else with where it will be. */
    public Answer await(@Variable(Call.NAME) Call call, @Body Ticket ticket) {
        return endOf(call, ticket.run(), patience).map(report -> Answer.of(200, Map.of(), report.put("joined", ticket.joined())))
                .orElseGet(() -> accepted(call, ticket));
    }

    /** Answers with where the run will be, whatever has become of it meanwhile. */
    public Answer accepted(@Variable(Call.NAME) Call call, @Body Ticket ticket) {
        return underWay(ticket, report(call, ticket.run()).path("state").asText());
    }

    static Answer underWay(Ticket ticket, String state) {
        Map<String, Object> progress = new LinkedHashMap<>();
        progress.put("run", ticket.run());
        progress.put("state", state);
        progress.put("href", address(ticket.run()));
        progress.put("joined", ticket.joined());
        return Answer.of(202, Map.of("Location", address(ticket.run())), progress);
    }

    /** Its report, if it ends so soon. */
    private Optional<ObjectNode> endOf(Call call, long run, Duration patience) {
        boolean waits = waiters.tryAcquire();
        try {
            return runs.awaitReport(call.caller().organisation(), run, waits ? patience : Duration.ZERO).map(RunDoor::read);
        } finally {
            if (waits) {
                waiters.release();
            }
        }
    }

    private ObjectNode report(Call call, long run) {
        return read(runs.report(call.caller().organisation(), run).orElseThrow());
    }

    private static ObjectNode read(String report) {
        try {
            return (ObjectNode) JSON.readTree(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("reports are always JSON", e);
        }
    }

    /** Promise 29: another organisation's run is answered like one that does not exist. */
    public Answer show(@Variable(Call.NAME) Call call) {
        String report = RunNumber.of(call.parameter("id")).flatMap(run -> runs.report(call.caller().organisation(), run)).orElseThrow(RunDoor::noSuchRun);
        return Preconditions.unlessKnown(call, Preconditions.tag(report), Answer.ok(report));
    }

    /** Answers with the run as it stands when it has ended, or after a moment. */
    public Answer cancel(@Variable(Call.NAME) Call call) {
        long run = RunNumber.of(call.parameter("id")).filter(each -> runs.cancel(call.caller().organisation(), each, call.caller().name()))
                .orElseThrow(RunDoor::noSuchRun);
        return endOf(call, run, patience.compareTo(MOMENT) < 0 ? patience : MOMENT).map(report -> Answer.of(200, Map.of(), report))
                .orElseGet(() -> Answer.of(202, Map.of(), report(call, run)));
    }

    static Refused noSuchRun() {
        return new Refused(HttpStatus.NOT_FOUND, "no-such-run", "There is no such run. The answer to a request for a run holds its number.");
    }
}
