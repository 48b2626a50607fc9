package io.syncline.killrig;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Promise 25: what a system was told had been taken is read, though the process is killed with kill -9 while it waits and while it is being read. */
class WebhookKilledIT {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    void whatWasTakenIsReadByTheNextProcess() {
        String database = TestPostgres.url();
        JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database));
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(60))) {
            Map<String, String> settings = new TreeMap<>(Map.of("SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(),
                    "SERVICETITAN_PRIVATE_NETWORK", "true", "SERVICETITAN_TENANT", sandbox.options().tenant(),
                    "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(), "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(),
                    "SERVICETITAN_APP_KEY", sandbox.options().appKey(), "SERVICETITAN_WEBHOOK_SECRET", SECRET));
            settings.putAll(Map.of("syncline.schedules.enabled", "true", "syncline.runs.patience", "3s", "SAP_USER", "nobody", "SAP_PASSWORD", "nothing"));
            try (Child first = Child.start(folder, Path.of("config").toAbsolutePath(), arguments(settings, database))) {
                first.answer("POST", "/api/sync/pricebook/full");
                sandbox.fault("/materials/8001 -> delay 60000");
                sandbox.webhooks(first.url() + "/webhook/servicetitan", SECRET);
                for (long id = 8001; id <= 8005; id++) {
                    sandbox.put(Entity.MATERIALS, id, "{\"price\": " + id + ".25}");
                }
                await().atMost(LONG).until(() -> count(sql, "true") == 5 && count(sql, "state = 'reading'") > 0
                        && sandbox.journal().stream().noneMatch(call -> call.path().endsWith("/materials/8001")));
                sandbox.put(Entity.MATERIALS, 8006, "{\"price\": 8006.25}");
                await().atMost(LONG).until(() -> count(sql, "true") == 6);
                first.kill();
            }
            assertThat(count(sql, "state = 'done'")).isLessThan(6);
            sandbox.clearFaults();
            try (RunningSyncline next = RunningSyncline.start(Path.of("config"), database, settings)) {
                await().atMost(LONG).until(() -> count(sql, "state = 'done'") == 6);
                assertThat(next.sql().sql("select count(*) from pricebook.materials where st_id between '8001' and '8006' and price = st_id::numeric + 0.25")
                        .query(Integer.class).single()).isEqualTo(6);
            }
        }
    }

    private static int count(JdbcClient sql, String which) {
        return sql.sql("select count(*) from syncline.webhook where " + which).query(Integer.class).single();
    }

    private static String[] arguments(Map<String, String> settings, String database) {
        Map<String, String> all = new TreeMap<>(settings);
        all.putAll(Map.of("syncline.database.url", database, "spring.datasource.url", database));
        return all.entrySet().stream().map(each -> "--" + each.getKey() + "=" + each.getValue()).toArray(String[]::new);
    }
}
