package io.syncline.api;

import io.syncline.monitor.Health;
import io.syncline.monitor.Monitor;
import io.syncline.monitor.SyncState;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import static io.syncline.api.ScheduleDoor.seconds;
import static io.syncline.api.ScheduleDoor.text;

/** The doors to how syncs stand. Promise 29: another organisation's sync is answered like one that does not exist. */
final class SyncDoor {
    private final Monitor monitor;

    SyncDoor(Monitor monitor) {
        this.monitor = monitor;
    }

    public Answer list(@Variable(Call.NAME) Call call) {
        return Answer.of(200, Map.of(), ScheduleDoor.page(call, monitor.all(call.caller().organisation()), SyncState::sync, SyncDoor::document));
    }

    public Answer show(@Variable(Call.NAME) Call call) {
        return Answer.of(200, Map.of(), document(state(call)));
    }

    /** In the form that the users of the tools before this one know. */
    public Answer status(@Variable(Call.NAME) Call call) {
        SyncState state = state(call);
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("status", state.health().colour().word());
        status.put("why", state.health().why());
        status.put("lastFullSync", finished(state.full()));
        status.put("lastIncrementalSync", finished(state.incremental()));
        status.put("nextScheduledSync", text(state.next()));
        Map<String, Object> entities = new LinkedHashMap<>();
        state.entities().forEach(entity -> entities.put(entity.entity(), numbers(entity)));
        status.put("entities", entities);
        status.put("recentErrors", state.errors().stream().map(SyncDoor::trouble).toList());
        entities.forEach(status::putIfAbsent);
        return Answer.of(200, Map.of(), status);
    }

    private SyncState state(Call call) {
        return monitor.of(call.caller().organisation(), call.parameter("sync")).orElseThrow(() -> new Refused(HttpStatus.NOT_FOUND, "unknown-sync",
                "There is no such sync. GET /api/v1/syncs lists those there are; a sync is declared in config/syncs."));
    }

    private static String finished(SyncState.Lasts runs) {
        return runs.succeeded() == null ? null : text(runs.succeeded().finishedAt());
    }

    private static Map<String, Object> document(SyncState state) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("sync", state.sync());
        document.put("title", state.title());
        document.put("system", state.system());
        document.put("status", state.health().colour().word());
        document.put("why", state.health().why());
        document.put("freshAsOf", text(state.freshAsOf()));
        document.put("ageSeconds", state.freshAsOf() == null ? null : Duration.between(state.freshAsOf(), state.asOf()).toSeconds());
        document.put("lastFull", last(state.full().ended()));
        document.put("lastFullSuccess", last(state.full().succeeded()));
        document.put("lastIncremental", last(state.incremental().ended()));
        document.put("lastIncrementalSuccess", last(state.incremental().succeeded()));
        document.put("nextScheduled", text(state.next()));
        document.put("schedules", state.schedules().stream().map(ScheduleDoor::document).toList());
        document.put("activity", activity(state.activity()));
        document.put("entities", state.entities().stream().map(SyncDoor::entity).toList());
        document.put("pushes", pushes(state.pushes()));
        document.put("webhooks", webhooks(state.webhooks()));
        document.put("recentErrors", state.errors().stream().map(SyncDoor::trouble).toList());
        document.put("asOf", text(state.asOf()));
        return document;
    }

    private static Map<String, Object> last(SyncState.Last run) {
        if (run == null) {
            return null;
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run", run.run());
        document.put("href", "/api/v1/runs/" + run.run());
        document.put("state", run.state());
        document.put("startedAt", text(run.startedAt()));
        document.put("finishedAt", text(run.finishedAt()));
        document.put("seconds", run.startedAt() == null ? null : seconds(Duration.between(run.startedAt(), run.finishedAt())));
        document.put("failure", run.failure());
        return document;
    }

    private static Map<String, Object> activity(SyncState.Activity activity) {
        if (activity == null) {
            return null;
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run", activity.run());
        document.put("href", "/api/v1/runs/" + activity.run());
        document.put("mode", activity.mode());
        document.put("entity", activity.entity());
        document.put("trigger", activity.trigger());
        document.put("requestedBy", activity.requestedBy());
        document.put("phase", activity.phase());
        document.put("startedAt", text(activity.startedAt()));
        document.put("seconds", activity.elapsed().toSeconds());
        document.put("pages", activity.pages());
        document.put("records", activity.records());
        document.put("recordsPerSecond", activity.rate());
        document.put("cancelAsked", activity.cancelAsked());
        document.put("entities", activity.entities().stream().map(entity -> {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("entity", entity.entity());
            each.put("state", entity.state());
            each.put("pages", entity.pages());
            each.put("records", entity.records());
            return each;
        }).toList());
        return document;
    }

    private static Map<String, Object> entity(SyncState.Entity entity) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("entity", entity.entity());
        document.putAll(numbers(entity));
        document.put("attention", entity.attention());
        document.put("held", entity.held());
        document.put("deleted", entity.deleted());
        document.put("watermark", text(entity.watermark()));
        document.put("countedAt", text(entity.countedAt()));
        return document;
    }

    private static Map<String, Object> pushes(Health.Pushes pushes) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("pending", pushes.pending());
        document.put("refused", pushes.refused());
        document.put("unknown", pushes.unknown());
        document.put("barred", pushes.barred());
        return document;
    }

    private static Map<String, Object> webhooks(Health.Webhooks webhooks) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("waiting", webhooks.waiting());
        document.put("failed", webhooks.failed());
        document.put("last", webhooks.last());
        document.put("reason", webhooks.reason());
        return document;
    }

    private static Map<String, Object> numbers(SyncState.Entity entity) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("total", entity.total());
        document.put("synced", entity.synced());
        document.put("pending", entity.pending());
        document.put("conflicts", entity.conflicts());
        return document;
    }

    private static Map<String, Object> trouble(SyncState.Trouble trouble) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run", trouble.run());
        document.put("href", "/api/v1/runs/" + trouble.run());
        document.put("mode", trouble.mode());
        document.put("entity", trouble.entity());
        document.put("at", text(trouble.at()));
        document.put("error", trouble.what());
        return document;
    }
}
