package io.syncline.issues;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.access.HostAccess;
import io.syncline.access.ReaderLogin;
import io.syncline.run.Mode;
import io.syncline.run.Runs;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whoever may only read could keep all runs of all organisations from beginning and from publishing, by locks that PostgreSQL gives to everybody. */
class ReadersHoldNothingUpTest {
    private static final ServiceTitanSandbox SANDBOX = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT);
    private static final String DATABASE = TestPostgres.url();
    private static final RunningSyncline SYNCLINE = RunningSyncline.with(SANDBOX, DATABASE);
    private static final HostAccess HOST = new HostAccess(SYNCLINE.bean(DataSource.class));
    private static final ReaderLogin READER = HOST.newReader("stalling_" + ProcessHandle.current().pid(), "default");

    @AfterAll
    static void close() {
        HOST.dropReader(READER.role());
        SYNCLINE.close();
        SANDBOX.close();
    }

    @Test
    void aRunBeginsAndPublishesWhateverAReaderKeepsLocked() throws SQLException {
        try (Connection reading = reading()) {
            reading.setAutoCommit(false);
            for (String key : List.of("publish pricebook default", "syncline tables", "syncline idempotency 1")) {
                reading.createStatement().execute("select pg_advisory_lock(hashtextextended('" + key + "', 0))");
            }
            reading.createStatement().execute("select count(*) from pricebook.materials");
            Runs runs = SYNCLINE.bean(Runs.class);
            long run = runs.request(RunningSyncline.request("pricebook", Mode.FULL)).run();
            assertThat(runs.awaitEnd(run, Duration.ofMinutes(3))).as("it ends beside the reader").isTrue();
            assertThat(SYNCLINE.sql().sql("select state from syncline.run where id = ?").param(run).query(String.class).single()).isEqualTo("published");
        }
    }

    @Test
    void aReaderCanLockNothingThatWorkWaitsFor() throws SQLException {
        try (Connection reading = reading()) {
            reading.setAutoCommit(false);
            for (String statement : List.of("select from syncline.turn for share", "select from syncline.turn for update", "lock table syncline.turn",
                    "select from syncline.run for update", "select from syncline.lease for share", "select from syncline.claim",
                    "lock table syncline.entity in share row exclusive mode", "lock table pricebook.materials in row share mode",
                    "select from pricebook.materials for key share")) {
                assertThatThrownBy(() -> reading.createStatement().execute(statement)).as(statement).hasMessageContaining("permission denied");
                reading.rollback();
            }
        }
    }

    private static Connection reading() throws SQLException {
        Connection connection = DriverManager.getConnection(DATABASE.replaceFirst("\\?.*", ""), READER.role(), READER.password());
        connection.createStatement().execute("set default_transaction_read_only = off");
        return connection;
    }
}
