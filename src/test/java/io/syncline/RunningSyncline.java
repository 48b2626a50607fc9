package io.syncline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.access.NewKey;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.run.Runs;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.InflightRepository;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.awaitility.Awaitility.await;

/** The whole product, running in this JVM on a real PostgreSQL database, with its real routes. */
public final class RunningSyncline implements AutoCloseable {
    /** The admin key that the product was started with. */
    public static final String KEY = NewKey.make();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofMinutes(2);

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    private RunningSyncline(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** With the configuration that ships, reading this sandbox. */
    public static RunningSyncline with(ServiceTitanSandbox sandbox) {
        return with(sandbox, TestPostgres.url());
    }

    /** The same on a database that is there already. */
    public static RunningSyncline with(ServiceTitanSandbox sandbox, String database) {
        return with(sandbox, database, Path.of("config"));
    }

    /** And with a configuration of one's own. */
    public static RunningSyncline with(ServiceTitanSandbox sandbox, String database, Path config) {
        return start(config, database, Map.of(
                "SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(), "SERVICETITAN_PRIVATE_NETWORK", "true",
                "SERVICETITAN_TENANT", sandbox.options().tenant(), "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(),
                "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(), "SERVICETITAN_APP_KEY", sandbox.options().appKey()));
    }

    /** With a configuration of one's own; the settings go before what tests set otherwise: no schedules, a free port, and nobody asks too often. */
    public static RunningSyncline start(Path config, String database, Map<String, String> settings) {
        return start(config, database, settings, context -> { });
    }

    /** And with something of its own in the product's place. */
    public static RunningSyncline start(Path config, String database, Map<String, String> settings,
            ApplicationContextInitializer<GenericApplicationContext> replacing) {
        Map<String, String> all = new TreeMap<>(Map.of("server.port", "0", "syncline.config", config.toString(), "syncline.database.url", database,
                "spring.datasource.url", database, "syncline.schedules.enabled", "false", "SYNCLINE_ADMIN_KEY", KEY,
                "SAP_USER", "nobody", "SAP_PASSWORD", "nothing", "syncline.access.rate.per-second", "0"));
        all.putAll(settings);
        List<String> arguments = new ArrayList<>();
        all.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return new RunningSyncline(new SpringApplicationBuilder(Syncline.class).initializers(replacing).run(arguments.toArray(String[]::new)));
    }

    public JsonNode full(String sync) {
        return run(request(sync, Mode.FULL));
    }

    public JsonNode incremental(String sync) {
        return run(request(sync, Mode.INCREMENTAL));
    }

    public static RunRequest request(String sync, Mode mode) {
        return new RunRequest(sync, "default", mode, false, null, null, null, "test", "test");
    }

    /** Makes the run and waits for its report. */
    public JsonNode run(RunRequest request) {
        Runs runs = bean(Runs.class);
        long run = runs.request(request).run();
        if (!runs.awaitEnd(run, LONG)) {
            throw new AssertionError("run " + run + " did not end: " + runs.report(request.organisation(), run).orElse("no report"));
        }
        return json(runs.report(request.organisation(), run).orElseThrow());
    }

    public JdbcClient sql() {
        return bean(JdbcClient.class);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public String url() {
        return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
    }

    /** Asks a door of the API with the admin key. */
    public HttpResponse<String> call(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path)).header("Authorization", "Bearer " + KEY).timeout(LONG)
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a report says about one entity. */
    public static JsonNode entity(JsonNode report, String name) {
        for (JsonNode entity : report.path("entities")) {
            if (entity.path("entity").asText().equals(name)) {
                return entity;
            }
        }
        throw new AssertionError("the report says nothing about " + name + ": " + report.toPrettyString());
    }

    /** Camel looks once a second whether all that is under way has ended, so what a run does just after its end is waited for here. */
    @Override
    public void close() {
        if (context.isActive()) {
            InflightRepository underWay = bean(CamelContext.class).getInflightRepository();
            Instant enough = Instant.now().plusSeconds(1);
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(() -> underWay.size() == 0 || Instant.now().isAfter(enough));
        }
        context.close();
    }
}
