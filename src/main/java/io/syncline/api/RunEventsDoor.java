package io.syncline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.syncline.api.RunFeed.Seen;
import io.syncline.api.RunFeed.Watcher;
import io.syncline.run.LiveRun;
import io.syncline.run.LiveRuns;
import org.apache.camel.Variable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The door to what a run is busy with, as server-sent events. The server's own thread writes them: when the client goes, writing fails, and everything that
 * was held for it is let go.
 */
final class RunEventsDoor {
    static final String MEDIA_TYPE = "text/event-stream;charset=UTF-8";

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LISTEN = Duration.ofSeconds(1);
    private static final long QUIET_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long CHECK_NANOS = Duration.ofSeconds(2).toNanos();

    private final LiveRuns runs;
    private final RunFeed feed;

    RunEventsDoor(LiveRuns runs, RunFeed feed) {
        this.runs = runs;
        this.feed = feed;
    }

    /** Promise 29: another organisation's run is answered like one that does not exist. Whoever has seen the end already is told not to come back. */
    public Answer events(@Variable(Call.NAME) Call call) {
        LiveRun run = RunNumber.of(call.parameter("id")).flatMap(number -> runs.look(call.caller().organisation(), number)).orElseThrow(RunDoor::noSuchRun);
        String last = call.header("Last-Event-ID").orElse("");
        if (run.hasEnded() && last.equals(id(run))) {
            return Answer.nothing();
        }
        Watcher watcher = feed.watch(run.run());
        return Answer.streaming(MEDIA_TYPE, Map.of("X-Accel-Buffering", "no"), out -> {
            try (watcher) {
                new Stream(out, last).write(call, run, watcher);
            }
        });
    }

    /** Of what an event says: it stays the same in another process, and after a restart. */
    private static String id(LiveRun run) {
        return (run.hasEnded() ? "end-" : "") + Preconditions.tag(run.toString()).replace("\"", "");
    }

    private static String data(LiveRun run, double rate) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("run", run.run());
        data.put("href", RunDoor.address(run.run()));
        data.put("state", run.state());
        data.put("phase", run.phase());
        data.put("startedAt", run.startedAt() == null ? null : run.startedAt().toString());
        data.put("delivered", run.delivered());
        data.put("total", total(run.parts()));
        data.put("rate", rate);
        data.put("entities", run.parts().stream().map(RunEventsDoor::entity).toList());
        data.put("failure", run.failure());
        try {
            return JSON.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers have a JSON form", e);
        }
    }

    /** Null unless it is known of every entity. */
    private static Long total(List<LiveRun.Part> parts) {
        return parts.isEmpty() || parts.stream().anyMatch(part -> part.total() == null) ? null : (Long) parts.stream().mapToLong(LiveRun.Part::total).sum();
    }

    private static Map<String, Object> entity(LiveRun.Part part) {
        Map<String, Object> entity = new LinkedHashMap<>();
        entity.put("entity", part.entity());
        entity.put("state", part.state());
        entity.put("pages", part.pages());
        entity.put("delivered", part.delivered());
        entity.put("total", part.total());
        entity.put("counts", part.counts());
        entity.put("planned", part.planned());
        return entity;
    }

    /** What one client is sent. */
    private static final class Stream {
        private final OutputStream out;
        private String lastId;
        private double lastRate;
        private long wroteAt;

        /** @param lastId what the client has seen already */
        Stream(OutputStream out, String lastId) {
            this.out = out;
            this.lastId = lastId;
        }

        void write(Call call, LiveRun first, Watcher watcher) throws IOException {
            send("retry: 2000\n\n");
            long checkedAt = System.nanoTime();
            Seen seen = new Seen(first, 0);
            while (!watcher.isOver()) {
                if (seen != null) {
                    tell(seen);
                    if (seen.run().hasEnded()) {
                        return;
                    }
                }
                if (System.nanoTime() - checkedAt > CHECK_NANOS) {
                    if (!call.isStillAdmitted()) {
                        send(": you may not watch this any more\n\n");
                        return;
                    }
                    checkedAt = System.nanoTime();
                }
                if (System.nanoTime() - wroteAt > QUIET_NANOS) {
                    send(": nothing new\n\n");
                }
                seen = watcher.next(LISTEN);
            }
        }

        private void tell(Seen seen) throws IOException {
            String id = id(seen.run());
            if (!id.equals(lastId) || seen.rate() != lastRate) {
                send("id: " + id + "\nevent: " + (seen.run().hasEnded() ? "end" : "progress") + "\ndata: " + data(seen.run(), seen.rate()) + "\n\n");
                lastId = id;
                lastRate = seen.rate();
            }
        }

        private void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            wroteAt = System.nanoTime();
        }
    }
}
