package io.syncline;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The packaged product as a process of its own, started, used, killed and started again as its operator would. */
class PackagedProductIT {
    /** From start to the first published sync, on an empty data directory. */
    private static final Duration FIRST_SYNC = Duration.ofMinutes(3);
    private static final Pattern KEY = Pattern.compile("sln_[0-9A-Za-z]+");
    private static final Pattern LISTENS = Pattern.compile("Syncline listens on (\\S+)");
    private static final Pattern PSQL = Pattern.compile("PG=(postgresql://\\S+)");
    private static final Pattern SAP = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/_control/journal");
    private static final Pattern SANDBOX = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/_control");
    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void theReadmesLinesWorkAsPrinted() throws Exception {
        assumeTrue(has("curl") && has("psql"), "curl and psql are needed to run what the README prints");
        Output product = start("first");
        product.awaitFirstSync();
        Matcher blocks = SHELL.matcher(Files.readString(Path.of("README.md")).split("## Try")[1]);
        int ran = 0;
        String assigned = "";
        while (blocks.find()) {
            String script = (assigned + blocks.group(1))
                    .replaceAll("KEY=\\S+", "KEY=" + product.found(KEY, 0)).replaceAll("PG=\\S+", "PG=" + product.found(PSQL, 1))
                    .replace("http://127.0.0.1:8080", product.found(LISTENS, 1)).replace("http://127.0.0.1:8099", product.found(SANDBOX, 1))
                    .replace("http://127.0.0.1:8100", product.found(SAP, 1))
                    .replace("curl ", "curl --fail-with-body -sS ");
            assigned += blocks.group(1).lines().filter(line -> line.matches("[A-Z]+=.*")).collect(Collectors.joining("\n", "", "\n"));
            Path said = folder.resolve("readme-" + ran++ + ".log");
            Process shell = new ProcessBuilder("bash", "-e", "-c", script).directory(folder.toFile()).redirectErrorStream(true)
                    .redirectOutput(said.toFile()).start();
            started.add(shell);
            assertThat(shell.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(shell.exitValue()).as(script + "\n" + Files.readString(said)).isZero();
        }
        assertThat(ran).isEqualTo(7);
        assertThat(Files.readString(folder.resolve("readme-0.log"))).contains("\"state\" : \"published\"", "\"state\" : \"planned\"",
                "\"state\" : \"partial\"");
        assertThat(Files.readString(folder.resolve("readme-1.log"))).contains("UPDATE 1", "pending_push", "(0 rows)");
        assertThat(Files.readString(folder.resolve("readme-2.log"))).contains("\"state\" : \"compared\"", "equipment | held", "\"key\" : \"8002\"");
        assertThat(Files.readString(folder.resolve("readme-3.log"))).contains("\"joined\" : false", "event: end");
        assertThat(Files.readString(folder.resolve("runs.csv"))).contains("incremental");
        assertThat(Files.readString(folder.resolve("readme-4.log"))).contains("\"kind\" : \"held\"", "\"price\":2.49");
        assertThat(Files.readString(folder.resolve("readme-5.log"))).contains("\"role\" : \"operator\"", "sln_link", "first-admin");
        assertThat(Files.readString(folder.resolve("readme-6.log"))).contains("\"create\":20000", "before", "\"method\":\"GET\"")
                .doesNotContain("\"method\":\"P");
    }

    /** Promise 1: after kill -9 what was published is there, and the PostgreSQL left behind is in nobody's way. */
    @Test
    void afterAKillTheNextStartGoesOnWithTheSameData() throws Exception {
        Output first = start("first");
        first.awaitFirstSync();
        assertThat(rows(first, "pricebook.materials")).isEqualTo(1500);

        Output second = start("second");
        assertThat(second.process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(second.process.exitValue()).isNotZero();
        assertThat(second.text()).contains("Another Syncline (process " + first.process.pid() + ") is running").doesNotContain("at io.syncline");

        first.process.destroyForcibly().waitFor();
        Output third = start("third");
        third.awaitFirstSync();
        assertThat(third.text()).doesNotContain("The first admin key");
        assertThat(rows(third, "pricebook.materials")).isEqualTo(1500);
        assertThat(rows(third, "syncline.verify_chain('pricebook')")).isZero();
        assertThat(rows(third, "syncline.run where finished_at is null")).isZero();

        third.process.destroy();
        assertThat(third.process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> rows(third, "pricebook.materials")).isInstanceOf(SQLException.class);
    }

    @Test
    void checkSaysThatTheShippedConfigurationIsWellWithoutAnySetting() throws Exception {
        Path said = folder.resolve("check.log");
        Process check = PackagedProduct.script(PackagedProduct.jar(), "check").redirectOutput(said.toFile()).start();
        started.add(check);
        assertThat(check.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(said)).contains("all is well.");
        assertThat(check.exitValue()).isZero();
    }

    private Output start(String name) throws IOException {
        Path log = folder.resolve(name + ".log");
        TestPostgres.lendPrograms(folder.resolve("data"));
        Process process = PackagedProduct.script(PackagedProduct.jar(), "demo", "--server.port=0", "--syncline.sandbox.port=0", "--syncline.database.port=0",
                "--syncline.data-directory=" + folder.resolve("data")).redirectOutput(log.toFile()).start();
        started.add(process);
        return new Output(process, log);
    }

    private static boolean has(String command) throws IOException, InterruptedException {
        return new ProcessBuilder("bash", "-c", "command -v " + command).start().waitFor() == 0;
    }

    private static long rows(Output product, String of) throws SQLException, IOException {
        URI printed = URI.create(product.found(PSQL, 1));
        String password = Files.readString(Path.of(printed.getQuery().replaceFirst("passfile=", ""))).strip().replaceFirst(".*:", "");
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://localhost:" + printed.getPort() + printed.getPath(), printed.getUserInfo(),
                password);
             ResultSet count = connection.createStatement().executeQuery("select count(*) from " + of)) {
            count.next();
            return count.getLong(1);
        }
    }

    private record Output(Process process, Path log) {
        void awaitFirstSync() {
            await().atMost(FIRST_SYNC).pollInterval(Duration.ofMillis(200)).until(() -> {
                assertThat(process.isAlive() || text().contains("README has more")).as(this::text).isTrue();
                return text().contains("README has more");
            });
        }

        String text() {
            try {
                return Files.readString(log, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        String found(Pattern pattern, int group) {
            Matcher matcher = pattern.matcher(text());
            assertThat(matcher.find()).as("%s in %s", pattern, text()).isTrue();
            return matcher.group(group);
        }
    }
}
