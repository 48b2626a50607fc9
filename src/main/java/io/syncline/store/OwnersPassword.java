package io.syncline.store;

import org.postgresql.util.PasswordUtil;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * What lets whoever owns a data directory into its PostgreSQL, and no other user of the machine: a password in a file beside the data, as {@code psql} has it.
 * A directory that let in everybody, or whose file is gone because a backup was restored or somebody deleted it, gets a new one at the next start.
 */
final class OwnersPassword {
    static final String USER = "postgres";

    private static final String START = "*:*:*:" + USER + ":";
    private static final String ANYBODY = "trust";
    private static final String KNOWN = "scram-sha-256";
    private static final int BYTES = 20;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final Path access;
    private final String password;

    OwnersPassword(Path directory) throws IOException {
        access = EmbeddedDatabase.data(directory).resolve("pg_hba.conf");
        Path file = file(directory);
        if (!Files.exists(file)) {
            if (Files.exists(access)) {
                admit(KNOWN, ANYBODY);
            }
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(part, START + HexFormat.of().formatHex(random) + "\n", StandardOpenOption.WRITE);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
        password = read(directory);
    }

    static Path file(Path directory) {
        return directory.toAbsolutePath().normalize().resolve("pgpass");
    }

    /** The one of a directory that a server has used. */
    static String read(Path directory) throws IOException {
        return Files.readString(file(directory)).strip().substring(START.length());
    }

    String value() {
        return password;
    }

    /** Sees that the running server asks everybody for a password, and ends whoever came in without. */
    void demand(Connection connection, String url) throws SQLException, IOException {
        if (Files.readAllLines(access).stream().noneMatch(line -> line.matches(rule(ANYBODY)))) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("alter role " + USER + " password '" + PasswordUtil.encodeScramSha256(password.toCharArray()) + "'");
            admit(ANYBODY, KNOWN);
            statement.execute("select pg_reload_conf()");
            awaitRefusal(url);
            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()");
        }
    }

    private static void awaitRefusal(String url) throws SQLException {
        for (long began = System.nanoTime(); System.nanoTime() - began < PATIENCE;) {
            try (Connection open = DriverManager.getConnection(url, USER, "")) {
                open.isValid(1);
            } catch (SQLException refused) {
                return;
            }
        }
        throw new SQLException("it still lets in everybody on this machine");
    }

    private void admit(String from, String to) throws IOException {
        Path part = access.resolveSibling("pg_hba.conf.part");
        Files.copy(access, part, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(part, Files.readString(access).replaceAll("(?m)" + rule(from), "$1" + to), StandardOpenOption.TRUNCATE_EXISTING);
        Files.move(part, access, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String rule(String method) {
        return "^(\\s*(?:local|host)[^#\\n]*\\s)" + method + "\\s*$";
    }
}
