package io.syncline.imports;

import io.syncline.config.Configuration;
import io.syncline.config.ImportConfig;
import io.syncline.config.SyncConfig;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.List;
import java.util.Optional;

/** Imports as they are asked for and told of. One at a time is made of each import and organisation; who asks meanwhile joins it. */
@Component("imports")
public class Imports {
    /** Of a process that has not shown for so long that it lives. */
    private static final String SILENT = "beat_at < clock_timestamp() - interval '30 seconds'";
    private static final int MOST_TAKEN_OVER = 5;
    private static final String REPORT = """
            select json_build_object('id', r.id, 'sync', r.sync, 'import', r.import, 'organisation', r.organisation, 'state', r.state, 'message', r.message,
                   'trigger', r.trigger, 'requestedBy', r.requested_by, 'forced', r.forced, 'takenOver', r.taken_over,
                   'requestedAt', syncline.canonical(r.requested_at)::json, 'finishedAt', syncline.canonical(r.finished_at)::json,
                   'files', coalesce((select json_agg(json_build_object('supplier', f.supplier, 'file', f.file, 'bytes', f.bytes,
                        'sha256', encode(f.digest, 'hex'), 'state', f.state, 'message', f.message, 'lines', f.lines, 'created', f.created,
                        'updated', f.updated, 'unchanged', f.unchanged,
                        'rejected', f.rejected, 'unknown', f.unknown, 'ended', f.ended, 'problems', f.problems) order by f.id)
                        from syncline.import_file f where f.import_run = r.id), '[]'))::text
            from syncline.import_run r where r.sync = :sync and r.organisation = :organisation""";

    private final Configuration configuration;
    private final JdbcClient sql;
    private final TransactionTemplate transaction;

    Imports(Configuration configuration, JdbcClient sql, TransactionTemplate transaction) {
        this.configuration = configuration;
        this.sql = sql;
        this.transaction = transaction;
    }

    /** Empty when the organisation has no such import. */
    public Optional<ImportConfig> find(String sync, String organisation, String name) {
        SyncConfig declared = configuration.syncs().get(sync);
        return declared == null || !declared.organisations().contains(organisation) ? Optional.empty()
                : declared.imports().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /**
     * Stores the request; an equal one joins the import that is under way, and goes on with one whose process died. One with force is not equal to one without
     * (promise 22).
     */
    public Accepted accept(ImportRequest request) {
        return transaction.execute(status -> {
            Optional<Accepted> accepted = Optional.empty();
            while (accepted.isEmpty()) {
                // The one that is under way may end at any moment.
                accepted = made(request).or(() -> dead(request)).or(() -> underWay(request));
            }
            return accepted.get();
        });
    }

    private Optional<Accepted> made(ImportRequest request) {
        return sql.sql("""
                insert into syncline.import_run (sync, import, organisation, trigger, requested_by, forced) values (?, ?, ?, ?, ?, ?)
                on conflict (sync, import, organisation) where state = 'running' do nothing returning id""")
                .params(request.sync(), request.name(), request.organisation(), request.trigger(), request.requestedBy(), request.forced())
                .query(Long.class).optional().map(id -> new Accepted(id, false, true, 0, false));
    }

    private Optional<Accepted> dead(ImportRequest request) {
        return takeOver(request.forced(), "sync = ? and import = ? and organisation = ?", request.sync(), request.name(), request.organisation()).stream()
                .findFirst();
    }

    private Optional<Accepted> underWay(ImportRequest request) {
        return sql.sql("select id, forced from syncline.import_run where sync = ? and import = ? and organisation = ? and state = 'running'")
                .params(request.sync(), request.name(), request.organisation())
                .query((row, n) -> new Accepted(row.getLong(1), true, false, 0, request.forced() && !row.getBoolean(2))).optional();
    }

    /** Promise 23: imports whose process died are gone on with; one that outlives no process at all is given up. */
    public List<Accepted> takeOver() {
        return transaction.execute(status -> {
            sql.sql("update syncline.import_run set state = 'failed', finished_at = clock_timestamp(), message = 'Its process died ' || (taken_over + 1)"
                    + " || ' times while it was made. The log of each says why; the file that it was at was not taken.' where state = 'running' and "
                    + SILENT + " and taken_over >= ?").param(MOST_TAKEN_OVER).update();
            return takeOver(false, "true");
        });
    }

    /** @param forced whoever has this done asked for it with force */
    private List<Accepted> takeOver(boolean forced, String which, Object... parameters) {
        return sql.sql("update syncline.import_run set beat_at = clock_timestamp(), taken_over = taken_over + 1 where state = 'running' and " + SILENT
                        + " and " + which + " returning id, taken_over, forced").params(parameters)
                .query((row, n) -> new Accepted(row.getLong(1), true, true, row.getInt(2), forced && !row.getBoolean(3))).list();
    }

    /** What a schedule asks for. */
    public Accepted due(String sync, String organisation, String name) {
        return accept(new ImportRequest(sync, organisation, name, false, "schedule", "schedule"));
    }

    /** What an organisation's imports brought, the newest first, each as a JSON document. */
    public List<String> reports(String sync, String organisation, String name, Long before, int limit) {
        return sql.sql(REPORT + " and (:name::text is null or r.import = :name) and r.id < coalesce(:before::bigint, 9223372036854775807)"
                        + " order by r.id desc limit :limit")
                .param("sync", sync).param("organisation", organisation).param("name", name).param("before", before).param("limit", limit)
                .query(String.class).list();
    }
}
