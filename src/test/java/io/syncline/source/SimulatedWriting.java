package io.syncline.source;

import io.syncline.config.Configuration;
import io.syncline.config.Connection;
import io.syncline.config.EntityConfig;
import io.syncline.config.SourceConfig;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemConfig;
import io.syncline.record.TimeFormat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The product's own way of writing to a system, whose answers are made by a simulation instead of a network: what is read before a write, what an answer means
 * and how a lost one is looked up is all decided by the product.
 */
public final class SimulatedWriting {
    private static final Connection NOBODY = new Connection() {
        @Override
        public String organisation() {
            return "default";
        }

        @Override
        public String system() {
            return "world";
        }

        @Override
        public String fill(String text) {
            return text;
        }
    };

    private SimulatedWriting() {
    }

    /** What a system does with a request. */
    public interface Server {
        /** @throws Lost where no answer comes */
        Reply answer(Request request) throws Lost;
    }

    /** A request as it arrives: {@code path} is {@code /items} or {@code /items/i1}. */
    public record Request(String method, String path, String query, Map<String, String> headers, String body) {
    }

    public record Reply(int status, Map<String, List<String>> headers, String body) {
        public Reply(int status, String body) {
            this(status, Map.of(), body);
        }
    }

    /** No answer comes. */
    public static final class Lost extends Exception {
        private final boolean left;

        /** @param left the request may have arrived */
        public Lost(boolean left) {
            super("lost", null, false, false);
            this.left = left;
        }
    }

    public static Writing to(SyncConfig sync, SourceConfig.Paging paging, Duration overlap, boolean increments, Supplier<Instant> now, Server server) {
        Map<String, SourceConfig.HttpResource> resources = new LinkedHashMap<>();
        SourceConfig.Since since = increments ? new SourceConfig.Since("since", false, TimeFormat.ISO, overlap) : null;
        for (EntityConfig entity : sync.entities()) {
            resources.put(entity.resource(), new SourceConfig.HttpResource(entity.resource(), "GET", "/" + entity.resource(), Map.of(), null, List.of("data"),
                    null, since, "/" + entity.resource() + "/{id}", List.of(), entity.writes()));
        }
        SourceConfig.Http http = new SourceConfig.Http("http://world", true, null, Map.of(), paging, null, resources);
        Configuration configuration = new Configuration(Map.of(sync.system(), new SystemConfig(sync.system(), "World", "", http)), Map.of(sync.name(), sync));
        return new HttpWriting(new Answering(now, server), new Virtual(now), configuration, (organisation, system) -> NOBODY);
    }

    private record Answering(Supplier<Instant> now, Server server) implements Once {
        @Override
        public HttpAnswer once(Read read, HttpRequest request) throws IOException {
            try {
                Reply reply = server.answer(new Request(request.method(), request.uri().getPath(), request.uri().getQuery(), request.headers(),
                        request.body()));
                return new HttpAnswer(reply.status(), reply.headers(), reply.body().getBytes(StandardCharsets.UTF_8), now.get());
            } catch (Lost lost) {
                IOException io = new IOException("no answer");
                throw lost.left || request.purpose() != HttpRequest.Purpose.WRITE ? io : new NeverLeft(io);
            }
        }

        @Override
        public List<String> secrets(Read read) {
            return List.of();
        }
    }

    private record Virtual(Supplier<Instant> clock) implements Waiting {
        @Override
        public Instant now() {
            return clock.get();
        }

        @Override
        public void pause(Duration length) {
            throw new IllegalStateException("nothing waits in a story");
        }

        @Override
        public double chance() {
            return 0.5;
        }
    }
}
