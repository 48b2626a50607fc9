package io.syncline;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.access.NewKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The packaged product in the hands of its operator: the commands of docs/operate.md, one after the other, as printed there. */
class OperatedProductIT {
    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LISTENS = Pattern.compile("Syncline listens on (http://[^\\s\"]+)");
    private static final Pattern SANDBOX = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/_control");
    private static final String CANARY = "canary-5f1c";

    @TempDir
    private Path folder;
    private final String key = NewKey.make();
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void thePagesCommandsWorkAsPrintedAndTheRestoredDatabaseGoesOn() throws Exception {
        Files.createSymbolicLink(folder.resolve("syncline.jar"), PackagedProduct.JAR);
        List<String> blocks = SHELL.matcher(Files.readString(Path.of("docs/operate.md"))).results().map(block -> block.group(1))
                .collect(Collectors.toCollection(ArrayList::new));
        assertThat(blocks).hasSize(5);
        shell(blocks.remove(0), "");
        TestPostgres.lendPrograms(folder.resolve("data"));
        Process first = demo("first", "data");
        String text = started("first");
        assertThat(first.info().commandLine().orElseThrow()).contains(folder.resolve("syncline/syncline.jar").toString());
        assertThat(shell(blocks.get(0), text)).contains("published", "green");
        assertThat(shell(blocks.get(1), text)).contains("\"ready\"", "syncline_runs_total", "syncline_last_success_timestamp_seconds");
        theFiguresAreSound(found(LISTENS, text));
        assertThat(shell(blocks.get(2), text)).contains("sln_", "first-admin");
        theLogIsJsonAndHoldsNoSecret(text);
        // The last one stops the server itself, as the page says, and looks at what was restored.
        first.destroy();
        assertThat(first.waitFor(60, TimeUnit.SECONDS)).as("SIGTERM ends it by itself").isTrue();
        assertThat(shell(blocks.get(3), text)).contains("holds everything", "every chain of snapshots is whole");
        demo("second", "data");
        String again = started("second");
        assertThat(again).contains("The price book has been synced: run ");
        assertThat(shell("syncline run pricebook --mode full\n", again)).contains("published");
    }

    private void theFiguresAreSound(String url) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(url + "/metrics"))
                .header("Authorization", "Bearer " + key).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body().lines().filter(line -> !line.startsWith("#")).toList()).allMatch(line ->
                line.matches("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_]\\w*=\"([^\"\\\\]|\\\\.)*\",?)*\\})? (-?[0-9.]+(E-?[0-9]+)?|NaN|[+-]Inf)"));
        for (String name : List.of("syncline_runs_total{mode=\"full\",outcome=\"published\",sync=\"pricebook\"}", "syncline_run_duration_seconds_count",
                "syncline_last_success_timestamp_seconds{mode=\"full\",sync=\"pricebook\"}", "syncline_pending{sync=\"pricebook\"} 0.0",
                "syncline_conflicts{sync=\"pricebook\"} 0.0", "syncline_attention{kind=\"held\"} 0.0", "syncline_lag_seconds{sync=\"pricebook\"}",
                "syncline_outbound_requests_total{code=\"200\",system=\"servicetitan\"}", "syncline_outbound_seconds_count", "jvm_memory_used_bytes",
                "hikaricp_connections", "process_uptime_seconds", "syncline_database_up 1.0")) {
            assertThat(answer.body()).contains(name);
        }
        assertThat(answer.body()).doesNotContain(CANARY);
    }

    /** Security rows 20 and 21. */
    private void theLogIsJsonAndHoldsNoSecret(String text) throws Exception {
        assertThat(text).doesNotContain(CANARY, key);
        List<JsonNode> events = text.lines().filter(line -> line.startsWith("{")).map(RunningSyncline::json).toList();
        assertThat(events).anySatisfy(event -> {
            assertThat(event.path("run").asText()).isEqualTo("1");
            assertThat(event.path("sync").asText()).isEqualTo("pricebook");
            assertThat(event.path("organisation").asText()).isEqualTo("default");
        });
    }

    private Process demo(String name, String data) throws IOException {
        ProcessBuilder product = PackagedProduct.script(folder.resolve("syncline.jar"), "demo", "--server.port=0", "--syncline.sandbox.port=0",
                "--syncline.database.port=0", "--syncline.logs=json", "--syncline.schedules.enabled=false",
                "--syncline.data-directory=" + folder.resolve(data)).redirectOutput(log(name).toFile());
        product.environment().put("SYNCLINE_ADMIN_KEY", key);
        product.environment().put("SERVICETITAN_CLIENT_SECRET", CANARY);
        product.environment().put("SERVICETITAN_APP_KEY", CANARY + "-app");
        Process process = product.start();
        started.add(process);
        return process;
    }

    private String started(String name) {
        await().atMost(Duration.ofSeconds(180)).pollInterval(Duration.ofMillis(500)).until(() -> Files.readString(log(name)).contains("README has more"));
        try {
            return Files.readString(log(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String shell(String block, String text) throws Exception {
        Path data = folder.resolve("data");
        String script = (PackagedProduct.asSyncline() + "cd " + folder + "\n" + block).replaceAll("sln_…", key)
                .replace("/srv/syncline/data", data.toString()).replace("/backup/", folder + "/").replace("curl ", "curl --fail-with-body -sS ");
        Path said = Files.createTempFile(folder, "said", ".log");
        Matcher listens = LISTENS.matcher(text);
        String address = listens.find() ? listens.group(1) : "";
        if (!address.isEmpty()) {
            script = script.replace("http://127.0.0.1:8080", address).replace("http://127.0.0.1:8099", found(SANDBOX, text));
        }
        ProcessBuilder shell = new ProcessBuilder("bash", "-e", "-c", script).redirectErrorStream(true).redirectOutput(said.toFile());
        shell.environment().putAll(PackagedProduct.settings(folder.resolve("syncline.jar")));
        shell.environment().put("SYNCLINE_URL", address);
        shell.environment().put("SYNCLINE_KEY", key);
        Process process = shell.start();
        started.add(process);
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        String told = Files.readString(said);
        assertThat(process.exitValue()).as(script + "\n" + told).isZero();
        return told;
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }
}
