package io.syncline.store;

import io.syncline.logs.Recurring;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;

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
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL of the product's own. Its data stays in {@code <directory>/postgres}, its programs are unpacked once beside it.
 * One product at a time uses a directory; a server left behind by a product that was killed is stopped cleanly first. A server that dies is started again at
 * the same address: at once, and where that fails after 1 s, 2 s, 4 s and so on, at most {@link #LONGEST_WAIT}.
 */
final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String DATABASE = "syncline";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LOOKS = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    /** A server that lived so long before it died is started again at once. */
    private static final Duration LONG_LIFE = Duration.ofMinutes(1);

    private final FileChannel lockFile;
    private final Path log;
    private final OwnersPassword password;
    private final EmbeddedPostgres server;
    private final List<String> command;
    private final ScheduledExecutorService watch = Recurring.named("postgres-watch");
    private ProcessHandle postmaster;
    private long began = System.nanoTime();
    private long notBefore = began;
    private int deaths;

    /**
     * Starts it.
     *
     * @param preferredPort taken when it is free; otherwise any other is, and {@link #url} says which
     * @throws UnusableDatabase when another product uses the directory, or the server does not start
     */
    EmbeddedDatabase(Path directory, int preferredPort) {
        Path home = directory.toAbsolutePath().normalize();
        log = home.resolve("postgres.log");
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
            password = new OwnersPassword(home);
            server = start(home, preferredPort, password.value());
            started = true;
            createDatabase();
            postmaster = postmaster(home.resolve("postgres"));
            command = commandOf(postmaster);
            watch.scheduleWithFixedDelay(this::look, LOOKS.toMillis(), LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | SQLException e) {
            throw new UnusableDatabase("The embedded PostgreSQL in " + home + " did not start: " + e.getMessage() + ". Its log is "
                    + log, e);
        } finally {
            if (!started) {
                unlock();
            }
        }
    }

    /** Where it listens, on this machine only. */
    public String url() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + DATABASE;
    }

    String password() {
        return password.value();
    }

    Path passwordFile() {
        return OwnersPassword.file(log.getParent());
    }

    private void look() {
        if (isAlive(postmaster) || System.nanoTime() - notBefore < 0) {
            return;
        }
        deaths = System.nanoTime() - began > LONG_LIFE.toNanos() ? 1 : deaths + 1;
        try {
            revive();
        } catch (IOException e) {
            LOG.error("The embedded PostgreSQL could not be started again: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The server at the same address; it makes its data whole by itself. */
    private void revive() throws IOException, InterruptedException {
        Duration wait = Duration.ofSeconds(Math.min(LONGEST_WAIT.toSeconds(), 1L << Math.min(deaths - 1, 10)));
        LOG.error("The embedded PostgreSQL (process {}) has died and is started again; should that fail, once more in {} s. Its log is {}", postmaster.pid(),
                wait.toSeconds(), log);
        began = System.nanoTime();
        notBefore = began + wait.toNanos();
        Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
        while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
            if (answers()) {
                postmaster = process.toHandle();
                LOG.warn("The embedded PostgreSQL is back (process {}). Everything published is there; what runs under way had staged they read anew",
                        process.pid());
                return;
            }
        }
    }

    /** One that has ended and that nobody waited for still has a number, but no program any more. */
    private static boolean isAlive(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private ProcessHandle postmaster(Path data) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim()))
                .orElseThrow(() -> new IOException("it ended as soon as it had started"));
    }

    /** As root PostgreSQL does not run, so it gets a user of its own making. */
    private static List<String> commandOf(ProcessHandle postmaster) {
        Stream<String> own = Stream.concat(postmaster.info().command().stream(), Arrays.stream(postmaster.info().arguments().orElse(new String[0])));
        return Stream.concat(LinuxUtils.isUnshareAvailable() ? Stream.of("unshare", "-U") : Stream.empty(), own).toList();
    }

    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(url() + "?loginTimeout=5&socketTimeout=5", OwnersPassword.USER, password())) {
            return connection.isValid(5);
        } catch (SQLException e) {
            LOG.debug("Not yet: {}", e.getMessage());
            return false;
        }
    }

    /** Stops it cleanly. */
    @Override
    public void close() {
        watch.shutdownNow();
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("The embedded PostgreSQL did not stop cleanly; the next start will see to it: {}", e.getMessage());
        } finally {
            unlock();
        }
    }

    /** Where the data of the one in a directory is. */
    static Path data(Path directory) {
        return directory.toAbsolutePath().normalize().resolve("postgres");
    }

    static boolean isIn(Path directory) {
        return Files.exists(data(directory).resolve("PG_VERSION"));
    }

    /** Where the server of another process listens that uses the directory now; empty when nobody uses it. */
    static Optional<String> urlOfRunning(Path directory) {
        try {
            lock(directory.toAbsolutePath().normalize()).close();
            return Optional.empty();
        } catch (UnusableDatabase inUse) {
            LOG.debug("It runs", inUse);
        } catch (IOException e) {
            throw new UnusableDatabase("The data directory " + directory + " cannot be used: " + e.getMessage(), e);
        }
        try {
            return Optional.of("jdbc:postgresql://localhost:" + Files.readAllLines(data(directory).resolve("postmaster.pid")).get(3).strip() + "/" + DATABASE);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new UnusableDatabase("The PostgreSQL in " + directory + " is being started or stopped just now. Try again in a moment.", e);
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

    /** The builder is made for tests: durable is what it is not by itself. */
    private static EmbeddedPostgres start(Path home, int preferredPort, String password) throws IOException {
        Path programs = Files.createDirectories(home.resolve("programs"));
        ProcessBuilder.Redirect log = ProcessBuilder.Redirect.appendTo(home.resolve("postgres.log").toFile());
        return EmbeddedPostgres.builder().setDataDirectory(home.resolve("postgres")).setCleanDataDirectory(false).setRegisterShutdownHook(false)
                .setOverrideWorkingDirectory(programs.toFile()).setPort(port(preferredPort)).setPGStartupWait(PATIENCE)
                .setServerConfig("fsync", "on").setServerConfig("synchronous_commit", "on").setServerConfig("max_connections", "100")
                .setServerConfig("max_wal_size", "2GB").setServerConfig("unix_socket_directories", "").setConnectConfig("password", password)
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

    private void createDatabase() throws SQLException, IOException {
        try (Connection connection = server.getPostgresDatabase().getConnection(); var statement = connection.createStatement()) {
            if (!statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'").next()) {
                statement.execute("create database " + DATABASE + " encoding 'UTF8' template template0");
            }
            password.demand(connection, url());
        }
    }
}
