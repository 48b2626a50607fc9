package io.syncline.imports;

import io.syncline.config.Configuration;
import io.syncline.config.Connections;
import io.syncline.config.Explained;
import io.syncline.config.ImportConfig;
import io.syncline.config.ImportConfig.Supplier;
import io.syncline.config.SyncConfig;
import io.syncline.imports.Reader.Unreadable;
import io.syncline.source.DeliveredFile;
import io.syncline.source.UnfitFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Takes the files of one import, supplier by supplier. A file is one transaction: it is taken as a whole, with its report, or nothing is. One that is damaged
 * holds up nobody else.
 */
@Component("importing")
public class Importing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Importing.class);
    private static final int BEAT_SECONDS = 5;

    private final Configuration configuration;
    private final Connections connections;
    private final JdbcTemplate jdbc;
    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final Set<Turn> turns = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService pulse = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "imports-pulse");
        thread.setDaemon(true);
        return thread;
    });

    Importing(Configuration configuration, Connections connections, JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.configuration = configuration;
        this.connections = connections;
        this.jdbc = jdbc;
        this.sql = JdbcClient.create(jdbc);
        this.transaction = transaction;
        pulse.scheduleAtFixedRate(this::pulse, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    }

    /** Shows from now on that its process lives, though its turn may be long in coming. */
    public void expect(long id, int attempt) {
        turns.add(new Turn(id, attempt));
    }

    private void pulse() {
        try {
            turns.forEach(this::beat);
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("The database was not told that imports go on; it is told again in a moment", e);
        }
    }

    @Override
    public void close() {
        pulse.shutdownNow();
    }

    /**
     * Makes an import that was accepted, or goes on with one whose process died, behind the last file that it took; whatever happens, it ends.
     *
     * @param attempt as it was accepted by
     */
    public void make(long id, int attempt) {
        make(new Turn(id, attempt));
    }

    private void make(Turn turn) {
        turns.add(turn);
        try {
            if (!beat(turn)) {
                return;
            }
            ImportRequest request = sql.sql("select sync, organisation, import, forced, trigger, requested_by from syncline.import_run where id = ?")
                    .param(turn.id()).query((row, n) -> new ImportRequest(row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4),
                            row.getString(5), row.getString(6))).single();
            take(turn, request);
        } catch (RuntimeException e) {
            String what = e instanceof Explained ? e.getMessage()
                    : "Something went wrong that Syncline has no words for; its log has them. Ask for the import again.";
            LOG.warn("Import {} failed: {}", turn.id(), what, e);
            end(turn, "failed", what);
        } finally {
            turns.remove(turn);
        }
    }

    private void take(Turn turn, ImportRequest request) {
        SyncConfig sync = configuration.syncs().get(request.sync());
        ImportConfig filling = sync.imports().stream().filter(each -> each.name().equals(request.name())).findFirst().orElseThrow();
        String folder = connections.of(request.organisation(), sync.system()).fill(filling.folder());
        List<String> told = new ArrayList<>();
        for (Supplier supplier : filling.suppliers()) {
            try {
                List<Path> files = DeliveredFile.in(folder, supplier.files());
                if (files.isEmpty()) {
                    told.add(supplier.name() + ": no file in the folder is called " + supplier.files() + ".");
                }
                files.forEach(file -> one(turn, request, sync, filling, supplier, file));
            } catch (UnfitFile e) {
                end(turn, "failed", Character.toUpperCase(e.getMessage().charAt(0)) + e.getMessage().substring(1));
                return;
            }
        }
        boolean damaged = sql.sql("select exists (select from syncline.import_file where import_run = ? and state = 'failed')").param(turn.id())
                .query(Boolean.class).single();
        end(turn, damaged ? "partial" : "done", told.isEmpty() ? null : String.join(" ", told));
    }

    private void one(Turn turn, ImportRequest request, SyncConfig sync, ImportConfig filling, Supplier supplier, Path file) {
        String digest = null;
        try {
            digest = DeliveredFile.digest(file);
            if (turn.attempt() > 0 && isNoted(turn, supplier, file, digest)) {
                return;
            }
            if (!request.forced() && isTaken(request, supplier, digest)) {
                note(turn, request, supplier, file, digest, "known", "Its content was taken before.", null);
                return;
            }
            String content = digest;
            transaction.executeWithoutResult(status -> {
                try {
                    taken(turn, request, sync, filling, supplier, file, content);
                } catch (UnfitFile | Unreadable e) {
                    throw new Refusal(e);
                }
            });
        } catch (Refusal e) {
            note(turn, request, supplier, file, digest, "failed", sentence(e.getCause().getMessage()), null);
        } catch (UnfitFile e) {
            note(turn, request, supplier, file, digest, "failed", sentence(e.getMessage()), null);
        }
    }

    private void taken(Turn turn, ImportRequest request, SyncConfig sync, ImportConfig filling, Supplier supplier, Path file, String digest)
            throws UnfitFile, Unreadable {
        jdbc.execute("set local lock_timeout = '30s'");
        try (DeliveredFile lines = DeliveredFile.open(file, supplier.delimiter(), supplier.charset())) {
            Reader reader = new Reader(filling.table(), supplier, lines.header());
            UnfitFile damaged = jdbc.execute((ConnectionCallback<UnfitFile>) connection -> {
                try (Lines staged = new Lines(connection, turn.id())) {
                    for (DeliveredFile.Line line = lines.next(); line != null; line = lines.next()) {
                        staged.add(reader.read(line));
                    }
                    staged.end();
                    return null;
                } catch (UnfitFile e) {
                    return e;
                }
            });
            if (damaged != null) {
                throw damaged;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!DeliveredFile.digest(file).equals(digest)) {
            throw new Unreadable("changed while it was read. Write files under another name, ending with .tmp, and rename them when they are whole.");
        }
        Taking.Result result = new Taking(sql, sync, filling.table(), supplier, turn.id(), request.organisation()).take(request.forced());
        note(turn, request, supplier, file, digest, "taken", result.heldEnds() == 0 ? null : result.heldEnds() + " rows are missing from it, which is many:"
                + " they are left as they are. Should it be right, ask for the import with force.", result);
        // Promise 22: who was taken for dead meanwhile writes nothing.
        if (!beat(turn)) {
            throw new IllegalStateException("import " + turn.id() + " was taken for dead");
        }
    }

    private boolean beat(Turn turn) {
        return sql.sql("update syncline.import_run set beat_at = clock_timestamp() where id = ? and state = 'running' and taken_over = ?")
                .params(turn.id(), turn.attempt()).update() > 0;
    }

    /** By a process that died over this import later. */
    private boolean isNoted(Turn turn, Supplier supplier, Path file, String digest) {
        return sql.sql("select exists (select from syncline.import_file where import_run = ? and supplier = ? and file = ? and digest = ?)")
                .params(turn.id(), supplier.name(), file.getFileName().toString(), HexFormat.of().parseHex(digest)).query(Boolean.class).single();
    }

    private boolean isTaken(ImportRequest request, Supplier supplier, String digest) {
        return sql.sql("""
                select exists (select from syncline.import_file f join syncline.import_run r on r.id = f.import_run
                               where f.digest = ? and f.state = 'taken' and f.supplier = ? and r.sync = ? and r.import = ? and r.organisation = ?)""")
                .params(HexFormat.of().parseHex(digest), supplier.name(), request.sync(), request.name(), request.organisation()).query(Boolean.class).single();
    }

    private void note(Turn turn, ImportRequest request, Supplier supplier, Path file, String digest, String state, String message, Taking.Result result) {
        Taking.Result counts = result == null ? new Taking.Result(0, 0, 0, 0, 0, 0, 0, 0, "[]", "[]") : result;
        sql.sql("""
                insert into syncline.import_file (import_run, organisation, supplier, file, bytes, digest, state, message, lines, created, updated, unchanged,
                      rejected, unknown, ended, problems, about)
                select id, organisation, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb from syncline.import_run
                where id = ? and state = 'running' and taken_over = ?""")
                .params(supplier.name(), file.getFileName().toString(), size(file), digest == null ? null
                        : HexFormat.of().parseHex(digest), state, message, counts.lines(), counts.created(), counts.updated(), counts.unchanged(),
                        counts.rejected(), counts.unknown(), counts.ended(), counts.problems(), counts.about(), turn.id(), turn.attempt()).update();
    }

    private static Long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            LOG.debug("{} went away", file, e);
            return null;
        }
    }

    private void end(Turn turn, String state, String message) {
        sql.sql("update syncline.import_run set state = ?, message = ?, finished_at = clock_timestamp() where id = ? and state = 'running'"
                + " and taken_over = ?").params(state, message, turn.id(), turn.attempt()).update();
    }

    private static String sentence(String message) {
        boolean whole = message.startsWith("line ") || message.startsWith("the ");
        return whole ? Character.toUpperCase(message.charAt(0)) + message.substring(1) : "The file " + message;
    }

    /** An import, as often as it was taken over: who has an older number was taken for dead. */
    private record Turn(long id, int attempt) {
    }

    /** Carries what is wrong with a file out of its transaction. */
    private static final class Refusal extends RuntimeException {
        Refusal(Exception cause) {
            super(cause);
        }
    }
}
