package io.syncline;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.postgresql.ds.PGSimpleDataSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
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

    private TestPostgres() {
    }

    /** An empty database. */
    public static DataSource database() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url());
        return database;
    }

    /** The address of an empty database, for those who connect themselves. */
    public static String url() {
        String name = "test_" + RUN + "_" + COUNT.incrementAndGet();
        String server = server();
        try (Connection connection = DriverManager.getConnection(server)) {
            connection.createStatement().execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server.replaceFirst("/postgres(?=\\?|$)", "/" + name);
    }

    private static synchronized String server() {
        if (administration == null) {
            administration = GIVEN.isEmpty() ? started().getJdbcUrl("postgres", "postgres") : GIVEN;
        }
        return administration;
    }

    private static EmbeddedPostgres started() {
        try {
            // Nothing here outlives the tests, and hundreds of short-lived databases give a vacuum nothing to do but to look.
            return EmbeddedPostgres.builder().setServerConfig("fsync", "off").setServerConfig("synchronous_commit", "off")
                    .setServerConfig("autovacuum", "off").setServerConfig("max_connections", "200").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
