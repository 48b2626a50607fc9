package io.syncline;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * One real PostgreSQL for all tests of this JVM; every caller gets a database of its own. It is the version that the product brings along, unless
 * {@code -Dsyncline.test.postgres=jdbc:postgresql://host:port/postgres?user=…} names a server of another version to show that it will do.
 */
public final class TestPostgres {
    private static final String GIVEN = System.getProperty("syncline.test.postgres", "");
    private static final String RUN = Long.toString(ProcessHandle.current().pid());
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static String administration;
    private static String template;

    private TestPostgres() {
    }

    /** A database as the product leaves one at its first start, but for the tables of syncs. */
    public static DataSource database() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url());
        return database;
    }

    /** The address of such a database, for those who connect themselves. */
    public static String url() {
        return made(" template " + template());
    }

    /** The address of a database in which nothing is. */
    public static String emptyUrl() {
        return made("");
    }

    /** Lends a product's data directory the programs that tests have unpacked already, which saves it seconds; where none are, it unpacks its own. */
    public static void lendPrograms(Path data) throws IOException {
        Path unpacked = Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg");
        Path programs = Files.createDirectories(data.resolve("programs"));
        try (DirectoryStream<Path> versions = Files.isDirectory(unpacked) ? Files.newDirectoryStream(unpacked, "PG-*") : null) {
            for (Path version : versions == null ? List.<Path>of() : versions) {
                Path lent = programs.resolve(version.getFileName());
                if (Files.exists(version.resolve(".exists")) && !Files.exists(lent)) {
                    Files.createSymbolicLink(lent, version);
                }
            }
        }
    }

    private static String made(String how) {
        String name = "test_" + RUN + "_" + COUNT.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(server())) {
            connection.createStatement().execute("create database " + name + how + " strategy file_copy");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server().replaceFirst("/postgres(?=\\?|$)", "/" + name);
    }

    /** The migrations are made once in a JVM and copied from then on, which takes a tenth of the time. */
    private static synchronized String template() {
        if (template == null) {
            String url = emptyUrl();
            Flyway.configure().dataSource(url, null, null).defaultSchema("syncline").table("schema_history").load().migrate();
            template = url.replaceFirst(".*/(\\w+)(\\?.*)?$", "$1");
        }
        return template;
    }

    private static synchronized String server() {
        if (administration == null) {
            administration = GIVEN.isEmpty() ? started().getJdbcUrl("postgres", "postgres") : GIVEN;
        }
        return administration;
    }

    private static EmbeddedPostgres started() {
        try {
            Path data = Files.createTempDirectory("syncline-test-postgres");
            // Nothing here outlives the tests, and hundreds of short-lived databases give a vacuum nothing to do but to look.
            EmbeddedPostgres postgres = EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false).setRegisterShutdownHook(false)
                    .setServerConfig("fsync", "off").setServerConfig("synchronous_commit", "off").setServerConfig("full_page_writes", "off")
                    .setServerConfig("autovacuum", "off").setServerConfig("max_connections", "200").setPGStartupWait(Duration.ofMinutes(2)).start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(postgres, data)));
            return postgres;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hundreds of thousands of files: what removes them file by file in Java keeps a JVM of tests from ending for minutes. */
    private static void remove(EmbeddedPostgres postgres, Path data) {
        try {
            postgres.close();
            new ProcessBuilder("rm", "-rf", data.toString()).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
