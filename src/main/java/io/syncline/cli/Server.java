package io.syncline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** The running server that a command asks, and with which key. */
final class Server {
    static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Option(names = "--url", paramLabel = "URL", description = "Where the server is. Else SYNCLINE_URL, else http://127.0.0.1:8080.")
    private String url;
    @Option(names = "--key", paramLabel = "KEY", description = "A key; others on this machine can see it in the list of processes. Else SYNCLINE_KEY.")
    private String key;
    @Option(names = "--key-file", paramLabel = "FILE", description = "A file with nothing but a key. Else SYNCLINE_KEY_FILE, else ~/.syncline/key.")
    private Path keyFile;
    @Option(names = "--json", description = "Prints what the server answers, for programs.")
    private boolean json;

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    boolean json() {
        return json;
    }

    JsonNode get(String path) {
        return send("GET", path, null);
    }

    JsonNode post(String path, JsonNode body) {
        return send("POST", path, body);
    }

    /** @param seen the version that is decided about */
    JsonNode post(String path, JsonNode body, String seen) {
        return send(request("POST", path, body).header("If-Match", seen).build());
    }

    /** A segment of a path, or a value of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Those that are not null, as a query. */
    static String query(Map<String, String> parameters) {
        String query = parameters.entrySet().stream().filter(each -> each.getValue() != null)
                .map(each -> each.getKey() + "=" + encoded(each.getValue())).collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    /** Writes what the server answers to the stream, however much it is. */
    void download(String path, OutputStream out) {
        try {
            HttpResponse<InputStream> answer = http.send(request("GET", path, null).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() >= 400) {
                    throw ServerProblem.of(answer.statusCode(), document(new String(body.readAllBytes(), StandardCharsets.UTF_8)));
                }
                body.transferTo(out);
            } catch (IOException e) {
                throw new ServerProblem("The answer was cut off before its end, or could not be written: " + e.getMessage()
                        + ". What was written is not complete.");
            }
        } catch (IOException e) {
            throw unanswered();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private JsonNode send(String method, String path, JsonNode body) {
        return send(request(method, path, body).build());
    }

    private JsonNode send(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode document = document(answer.body());
            if (answer.statusCode() >= 400) {
                throw ServerProblem.of(answer.statusCode(), document);
            }
            return document;
        } catch (IOException e) {
            throw unanswered();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private HttpRequest.Builder request(String method, String path, JsonNode body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + "/api" + path)).timeout(PATIENCE)
                    .header("Authorization", "Bearer " + secret())
                    .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body.toString()));
            return body == null ? request : request.header("Content-Type", "application/json");
        } catch (IllegalArgumentException e) {
            throw new ServerProblem("This is no address, or no key, that can be sent. Write the address like http://127.0.0.1:8080, the key as it was shown.");
        }
    }

    private ServerProblem unanswered() {
        return new ServerProblem("Nobody answers at " + address() + ". Is the server running? Start it with \"syncline\", or say where it is with --url.");
    }

    private static ServerProblem interrupted() {
        Thread.currentThread().interrupt();
        return new ServerProblem("Stopped while waiting for the server's answer.");
    }

    private static JsonNode document(String text) {
        try {
            return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ServerProblem("The server's answer is no JSON. Is it a Syncline?");
        }
    }

    private String address() {
        String given = url != null ? url : System.getenv().getOrDefault("SYNCLINE_URL", "http://127.0.0.1:8080");
        return given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
    }

    /** Whatever was said last in the list counts first: an option, then the environment, then the file at home. */
    private String secret() {
        if (key != null) {
            return key.strip();
        }
        if (keyFile != null) {
            return read(keyFile);
        }
        String set = System.getenv("SYNCLINE_KEY");
        if (set != null && !set.isBlank()) {
            return set.strip();
        }
        String file = System.getenv("SYNCLINE_KEY_FILE");
        return read(file != null ? Path.of(file) : Path.of(System.getProperty("user.home"), ".syncline", "key"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new ServerProblem("No key was found: --key, --key-file, SYNCLINE_KEY and SYNCLINE_KEY_FILE say none, and there is no " + file
                    + ". Make one on the server's host: syncline key new --role operator");
        } catch (IOException e) {
            throw new ServerProblem("The key file " + file + " cannot be read: " + e.getMessage());
        }
    }
}
