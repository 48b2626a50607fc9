package io.syncline.killrig;

import io.syncline.TestPostgres;
import io.syncline.sandbox.ServiceTitanSandbox;
import io.syncline.sandbox.VendorFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Promises 1 and 23: an import whose process is killed with kill -9 in the middle of a file leaves nothing of that file, and the next process ends it. */
class ImportKilledIT {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir
    private Path folder;
    private final String database = TestPostgres.url();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database));

    @Test
    void whatWasTakenStaysAndTheRestIsTakenByTheNextProcess() throws IOException, SQLException {
        Path vendors = Files.createDirectories(folder.resolve("vendors"));
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(60))) {
            VendorFiles.write(vendors, sandbox);
            try (Child first = start(sandbox, vendors); Connection held = DriverManager.getConnection(database)) {
                first.answer("POST", "/api/sync/pricebook/full");
                // The second vendor's first row waits for this one, and with it its file, half of which is written.
                held.setAutoCommit(false);
                held.createStatement().execute("create function public.waits() returns trigger language plpgsql as $$ begin"
                        + " if new.vendor = 'pool360' then perform pg_advisory_xact_lock(4711); end if; return new; end $$");
                held.createStatement().execute("create trigger waits after insert on pricebook.vendor_prices for each row execute function public.waits()");
                held.commit();
                held.createStatement().execute("select pg_advisory_lock(4711)");
                held.commit();
                first.answer("POST", "/api/v1/syncs/pricebook/imports/vendor_prices");
                await().atMost(LONG).until(() -> count("pg_locks where locktype = 'advisory' and not granted") == 1);
                first.kill();
                await().atMost(LONG).until(() -> count("pricebook.vendor_prices") == 11);
            }
            assertThat(count("syncline.import_file where state = 'taken'")).as("the first vendor's").isOne();
            assertThat(count("pricebook.vendor_prices where vendor <> 'ced'")).isZero();
            try (Child next = start(sandbox, vendors)) {
                await().atMost(LONG).until(() -> count("syncline.import_run where state = 'running'") == 0);
            }
            assertThat(count("syncline.import_run where state = 'done' and taken_over = 1")).isOne();
            assertThat(count("syncline.import_file where state = 'taken'")).isEqualTo(3);
            assertThat(count("syncline.import_file")).isEqualTo(3);
            assertThat(count("pricebook.vendor_prices")).isEqualTo(27);
            assertThat(count("syncline_staging.import_line")).isZero();
        }
    }

    private int count(String what) {
        return sql.sql("select count(*) from " + what).query(Integer.class).single();
    }

    private Child start(ServiceTitanSandbox sandbox, Path vendors) {
        Map<String, String> settings = new TreeMap<>(Map.of("SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(),
                "SERVICETITAN_PRIVATE_NETWORK", "true", "SERVICETITAN_TENANT", sandbox.options().tenant(),
                "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(), "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(),
                "SERVICETITAN_APP_KEY", sandbox.options().appKey(), "SAP_USER", "nobody", "SAP_PASSWORD", "nothing"));
        settings.putAll(Map.of("syncline.schedules.enabled", "true", "VENDOR_PRICES_DIRECTORY", vendors.toString(), "syncline.database.url", database));
        return Child.start(folder, Path.of("config").toAbsolutePath(),
                settings.entrySet().stream().map(each -> "--" + each.getKey() + "=" + each.getValue()).toArray(String[]::new));
    }
}
