package io.syncline.docs;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Every line of docs/vendor-prices.md, carried out from top to bottom on the demo's data and the demo's files. */
class VendorPricesPageTest {
    private static final Pattern BLOCK = Pattern.compile("```(sh|sql)\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyLineOfThePageWorksOnTheDemo() throws Exception {
        String page = Files.readString(Path.of("docs/vendor-prices.md"));
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(); RunningSyncline syncline = RunningSyncline.start(Path.of("config"), TestPostgres.url(),
                     Map.of("SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(), "SERVICETITAN_PRIVATE_NETWORK", "true",
                     "SERVICETITAN_TENANT", sandbox.options().tenant(), "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(),
                     "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(), "SERVICETITAN_APP_KEY", sandbox.options().appKey()))) {
            syncline.full("pricebook");
            StringBuilder told = new StringBuilder();
            for (MatchResult block : BLOCK.matcher(page).results().toList()) {
                if (block.group(1).equals("sql")) {
                    for (String statement : block.group(2).split(";\n")) {
                        boolean asks = statement.startsWith("select");
                        int rows = asks ? syncline.sql().sql(statement).query().listOfRows().size() : syncline.sql().sql(statement).update();
                        assertThat(rows).as(statement).isGreaterThan(statement.startsWith("alter") ? -1 : 0);
                    }
                } else {
                    told.append(shell(block.group(2), syncline));
                    await().atMost(Duration.ofMinutes(1)).until(() ->
                            syncline.sql().sql("select count(*) from syncline.import_run where state = 'running'").query(Long.class).single() == 0);
                }
            }
            assertThat(told).contains("\"joined\" : false", "\"state\" : \"done\"", "NO-SUCH-PART");
            assertThat(syncline.sql().sql("select count(*) from pricebook.vendor_prices where note is not null").query(Long.class).single()).isEqualTo(11);
        }
    }

    private static String shell(String command, RunningSyncline syncline) throws Exception {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", command.replace("http://127.0.0.1:8080", syncline.url())
                .replace("curl -s", "curl -sS --fail-with-body")).redirectErrorStream(true);
        shell.environment().put("SYNCLINE_KEY", RunningSyncline.KEY);
        Process process = shell.start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(told).isZero();
        return told;
    }
}
