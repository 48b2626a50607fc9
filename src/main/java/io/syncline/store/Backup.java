package io.syncline.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;

/**
 * A base backup of the embedded PostgreSQL while it works, by the protocol that PostgreSQL prescribes: {@code pg_backup_start}, the files,
 * {@code pg_backup_stop}, and the log from the one to the other, which a replication slot keeps meanwhile. PostgreSQL refuses to start on one that is not
 * whole. The file is a ZIP with a checksum for each entry.
 */
final class Backup {
    private static final String MARK = "syncline-backup";
    private static final Pattern LOG_FILE = Pattern.compile("[0-9A-F]{24}");
    /** What belongs to the server that runs and not to its data; the folders themselves must be there. */
    private static final Set<String> CONTENTS_LEFT_OUT = Set.of("pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp",
            "pg_subtrans");
    private static final Set<String> FILES_LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts", "backup_label", "tablespace_map", "pg_internal.init");

    private Backup() {
    }

    /** @throws UnusableDatabase when it cannot be written; no part of it is left then */
    static void write(DataSource source, Path data, Path file) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            Files.deleteIfExists(part);
            try (Connection connection = source.getConnection(); Statement statement = connection.createStatement();
                 OutputStream out = Files.newOutputStream(Files.createFile(part, only("rw-------")), StandardOpenOption.WRITE);
                 ZipOutputStream zip = new ZipOutputStream(out)) {
                zip.setLevel(Deflater.BEST_SPEED);
                write(statement, data, zip);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            throw new UnusableDatabase(e.getMessage() + " is there already and is not overwritten. Name another file.", e);
        } catch (IOException | SQLException e) {
            throw new UnusableDatabase("The backup " + file + " could not be written: " + e.getMessage() + ".", e);
        } finally {
            part.toFile().delete();
        }
    }

    private static void write(Statement statement, Path data, ZipOutputStream zip) throws SQLException, IOException {
        text(zip, MARK, Files.readString(data.resolve("PG_VERSION")));
        statement.execute("select pg_create_physical_replication_slot('syncline_backup_" + ProcessHandle.current().pid() + "', true, true)");
        String first = single(statement, "select pg_walfile_name(pg_backup_start('syncline', fast => true))");
        files(data, zip);
        String last;
        try (ResultSet stopped = statement.executeQuery("select pg_walfile_name(lsn), labelfile from pg_backup_stop(wait_for_archive => false)")) {
            stopped.next();
            last = stopped.getString(1);
            text(zip, "backup_label", stopped.getString(2));
        }
        try (Stream<Path> logs = Files.list(data.resolve("pg_wal"))) {
            List<Path> needed = logs.filter(log -> LOG_FILE.matcher(log.getFileName().toString()).matches())
                    .filter(log -> log.getFileName().toString().compareTo(first) >= 0 && log.getFileName().toString().compareTo(last) <= 0).sorted().toList();
            for (Path log : needed) {
                file(zip, "pg_wal/" + log.getFileName(), log);
            }
        }
    }

    private static String single(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void files(Path data, ZipOutputStream zip) throws IOException {
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path name = data.relativize(folder);
                if (name.getNameCount() > 1 && CONTENTS_LEFT_OUT.contains(name.getName(0).toString()) && !name.startsWith("pg_wal")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                if (!folder.equals(data)) {
                    zip.putNextEntry(new ZipEntry(name + "/"));
                    zip.closeEntry();
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path name = data.relativize(file);
                if (!FILES_LEFT_OUT.contains(file.getFileName().toString()) && !CONTENTS_LEFT_OUT.contains(name.getName(0).toString())
                        && !file.getFileName().toString().startsWith("pgsql_tmp")) {
                    file(zip, name.toString(), file);
                }
                return FileVisitResult.CONTINUE;
            }

            /** A table that was dropped meanwhile; the log tells that. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    private static void file(ZipOutputStream zip, String name, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            zip.putNextEntry(new ZipEntry(name));
            in.transferTo(zip);
            zip.closeEntry();
        } catch (NoSuchFileException e) {
            if (name.startsWith("pg_wal/")) {
                throw e;
            }
        }
    }

    private static void text(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    /** @throws UnusableDatabase when there is a database already, or the file is no whole backup; nothing is left behind then */
    static void restore(Path file, Path directory) {
        Path data = EmbeddedDatabase.data(directory);
        if (Files.exists(data)) {
            throw new UnusableDatabase("There is a database in " + data + " already, and it is not overwritten. Stop the server, move the"
                    + " directory away and restore again.");
        }
        Path part = data.resolveSibling("postgres.restoring");
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.getEntry(MARK) == null) {
                throw new UnusableDatabase(file + " is no backup of Syncline's.");
            }
            Files.createDirectories(directory);
            delete(part);
            folder(part);
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements();) {
                unpack(zip, entries.nextElement(), part);
            }
            // It belongs to what was here before; the next start makes another for what is here now.
            Files.deleteIfExists(OwnersPassword.file(directory));
            Files.move(part, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UnusableDatabase(file + " could not be restored: " + e.getMessage() + ". Is it whole?", e);
        } finally {
            delete(part);
        }
    }

    private static void unpack(ZipFile zip, ZipEntry entry, Path to) throws IOException {
        Path target = to.resolve(entry.getName()).normalize();
        if (!target.startsWith(to)) {
            throw new IOException("an entry leads out of it");
        }
        if (entry.isDirectory()) {
            folder(target);
        } else if (!entry.getName().equals(MARK)) {
            try (InputStream in = zip.getInputStream(entry)) {
                Files.copy(in, target);
            }
        }
    }

    /** PostgreSQL takes a directory that is its own only. */
    private static void folder(Path folder) throws IOException {
        Files.createDirectories(folder, only("rwx------"));
    }

    private static FileAttribute<Set<PosixFilePermission>> only(String owner) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(owner));
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted((one, other) -> other.compareTo(one)).forEach(each -> each.toFile().delete());
        } catch (IOException e) {
            throw new UnusableDatabase("What is left of an earlier attempt in " + folder + " cannot be deleted: " + e.getMessage(), e);
        }
    }
}
