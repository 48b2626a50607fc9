package io.syncline.store;

import io.syncline.TestPostgres;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class EmbeddedDatabaseTest {
    /** Another product on the directory: starts the database, says where it listens, and stays. */
    static final class Product {
        public static void main(String[] arguments) throws InterruptedException {
            EmbeddedDatabase database = new EmbeddedDatabase(Path.of(arguments[0]), 0);
            System.out.println("READY " + database.url());
            Thread.currentThread().join();
        }
    }

    private static void execute(Path directory, String url, String statement) throws Exception {
        try (Connection connection = connect(directory, url)) {
            connection.createStatement().execute(statement);
        }
    }

    private static Connection connect(Path directory, String url) throws Exception {
        return DriverManager.getConnection(url, "postgres", OwnersPassword.read(directory));
    }

    @Test
    void aServerLeftBehindByAKilledProductIsStoppedAndItsDataIsThere(@TempDir Path directory) throws Exception {
        Process product = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-cp", classpath(), Product.class.getName(),
                directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            String url = product.inputReader().lines().filter(line -> line.startsWith("READY ")).findFirst().orElseThrow().substring(6);
            execute(directory, url, "create table kept as select 42 as answer");
            assertThatThrownBy(() -> new EmbeddedDatabase(directory, 0)).isInstanceOf(UnusableDatabase.class)
                    .hasMessageContaining("Another Syncline (process " + product.pid() + ") is running on");
        } finally {
            product.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
        }
        assertThat(directory.resolve("postgres/postmaster.pid")).exists();
        try (EmbeddedDatabase again = new EmbeddedDatabase(directory, 0); Connection connection = connect(directory, again.url())) {
            var row = connection.createStatement().executeQuery("select answer from kept");
            row.next();
            assertThat(row.getInt(1)).isEqualTo(42);
        }
        assertThat(directory.resolve("postgres/postmaster.pid")).as("stopped cleanly").doesNotExist();
        try (var programs = Files.list(directory.resolve("programs"))) {
            assertThat(programs.filter(path -> path.getFileName().toString().startsWith("PG-") && Files.isDirectory(path))).as("unpacked once").hasSize(1);
        }
    }

    /** The product used to answer 503 until somebody restarted it. */
    @Test
    void aServerThatDiesIsStartedAgainAtTheSameAddressAndStopsInNoTime(@TempDir Path directory) throws Exception {
        EmbeddedDatabase database = new EmbeddedDatabase(directory, 0);
        try {
            execute(directory, database.url(), "create table kept as select 42 as answer");
            execute(directory, database.url(), "create unlogged table staged as select 1 as gone");
            assertThat(number(directory, database.url(), "select count(*) from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')"
                    + " and setting = 'on'")).as("what was committed is on disk").isEqualTo(3);
            for (int death = 1; death <= 2; death++) {
                ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(Files.readAllLines(directory.resolve("postgres/postmaster.pid")).get(0)))
                        .orElseThrow();
                postmaster.destroyForcibly();
                postmaster.onExit().get(60, TimeUnit.SECONDS);
                await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
                    assertThat(number(directory, database.url(), "select answer from kept")).isEqualTo(42);
                    assertThat(number(directory, database.url(), "select count(*) from staged")).isZero();
                });
            }
        } finally {
            long began = System.nanoTime();
            database.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
        }
        assertThat(directory.resolve("postgres/postmaster.pid")).as("stopped cleanly").doesNotExist();
    }

    private static int number(Path directory, String url, String query) throws Exception {
        try (Connection connection = connect(directory, url); var row = connection.createStatement().executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    /** A reader's password protected nothing: whoever could reach the port was whoever they said. */
    @Test
    void nobodyGetsInWithoutAPasswordAlsoWhereAnEarlierVersionLetEverybodyIn(@TempDir Path directory) throws Exception {
        try (EmbeddedDatabase database = new EmbeddedDatabase(directory, 0)) {
            execute(directory, database.url(), "create role tool login password 'known'; create table kept as select 42 as answer");
            shut(database.url());
            DriverManager.getConnection(database.url(), "tool", "known").close();
        }
        assertThat(Files.getPosixFilePermissions(directory.resolve("pgpass"))).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        String first = OwnersPassword.read(directory);
        asAnEarlierVersionHadIt(directory);
        try (EmbeddedDatabase database = new EmbeddedDatabase(directory, 0)) {
            shut(database.url());
            assertThat(number(directory, database.url(), "select answer from kept")).isEqualTo(42);
            assertThat(OwnersPassword.read(directory)).isNotEqualTo(first);
        }
        Files.delete(directory.resolve("pgpass"));
        try (EmbeddedDatabase database = new EmbeddedDatabase(directory, 0)) {
            shut(database.url());
            assertThat(number(directory, database.url(), "select answer from kept")).as("a lost file costs nothing but a new password").isEqualTo(42);
        }
        String rules = Files.readString(directory.resolve("postgres/pg_hba.conf"));
        try (EmbeddedDatabase database = new EmbeddedDatabase(directory, 0)) {
            shut(database.url());
        }
        assertThat(Files.readString(directory.resolve("postgres/pg_hba.conf"))).isEqualTo(rules);
    }

    private static void asAnEarlierVersionHadIt(Path directory) throws IOException {
        Path rules = directory.resolve("postgres/pg_hba.conf");
        Files.writeString(rules, Files.readString(rules).replace("scram-sha-256", "trust"));
        Files.delete(directory.resolve("pgpass"));
    }

    private static void shut(String url) {
        for (String user : List.of("postgres", "tool")) {
            for (String password : List.of("", "wrong")) {
                assertThatThrownBy(() -> DriverManager.getConnection(url, user, password)).as(user).isInstanceOfSatisfying(SQLException.class,
                        refused -> assertThat(refused.getSQLState()).isIn("28P01", "08004", "08001"));
            }
        }
    }

    /** Where the classes come from; a test launcher with a class loader of its own says nothing of it in java.class.path. */
    private static String classpath() {
        return EmbeddedDatabaseTest.class.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator)) : System.getProperty("java.class.path");
    }

    @Test
    void aDatabaseThatCannotBeUsedSaysWhyWithoutThePassword() {
        assertThatThrownBy(() -> ExternalDatabase.of("jdbc:postgresql://127.0.0.1:1/x?password=geheim", "ann", "geheim").check())
                .isInstanceOf(UnusableDatabase.class).hasMessageContaining("jdbc:postgresql://127.0.0.1:1/x cannot be reached")
                .hasMessageNotContaining("geheim").hasNoCause();
        assertThatThrownBy(() -> ExternalDatabase.of("mysql://x", null, null)).hasMessageContaining("Write it like jdbc:postgresql://host:5432/syncline");
        String missing = TestPostgres.url().replaceFirst("/test_\\d+", "/nowhere");
        assertThatThrownBy(() -> ExternalDatabase.of(missing, null, null).check()).hasMessageContaining("There is no such database");
        assertThatThrownBy(() -> ExternalDatabase.of(TestPostgres.url().replaceFirst("user=postgres", "user=nobody"), null, "geheim").check())
                .hasMessageContaining("user or password are wrong").hasMessageNotContaining("geheim");
        ExternalDatabase.of(TestPostgres.url(), null, null).check();
        assertThat(ExternalDatabase.of("postgresql://ann:geheim@db.example:5433/syncline?sslmode=require", null, null))
                .isEqualTo(new ExternalDatabase("jdbc:postgresql://db.example:5433/syncline?sslmode=require", "ann", "geheim"))
                .hasToString("jdbc:postgresql://db.example:5433/syncline");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql://ann:canary%zz@h/db", "postgresql://ann:can#ary@h/db", "postgres://ann:canary x@h/db"})
    void anAddressWithAPasswordThatIsNotEncodedIsRefusedWithoutShowingIt(String given) {
        assertThatThrownBy(() -> ExternalDatabase.of(given, null, null)).isInstanceOf(UnusableDatabase.class)
                .hasMessageContaining("percent-encode").hasMessageNotContaining("can").hasNoCause();
    }
}
