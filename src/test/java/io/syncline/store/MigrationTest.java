package io.syncline.store;

import com.zaxxer.hikari.HikariDataSource;
import io.syncline.access.HostAccess;
import io.syncline.access.ReaderLogin;
import io.syncline.change.Rules;
import io.syncline.record.FieldType;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import static io.syncline.store.Store.entity;
import static io.syncline.store.Store.field;
import static io.syncline.store.Store.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whoever reads by SQL holds up no start for long, and the start says who did. */
@ExtendWith({Store.Closing.class, OutputCaptureExtension.class})
class MigrationTest {
    private final Store store = new Store(Store.pricebook());
    private final HikariDataSource pool = (HikariDataSource) store.dataSource;
    private final HostAccess host = new HostAccess(pool);
    private final ReaderLogin reader = host.newReader("halting_" + ProcessHandle.current().pid() + "_" + System.nanoTime(), "default");
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void theReaderGoes() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
        host.dropReader(reader.role());
    }

    @Test
    void inADatabaseOfOurOwnAReaderTakesNoAdvisoryLock(CapturedOutput output) throws SQLException {
        migrate(true);
        Connection reading = reading();
        for (String lock : List.of("pg_advisory_lock(1)", "pg_advisory_lock_shared(1, 2)", "pg_try_advisory_lock(1)", "pg_advisory_xact_lock(1)",
                "pg_try_advisory_xact_lock_shared(1, 2)")) {
            assertThatThrownBy(() -> reading.createStatement().execute("select " + lock)).as(lock).hasMessageContaining("permission denied");
        }
        migrate(true);
        assertThat(output).doesNotContain("advisory locks");
    }

    /** Other programs in it may need them. */
    @Test
    void inAnotherDatabaseItIsSaidWhatToDoOnceSomebodyReads(CapturedOutput output) throws Exception {
        migrate(false);
        assertThat(output).containsOnlyOnce("Have a superuser run what docs/operate.md says under \"Readers by SQL\"");
        reading().createStatement().execute("select pg_advisory_lock(1)");
        store.jdbc.execute(Files.readString(Path.of("docs/operate.md")).split("```sql\n")[1].split("```")[0].replace("to syncline", "to current_user"));
        migrate(false);
        assertThat(output).containsOnlyOnce("docs/operate.md");
        Connection reading = reading();
        assertThatThrownBy(() -> reading.createStatement().execute("select pg_advisory_lock(2)")).hasMessageContaining("permission denied");
    }

    @Test
    void aStartThatMustChangeWhatAReaderKeepsLockedSaysWhoItIs() throws SQLException {
        Connection reading = reading();
        reading.setAutoCommit(false);
        reading.createStatement().execute("select count(*) from pricebook.items");
        assertThatThrownBy(() -> store.tables.migrate(sync(store.entity("categories"), entity("items", Rules.Policy.REVIEW, false,
                field("name", FieldType.TEXT), field("price", FieldType.DECIMAL), field("sold", FieldType.INTEGER), field("active", FieldType.BOOLEAN),
                field("tags", FieldType.JSON), Store.reference("category", "categories"), field("colour", FieldType.TEXT)))))
                .isInstanceOf(UnusableDatabase.class).hasMessageContaining("of the role " + reader.role())
                .hasMessageContaining("select pg_terminate_backend(");
    }

    /** A reader's own habits end what it forgets. */
    @Test
    void aReaderBeginsWithLimits() throws SQLException {
        Connection reading = reading();
        for (String habit : List.of("statement_timeout=10min", "idle_in_transaction_session_timeout=5min", "default_transaction_read_only=on")) {
            String[] parts = habit.split("=");
            try (var row = reading.createStatement().executeQuery("show " + parts[0])) {
                row.next();
                assertThat(row.getString(1)).as(habit).isEqualTo(parts[1]);
            }
        }
    }

    private void migrate(boolean ours) {
        new Migration(pool, ours).migrate(Flyway.configure().dataSource(pool).defaultSchema("syncline").table("schema_history").load());
    }

    private Connection reading() throws SQLException {
        Connection connection = DriverManager.getConnection(pool.getJdbcUrl().replaceFirst("\\?.*", ""), reader.role(), reader.password());
        connections.add(connection);
        return connection;
    }
}
