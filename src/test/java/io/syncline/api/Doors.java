package io.syncline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.syncline.Syncline;
import io.syncline.TestPostgres;
import io.syncline.access.Keys;
import io.syncline.access.RatesByHand;
import io.syncline.access.Role;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The doors as they run: a real server with a real database; behind them, runs that a test steers. Unless a test says how often one may ask, nobody asks too
 * often, however quick the machine.
 */
final class Doors implements AutoCloseable {
    private static final String RATE = "--syncline.access.rate.";
    static final JsonMapper JSON = new JsonMapper();

    final String database;
    final ConfigurableApplicationContext application;
    final SteeredRuns runs;
    final Keys keys;
    final JdbcClient sql;
    private final HttpClient client = HttpClient.newHttpClient();

    private Doors(String database, ConfigurableApplicationContext application) {
        this.database = database;
        this.application = application;
        this.runs = application.getBean(SteeredRuns.class);
        this.keys = application.getBean(Keys.class);
        this.sql = application.getBean(JdbcClient.class);
    }

    static Doors open(String... settings) {
        return on(TestPostgres.url(), settings);
    }

    static Doors on(String database, String... settings) {
        return start(database, "--syncline.config=src/test/resources/no-syncs", settings);
    }

    /** As installed in a folder with routes and configuration. */
    static Doors in(Path home) {
        return start(TestPostgres.url(), "--syncline.home=" + home);
    }

    /** With pages that stand beside the contract. */
    static Doors with(Map<String, PublicPage> pages) {
        String database = TestPostgres.url();
        return new Doors(database, builder().initializers(context -> pages.forEach((name, page) -> context.getBeanFactory().registerSingleton(name, page)))
                .run(arguments(database, "--syncline.config=src/test/resources/no-syncs")));
    }

    /** Where time passes as a test says, for whoever is asked too often. */
    static Doors by(LongSupplier clock, String... settings) {
        String database = TestPostgres.url();
        return new Doors(database, builder().initializers((GenericApplicationContext context) -> RatesByHand.in(context, clock))
                .run(arguments(database, "--syncline.config=src/test/resources/no-syncs", settings)));
    }

    private static Doors start(String database, String place, String... settings) {
        return new Doors(database, builder().run(arguments(database, place, settings)));
    }

    private static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(Syncline.class, Steered.class);
    }

    private static String[] arguments(String database, String place, String... settings) {
        List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--spring.datasource.url=" + database, "--syncline.database.url=" + database, place,
                "--syncline.schedules.enabled=false"));
        if (Arrays.stream(settings).noneMatch(setting -> setting.startsWith(RATE))) {
            arguments.add(RATE + "per-second=0");
        }
        arguments.addAll(Arrays.asList(settings));
        return arguments.toArray(String[]::new);
    }

    String key(String name, String organisation, Role role) {
        return keys.make(name, organisation, role, "test").text();
    }

    int port() {
        return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    Answered post(String path, String key, String body, String... headers) {
        return send("POST", path, key, body, headers);
    }

    Answered get(String path, String key, String... headers) {
        return send("GET", path, key, null, headers);
    }

    Answered send(String method, String path, String key, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        if (body != null && !Arrays.asList(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Answered(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends bytes as they are and answers with everything that comes back. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(120_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            in.transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        application.close();
    }

    record Answered(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        String text() {
            return response.body();
        }

        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + response.body(), e);
            }
        }

        String code() {
            return json().path("code").asText();
        }

        String detail() {
            return json().path("detail").asText();
        }
    }

    @TestConfiguration
    static class Steered {
        @Bean
        @Primary
        SteeredRuns steeredRuns() {
            return new SteeredRuns();
        }
    }
}
