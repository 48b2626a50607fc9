package io.syncline.docs;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.cli.Cli;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** docs/conflicts.md, line by line: what a reviewer is told to do works as it stands there. */
class ConflictsPageTest {
    private static final Pattern BLOCK = Pattern.compile("```(sh|sql)\n(.*?)```", Pattern.DOTALL);

    private RunningSyncline syncline;
    private String told = "";

    @Test
    void everyCommandOfThePageWorks() throws Exception {
        String page = Files.readString(Path.of("docs/conflicts.md"));
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(24));
             RunningSyncline running = RunningSyncline.with(sandbox, TestPostgres.url())) {
            syncline = running;
            for (long id = 1; id <= 5; id++) {
                sandbox.put(Entity.MATERIALS, 9400 + id, "{\"code\": \"M\", \"displayName\": \"Pump\", \"price\": 20, \"cost\": 10}");
            }
            syncline.full("pricebook");
            sandbox.clock().advance(Duration.ofHours(1));
            syncline.sql().sql("update pricebook.materials set price = 25 where st_id like '940_'").update();
            for (long id = 1; id <= 5; id++) {
                sandbox.put(Entity.MATERIALS, 9400 + id, "{\"price\": 30}");
            }
            syncline.incremental("pricebook");
            Matcher block = BLOCK.matcher(page);
            int blocks = 0;
            while (block.find()) {
                blocks++;
                if (block.group(1).equals("sql")) {
                    Arrays.stream(block.group(2).split(";\n"))
                            .forEach(query -> assertThat(syncline.sql().sql(query).query().listOfRows()).as(query).isNotNull());
                } else if (block.group(2).startsWith("syncline")) {
                    block.group(2).lines().forEach(this::command);
                } else {
                    shell(block.group(2));
                }
            }
            assertThat(blocks).isGreaterThan(6);
            assertThat(syncline.sql().sql("select how || ' by ' || actor from syncline.resolution order by id").query(String.class).list())
                    .hasSize(5).first().asString().startsWith("merged by ");
            assertThat(syncline.sql().sql("select count(*) from syncline.conflict where state = 'open'").query(Long.class).single()).isZero();
        }
    }

    private void shell(String script) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("sh", "-ec", script.replace("curl ", "curl -sS --fail-with-body ")).redirectErrorStream(true);
        shell.environment().putAll(Map.of("KEY", RunningSyncline.KEY, "API", syncline.url() + "/api"));
        Process process = shell.start();
        String answered = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", script, answered).isZero();
    }

    private void command(String line) {
        String filled = line.replace("VERSION-OF-2", line.contains("VERSION-OF-2") ? after("version ", run("conflicts pricebook 2")) : "")
                .replace("TOKEN", line.contains("TOKEN") ? after("token ", told) : "");
        told = run(filled.substring("syncline ".length()));
    }

    private static String after(String word, String text) {
        return text.lines().filter(line -> line.startsWith(word)).findFirst().orElseThrow().substring(word.length());
    }

    private String run(String words) {
        List<String> all = new ArrayList<>(Arrays.asList(words.split(" ")));
        all.addAll(List.of("--url", syncline.url(), "--key", RunningSyncline.KEY));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(Cli.run(all, stream, stream, server -> { })).as("%s: %s", words, out).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }
}
