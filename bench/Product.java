package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Syncline as its operators run it: the packaged jar by {@code bin/syncline}, with the PostgreSQL that it brings along, asked by its API. */
final class Product implements AutoCloseable {
    private static final Pattern KEY = Pattern.compile("sln_[0-9A-Za-z]+");
    private static final Pattern LISTENS = Pattern.compile("Syncline listens on (http://\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path data;
    private final Path log;
    private final Process process;
    private final Collected collected;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String url;
    private String key;
    private double secondsToReady;

    private Product(Path data, Path log, Process process, Collected collected, String key) {
        this.data = data;
        this.log = log;
        this.process = process;
        this.collected = collected;
        this.key = key;
    }

    /** @param key of an earlier start on the same data; null where there is none */
    static Product start(Path data, Path log, String key, String heap, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bin/syncline"));
        command.addAll(List.of(words));
        command.addAll(List.of("--server.port=0", "--syncline.database.port=0", "--syncline.data-directory=" + data, "--syncline.access.rate.per-second=0"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("SYNCLINE_JAR", Path.of("target/bench/syncline.jar").toAbsolutePath().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Path collections = log.resolveSibling(log.getFileName() + ".collections");
        builder.environment().put("SYNCLINE_JAVA_OPTIONS", "-XX:+ExitOnOutOfMemoryError -Xmx" + heap + " -Xlog:gc:file=" + here(collections) + "::filecount=0");
        builder.environment().putAll(environment);
        long begin = System.nanoTime();
        Product product = new Product(data, log, builder.start(), new Collected(collections), key);
        Runtime.getRuntime().addShutdownHook(new Thread(product.process::destroy));
        product.awaitReady();
        product.secondsToReady = (System.nanoTime() - begin) / 1e9;
        return product;
    }

    /** Without what may stand before it, in which there may be spaces. */
    private static Path here(Path file) {
        return Path.of("").toAbsolutePath().relativize(file.toAbsolutePath());
    }

    private void awaitReady() throws IOException, InterruptedException {
        while (url == null) {
            requireAlive(20);
            String said = log();
            Matcher listens = LISTENS.matcher(said);
            Matcher first = KEY.matcher(said);
            boolean hasKey = key != null || first.find();
            if (hasKey && listens.find()) {
                key = key == null ? first.group() : key;
                url = listens.group(1);
            }
        }
        while (send("GET", "/readyz", null).statusCode() != 200) {
            pause();
        }
    }

    void awaitSaid(String words) throws IOException, InterruptedException {
        while (!log().contains(words)) {
            requireAlive(50);
        }
    }

    /** A moment between two looks, unless it ends. */
    void pause() throws IOException, InterruptedException {
        requireAlive(5);
    }

    private void requireAlive(long millis) throws IOException, InterruptedException {
        if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            throw new IOException("Syncline has ended with " + process.exitValue() + ":\n" + log());
        }
    }

    Collected collected() {
        return collected;
    }

    double secondsToReady() {
        return secondsToReady;
    }

    long pid() {
        return process.pid();
    }

    String key() {
        return key;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    long postmaster() throws IOException {
        return Long.parseLong(Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(0).strip());
    }

    String database() throws IOException {
        return "jdbc:postgresql://localhost:" + Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3).strip() + "/syncline";
    }

    String user() throws IOException {
        return Files.readString(data.resolve("pgpass")).strip().split(":")[3];
    }

    String password() throws IOException {
        return Files.readString(data.resolve("pgpass")).strip().split(":")[4];
    }

    Connection connect() throws SQLException, IOException {
        Properties login = new Properties();
        login.setProperty("user", user());
        login.setProperty("password", password());
        return DriverManager.getConnection(database(), login);
    }

    /** Asks for a run and comes back with its report when it has ended. */
    JsonNode run(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("POST", path, body);
        JsonNode report = JSON.readTree(answer.body());
        if (answer.statusCode() > 202) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        while (!report.has("finishedAt")) {
            requireAlive(50);
            report = get("/api/v1/runs/" + report.path("run").asLong());
        }
        return report;
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", path, null);
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    Path download(String path, Path to) throws IOException, InterruptedException {
        HttpResponse<Path> answer = send(request("GET", path, null).build(), HttpResponse.BodyHandlers.ofFile(to));
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode());
        }
        return to;
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(method, path, body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** An answer that does not come is told as what it is: mostly the end of the process, which takes a moment. */
    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException, InterruptedException {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            requireAlive(5000);
            throw e;
        }
    }

    private HttpRequest.Builder request(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + key);
        return body == null ? request.method(method, HttpRequest.BodyPublishers.noBody())
                : request.method(method, HttpRequest.BodyPublishers.ofString(body)).header("Content-Type", "application/json");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        endPostgres();
    }

    /** One whose Syncline has died lives on, to be found by the next. */
    private void endPostgres() throws IOException {
        if (!Files.exists(data.resolve("postgres/postmaster.pid"))) {
            return;
        }
        Optional<ProcessHandle> left = ProcessHandle.of(postmaster());
        if (left.isPresent()) {
            left.get().destroy();
            left.get().onExit().completeOnTimeout(left.get(), 60, TimeUnit.SECONDS).join();
            left.get().destroyForcibly();
        }
    }
}
