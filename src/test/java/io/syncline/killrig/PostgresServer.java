package io.syncline.killrig;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;

/** A PostgreSQL of one test's own, so that it may be killed, started again and filled up. It writes to disk what is committed. */
final class PostgresServer implements AutoCloseable {
    private final Path data;
    private final EmbeddedPostgres server;
    private final List<String> command;
    private Process again;

    PostgresServer(Path folder, Map<String, String> settings) {
        data = folder.resolve("pg");
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false).setRegisterShutdownHook(false)
                    .setServerConfig("fsync", "on").setServerConfig("synchronous_commit", "on");
            settings.forEach(builder::setServerConfig);
            server = builder.start();
            ProcessHandle.Info running = postmaster().info();
            command = Stream.of(LinuxUtils.isUnshareAvailable() ? Stream.of("unshare", "-U") : Stream.<String>empty(), running.command().stream(),
                    Arrays.stream(running.arguments().orElseThrow())).flatMap(part -> part).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    private ProcessHandle postmaster() {
        return postmasterOf(data);
    }

    static ProcessHandle postmasterOf(Path data) {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim())).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL to the server's first process; all others follow it. */
    void kill() {
        postmaster().destroyForcibly();
        await().atMost(Duration.ofMinutes(2)).until(() -> !answers());
    }

    void startAgain() {
        await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(500)).until(() -> {
            if (answers()) {
                return true;
            }
            if (again == null || !again.isAlive()) {
                again = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(data.resolve("again.log").toFile()).start();
            }
            return false;
        });
    }

    private boolean answers() {
        try (var connection = DriverManager.getConnection(url() + "&loginTimeout=5")) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return e.getSQLState().startsWith("53");
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
