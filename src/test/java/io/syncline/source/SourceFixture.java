package io.syncline.source;

import io.syncline.config.Connection;
import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Auth;
import io.syncline.config.SourceConfig.HttpResource;
import io.syncline.config.SourceConfig.Limits;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.config.SourceConfig.Paging.End;
import io.syncline.config.SourceConfig.Paging.Kind;
import io.syncline.config.SourceConfig.Since;
import io.syncline.config.SystemConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;
import io.syncline.routes.RouteCoverage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The real routes in a plain Camel, sources over them, and short ways to say what is read. */
final class SourceFixture implements AutoCloseable {
    static final SideMapping ITEMS = new SideMapping(new Shape(List.of(
            new Field("name", FieldType.TEXT, Path.of("name"), false, false, false, null, null),
            new Field("price", FieldType.DECIMAL, Path.of("price"), false, false, false, null, null))),
            List.of(Path.of("id")), null, null, TimeFormat.ISO, null);
    static final Paging NONE = paging(Kind.NONE);

    final Clock clock = new Clock();
    final CamelContext camel;
    final AllSources sources;
    final Map<String, InetAddress[]> names = new HashMap<>();

    /** Stands still unless moved; pauses pass at once and are kept. */
    static final class Clock implements Waiting {
        final List<Duration> pauses = new CopyOnWriteArrayList<>();
        volatile Instant now = Instant.parse("2026-11-21T10:00:00Z");

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public void pause(Duration length) {
            pauses.add(length);
        }

        @Override
        public double chance() {
            return 0;
        }
    }

    SourceFixture(String... moreRoutes) {
        try {
            camel = new DefaultCamelContext();
            camel.getCamelContextExtension().addInterceptStrategy(RouteCoverage.interceptor());
            camel.setSourceLocationEnabled(true);
            SourceWiring wiring = new SourceWiring();
            camel.getRegistry().bind("outboundClient", wiring.outboundClient());
            camel.getRegistry().bind("openParquet", wiring.openParquet());
            camel.getRegistry().bind("publicConnections", SourceWiring.connections(Network.PUBLIC, this::addresses));
            camel.getRegistry().bind("privateConnections", SourceWiring.connections(Network.PRIVATE_TOO, this::addresses));
            List<Resource> routes = new ArrayList<>();
            routes.add(PluginHelper.getResourceLoader(camel).resolveResource("file:routes/outbound.yaml"));
            routes.add(PluginHelper.getResourceLoader(camel).resolveResource("file:routes/files.yaml"));
            for (String more : moreRoutes) {
                routes.add(PluginHelper.getResourceLoader(camel).resolveResource("file:" + more));
            }
            PluginHelper.getRoutesLoader(camel).loadRoutes(routes);
            camel.start();
            sources = new AllSources(camel, clock, new SimpleMeterRegistry());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private InetAddress[] addresses(String host) throws UnknownHostException {
        return names.containsKey(host) ? names.get(host) : InetAddress.getAllByName(host);
    }

    @Override
    public void close() throws Exception {
        sources.close();
        camel.stop();
    }

    static Paging paging(Kind kind) {
        return new Paging(kind, null, false, 1, null, 0, null, null, null, null, End.EMPTY_PAGE, 50, false);
    }

    static HttpResource resource(Paging paging) {
        return new HttpResource("items", "GET", "/items", Map.of(), null, List.of("data"), paging, null, "/items/{id}", List.of());
    }

    static HttpResource resource(Paging paging, Map<String, String> query, Since since) {
        return new HttpResource("items", "GET", "/items", query, null, List.of("data"), paging, since, "/items/{id}", List.of());
    }

    static SourceConfig.Http http(String url, HttpResource resource) {
        return http(url, new Auth.None(), Limits.DEFAULT, resource);
    }

    static SourceConfig.Http http(String url, Auth auth, Limits limits, HttpResource resource) {
        return new SourceConfig.Http(url, true, auth, Map.of(), null, limits, Map.of(resource.name(), resource));
    }

    static Read read(SourceConfig source, Instant since, String... settings) {
        return new Read(connection("default", settings), new SystemConfig("shop", "Shop", "", source), source.resources().values().iterator().next(), ITEMS,
                since);
    }

    /** @param settings names and values in turn */
    static Connection connection(String organisation, String... settings) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            values.put(settings[i], settings[i + 1]);
        }
        return new Connection() {
            @Override
            public String organisation() {
                return organisation;
            }

            @Override
            public String system() {
                return "shop";
            }

            @Override
            public String fill(String text) {
                String filled = text;
                for (Map.Entry<String, String> value : values.entrySet()) {
                    filled = filled.replace("${" + value.getKey() + "}", value.getValue());
                }
                return filled;
            }
        };
    }

    /** Reads to the end. */
    List<Page> pages(Read read) {
        return pages(read, null);
    }

    List<Page> pages(Read read, String resume) {
        List<Page> pages = new ArrayList<>();
        try (PageReader reader = sources.open(read, resume, page -> { })) {
            do {
                pages.add(reader.next());
            } while (!pages.get(pages.size() - 1).isLast());
        }
        return pages;
    }

    static List<String> keys(List<Page> pages) {
        return pages.stream().flatMap(page -> page.records().stream()).map(Observed::key).toList();
    }
}
