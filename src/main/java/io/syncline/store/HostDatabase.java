package io.syncline.store;

import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The database that the server's settings name, for commands on the host. One of the product's own is used where it runs, and else started for as long as this
 * is open.
 */
public final class HostDatabase implements AutoCloseable {
    private final DataSource dataSource;
    private final Path directory;
    private final EmbeddedDatabase started;

    private HostDatabase(DataSource dataSource, Path directory, EmbeddedDatabase started) {
        this.dataSource = dataSource;
        this.directory = directory;
        this.started = started;
    }

    /** @throws UnusableDatabase when there is none, or none that a server has used */
    public static HostDatabase open(Environment settings) {
        String given = DatabaseConfiguration.given(settings);
        HostDatabase database = given.isEmpty() ? own(directory(settings)) : external(given, settings);
        try {
            String table = "select to_regclass('syncline.api_key') is not null";
            if (!Boolean.TRUE.equals(new JdbcTemplate(database.dataSource).queryForObject(table, Boolean.class))) {
                throw new UnusableDatabase("This database holds no Syncline yet. Start the server once; it makes the tables.");
            }
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static HostDatabase external(String given, Environment settings) {
        ExternalDatabase external = ExternalDatabase.of(given,
                settings.getProperty("syncline.database.user"), settings.getProperty("syncline.database.password"));
        external.check();
        PGSimpleDataSource source = source(external.url());
        if (external.user() != null) {
            source.setUser(external.user());
        }
        if (external.password() != null) {
            source.setPassword(external.password());
        }
        return new HostDatabase(source, null, null);
    }

    private static HostDatabase own(Path directory) {
        if (!EmbeddedDatabase.isIn(directory)) {
            throw new UnusableDatabase("There is no database in " + directory.toAbsolutePath().normalize() + ". Say where it is with"
                    + " --syncline.data-directory=…, start the server once, or restore a backup.");
        }
        Optional<String> running = EmbeddedDatabase.urlOfRunning(directory);
        EmbeddedDatabase started = running.isPresent() ? null : new EmbeddedDatabase(directory, 0);
        PGSimpleDataSource source = source(running.orElseGet(() -> started.url()));
        source.setUser(OwnersPassword.USER);
        try {
            source.setPassword(OwnersPassword.read(directory));
        } catch (IOException e) {
            throw new UnusableDatabase("The password of the database cannot be read from " + OwnersPassword.file(directory)
                    + ". Run this as the user that the server runs as; where the file is gone, the next start of the server makes another.", e);
        }
        return new HostDatabase(source, directory, started);
    }

    private static PGSimpleDataSource source(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    /** Makes one of the product's own from a backup. */
    public static void restore(Path file, Environment settings) {
        if (!DatabaseConfiguration.given(settings).isEmpty()) {
            throw new UnusableDatabase("SYNCLINE_DATABASE_URL names a PostgreSQL of your own; restore that with its own tools, such as pg_restore.");
        }
        Backup.restore(file, directory(settings));
    }

    private static Path directory(Environment settings) {
        return Path.of(settings.getProperty("syncline.data-directory", "data"));
    }

    public DataSource dataSource() {
        return dataSource;
    }

    /** Writes all of it into one file. */
    public void backUpTo(Path file) {
        if (directory == null) {
            throw new UnusableDatabase("SYNCLINE_DATABASE_URL names a PostgreSQL of your own; back it up with its own tools, such as pg_dump.");
        }
        Backup.write(dataSource, EmbeddedDatabase.data(directory), file);
    }

    /** What is wrong with the chains of snapshots, of all syncs, and with ledgers; nothing where all of them are whole (promise 20). */
    public List<String> brokenChains() {
        JdbcTemplate sql = new JdbcTemplate(dataSource);
        List<String> broken = new ArrayList<>(sql.query("""
                select s.sync, s.organisation, v.number, v.problem
                from (select distinct sync, organisation from syncline.snapshot where sync <> '') s, syncline.verify_chain(s.sync, s.organisation) v""",
                (row, n) -> "%s of %s, snapshot %d: %s".formatted(row.getString(1), row.getString(2), row.getLong(3), row.getString(4))));
        broken.addAll(sql.query("""
                select v.kind, o.organisation, v.number, v.problem
                from (select distinct organisation from syncline.snapshot where number > 0) o, syncline.verify_ledgers(o.organisation) v""",
                (row, n) -> "%s of %s, entry %d: %s".formatted(row.getString(1), row.getString(2), row.getLong(3), row.getString(4))));
        return broken;
    }

    @Override
    public void close() {
        if (started != null) {
            started.close();
        }
    }
}
