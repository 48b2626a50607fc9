package io.syncline.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL of the product's own. Its data stays in {@code <directory>/postgres}, its programs are unpacked once beside it.
 * One product at a time uses a directory; a server left behind by a product that was killed is stopped cleanly first.
 */
final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String DATABASE = "syncline";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FileChannel lockFile;
    private final EmbeddedPostgres server;

    /**
     * Starts it.
     *
     * @param preferredPort taken when it is free; otherwise any other is, and {@link #url} says which
     * @throws UnusableDatabase when another product uses the directory, or the server does not start
     */
    EmbeddedDatabase(Path directory, int preferredPort) {
        Path home = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(home);
            lockFile = lock(home);
        } catch (IOException e) {
            throw new UnusableDatabase("The data directory " + home + " cannot be written: " + e.getMessage(), e);
        }
        boolean started = false;
        try {
            if (!Files.exists(home.resolve("postgres"))) {
                LOG.info("Unpacking a PostgreSQL to {}; this happens once", home);
            }
            stopLeftBehind(home.resolve("postgres"));
            server = start(home, preferredPort);
            started = true;
            createDatabase();
        } catch (IOException | SQLException e) {
            throw new UnusableDatabase("The embedded PostgreSQL in " + home + " did not start: " + e.getMessage() + ". Its log is "
                    + home.resolve("postgres.log"), e);
        } finally {
            if (!started) {
                unlock();
            }
        }
    }

    /** Where it listens, on this machine only. */
    public String url() {
        return server.getJdbcUrl("postgres", DATABASE);
    }

    /** Stops it cleanly. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("The embedded PostgreSQL did not stop cleanly; the next start will see to it: {}", e.getMessage());
        } finally {
            unlock();
        }
    }

    private static FileChannel lock(Path home) throws IOException {
        FileChannel file = FileChannel.open(home.resolve("syncline.lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = file.tryLock(Long.MAX_VALUE - 1, 1, false);
        } catch (OverlappingFileLockException e) {
            LOG.debug("The lock is held by this very process");
        }
        if (lock == null) {
            String holder = read(file);
            file.close();
            throw new UnusableDatabase("Another Syncline (process " + holder + ") is running on " + home
                    + ". Stop it first, or give this one a directory of its own with syncline.data-directory.");
        }
        file.truncate(0);
        file.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)), 0);
        return file;
    }

    private static String read(FileChannel file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(32);
        file.read(content, 0);
        return new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
    }

    private void unlock() {
        try {
            lockFile.close();
        } catch (IOException e) {
            LOG.warn("The lock file could not be closed: {}", e.getMessage());
        }
    }

    /** A product that was killed leaves its server running; its work is finished and its data made whole before a new one starts. */
    private static void stopLeftBehind(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        Optional<ProcessHandle> process = lines.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(lines.get(0).trim()));
        boolean ours = process.isPresent() && process.get().info().commandLine().orElse("").contains(data.toString());
        if (!ours) {
            Files.delete(pidFile);
            return;
        }
        LOG.info("Stopping the PostgreSQL (process {}) that an earlier Syncline left behind", process.get().pid());
        new ProcessBuilder("kill", "-INT", Long.toString(process.get().pid())).start();
        try {
            process.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while stopping the server left behind", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the server left behind (process " + process.get().pid() + ") does not stop; end it by hand", e);
        }
    }

    private static EmbeddedPostgres start(Path home, int preferredPort) throws IOException {
        Path programs = Files.createDirectories(home.resolve("programs"));
        ProcessBuilder.Redirect log = ProcessBuilder.Redirect.appendTo(home.resolve("postgres.log").toFile());
        return EmbeddedPostgres.builder().setDataDirectory(home.resolve("postgres")).setCleanDataDirectory(false).setRegisterShutdownHook(false)
                .setOverrideWorkingDirectory(programs.toFile()).setPort(port(preferredPort)).setPGStartupWait(PATIENCE)
                .setServerConfig("max_connections", "100").setServerConfig("max_wal_size", "2GB").setServerConfig("unix_socket_directories", "")
                .setOutputRedirector(log).setErrorRedirector(log).start();
    }

    private static int port(int preferred) throws IOException {
        try (ServerSocket free = new ServerSocket(preferred, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException taken) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                LOG.warn("Port {} is taken; the embedded PostgreSQL listens on {}", preferred, free.getLocalPort());
                return free.getLocalPort();
            }
        }
    }

    private void createDatabase() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection(); var statement = connection.createStatement()) {
            if (!statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'").next()) {
                statement.execute("create database " + DATABASE + " encoding 'UTF8' template template0");
            }
        }
    }
}
