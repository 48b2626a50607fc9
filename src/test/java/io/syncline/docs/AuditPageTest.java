package io.syncline.docs;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.cli.Cli;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** docs/audit.md, line by line: what an auditor is told to do works as it stands there. */
class AuditPageTest {
    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;
    private String database;

    @Test
    void everyCommandOfThePageWorks() throws Exception {
        String page = Files.readString(Path.of("docs/audit.md"));
        Path anchors = folder.resolve("anchors.jsonl");
        database = TestPostgres.url();
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start();
             RunningSyncline syncline = RunningSyncline.start(Path.of("config"), database, Map.of("syncline.anchor.file", anchors.toString(),
                     "SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(), "SERVICETITAN_PRIVATE_NETWORK", "true",
                     "SERVICETITAN_TENANT", sandbox.options().tenant(), "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(),
                     "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(), "SERVICETITAN_APP_KEY", sandbox.options().appKey()))) {
            sandbox.put(Entity.MATERIALS, 9404, "{\"code\": \"M\", \"displayName\": \"Pump\", \"price\": 20}");
            syncline.full("pricebook");
            List<String> commands = commands(page);
            assertThat(commands).hasSizeGreaterThan(8);
            // An anchor is there once a day; here it is asked for as soon as there is something to anchor.
            for (String command : commands) {
                String told = command.startsWith("curl") ? curl(command, syncline) : syncline(command);
                if (command.contains("chain/verify")) {
                    assertThat(told).contains("\"state\" : \"");
                }
                if (command.contains("/v1/decisions -d")) {
                    assertThat(RunningSyncline.json(told).path("number").asInt()).isEqualTo(1);
                    syncline.call("POST", "/api/v1/anchors", null);
                }
            }
            assertThat(Files.readString(folder.resolve("decision-1.html"))).contains("This evidence holds in itself.");
            JsonNode printed = RunningSyncline.json(syncline.call("GET", "/api/v1/anchors", null).body());
            assertThat(printed.path("items")).hasSize(2);
        }
    }

    private static List<String> commands(String page) {
        return SHELL.matcher(page).results().flatMap(block -> Arrays.stream(block.group(1).split("\n(?=curl|syncline)"))).map(String::strip).toList();
    }

    /** As a shell has it, in a folder of its own. */
    private String curl(String command, RunningSyncline syncline) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", command.replace("curl ", "curl -sS --fail-with-body ")).directory(folder.toFile())
                .redirectErrorStream(true);
        shell.environment().putAll(Map.of("KEY", RunningSyncline.KEY, "API", syncline.url() + "/api"));
        Process process = shell.start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, told).isZero();
        return told;
    }

    private String syncline(String command) {
        List<String> words = new ArrayList<>(Arrays.stream(command.split(" ")).skip(1)
                .map(word -> word.matches(".*\\.(html|json|jsonl)") ? folder + File.separator + word : word).collect(Collectors.toList()));
        words.add("--syncline.database.url=" + database);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream told = new PrintStream(out, true, StandardCharsets.UTF_8);
        Integer end = Cli.run(words, told, told, server -> { });
        assertThat(end).as("%s: %s", command, out).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }
}
