package io.syncline.docs;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** docs/webhooks.md: whoever follows it with a shell has a record read. */
class WebhookPageTest {
    private static final Pattern BLOCK = Pattern.compile("```(sh|yaml)\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyCommandOfThePageWorks() throws Exception {
        List<MatchResult> blocks = BLOCK.matcher(Files.readString(Path.of("docs/webhooks.md"))).results().toList();
        List<String> commands = blocks.stream().filter(block -> block.group(1).equals("sh")).map(block -> block.group(2)).toList();
        assertThat(Files.readString(Path.of("config/systems/servicetitan.yaml"))).as("what ships is what the page shows")
                .contains(blocks.get(0).group(2).strip());
        String secret = shell(commands.get(0), Map.of()).strip();
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(24));
             RunningSyncline syncline = RunningSyncline.start(Path.of("config"), TestPostgres.url(), Map.of("SERVICETITAN_URL", sandbox.url(),
                     "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(), "SERVICETITAN_PRIVATE_NETWORK", "true",
                     "SERVICETITAN_TENANT", sandbox.options().tenant(), "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(),
                     "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(), "SERVICETITAN_APP_KEY", sandbox.options().appKey(),
                     "SERVICETITAN_WEBHOOK_SECRET", secret))) {
            Map<String, String> settings = Map.of("SERVICETITAN_WEBHOOK_SECRET", secret, "SYNCLINE", syncline.url(), "SYNCLINE_KEY", RunningSyncline.KEY,
                    "SANDBOX", sandbox.url());
            syncline.full("pricebook");
            sandbox.put(Entity.MATERIALS, 8001, "{\"price\": 12.75}");
            String again = commands.get(1).substring(commands.get(1).indexOf("curl"));
            String answers = shell(commands.get(1) + again, settings);
            assertThat(answers.replaceAll("\\s", "")).isEqualTo("{\"new\":true}{\"new\":false}");
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                syncline.bean(ProducerTemplate.class).sendBody("direct:webhooks", null);
                return syncline.sql().sql("select price from pricebook.materials where st_id = '8001'").query(String.class).single().equals("12.75");
            });
            assertThat(shell(commands.get(2), settings)).contains("\"key\" : \"8001\"", "\"delivery\" : \"msg_");
            assertThat(shell(commands.get(3), settings)).isEmpty();
            sandbox.put(Entity.MATERIALS, 8002, "{\"price\": 13.75}");
            await().atMost(Duration.ofMinutes(2)).until(() -> syncline.sql().sql("select count(*) from syncline.webhook where key = '8002'")
                    .query(Integer.class).single() == 1);
        }
    }

    private static String shell(String script, Map<String, String> settings) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script).redirectError(ProcessBuilder.Redirect.INHERIT);
        shell.environment().putAll(settings);
        Process process = shell.start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(script).isZero();
        return told;
    }
}
