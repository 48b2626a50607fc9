package io.syncline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.config.EntityConfig;
import io.syncline.store.Staging;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Takes up a run where its checkpoints say that it stands. What cannot be gone on from is forgotten and read anew, with the reason. */
@Component
class Resumption {
    private static final String LOST = "Read anew: what had been read before the run was interrupted was lost, because PostgreSQL crashed or the"
            + " entity's fields were changed.";

    private final JdbcClient sql;
    private final Staging staging;
    private final TransactionTemplate transaction;
    private final ObjectMapper json;
    private final RunLedger ledger;
    private final Cursors cursors;

    Resumption(JdbcClient sql, Staging staging, TransactionTemplate transaction, ObjectMapper json, RunLedger ledger, Cursors cursors) {
        this.cursors = cursors;
        this.ledger = ledger;
        this.sql = sql;
        this.staging = staging;
        this.transaction = transaction;
        this.json = json;
    }

    /** How an entity's pass was opened by whoever held the run first. */
    private record Opened(Instant since, boolean byCursor, boolean movesMark, String state, List<String> reasons) {
    }

    /**
     * Of a run that was taken over: keeps the epoch that it stages in; where another one has begun since, everything is forgotten. A run that reads neither in
     * full nor what changed begins again.
     */
    void prepare(Run run) {
        if (!run.isTakenOver()) {
            return;
        }
        UUID now = staging.epoch();
        UUID before = sql.sql("select epoch from syncline.run where id = ?").param(run.id())
                .query((row, n) -> Optional.ofNullable(row.getObject(1, UUID.class))).single().orElse(null);
        if (!run.isResumable()) {
            transaction.executeWithoutResult(status -> {
                ledger.guard(run);
                sql.sql("delete from syncline.run_entity where run_id = ?").param(run.id()).update();
                sql.sql("update syncline.run_record set outcome = null, failure = null where run_id = ?").param(run.id()).update();
                // What it reads now has nothing to do with when the one before began.
                sql.sql("update syncline.run set started_at = clock_timestamp() where id = ?").param(run.id()).update();
                staging.drop(run.id(), run.sync());
            });
        }
        if (before != null && !before.equals(now)) {
            run.entities().forEach(entity -> forget(run, entity, LOST));
        }
        sql.sql("update syncline.run set epoch = ? where id = ? and takeovers = ?").params(now, run.id(), run.takeovers()).update();
    }

    /** The entity's pass as the last page left it; empty when nobody has opened it yet. */
    Optional<EntityPass> of(Run run, EntityConfig entity) {
        if (staging.isLost(run.id(), entity.name())) {
            forget(run, entity, LOST);
        }
        return opened(run, entity).map(opened -> {
            EntityPass pass = new EntityPass(run, entity, opened.since(), opened.movesMark());
            if (opened.byCursor()) {
                Optional<String> cursor = cursors.find(run, entity);
                if (cursor.isEmpty()) {
                    // Only a run that takes no lease can find it so: another has published beside it.
                    pass.readWhole(widen(run, entity, "Read in full: what changes were told from is not known any more."));
                    return pass;
                }
                pass.goOnFrom(cursor.get());
            }
            forgetReturned(run, entity);
            String position = position(run, entity);
            sql.sql("select number, progress from syncline.run_page where run_id = ? and entity = ? order by number desc limit 1")
                    .params(run.id(), entity.name()).query((row, n) -> goOn(pass, row.getInt(1), row.getString(2), position)).optional();
            opened.reasons().forEach(pass::tell);
            if (opened.state().equals("failed")) {
                // What the source was found to do wrong was found by all its pages together; the rest of them would not show it.
                pass.fail(opened.reasons().get(opened.reasons().size() - 1));
            }
            return pass;
        });
    }

    /**
     * Throws away what the run has kept of the entity. Promise 22: of a run that goes on elsewhere it is another's, and a plan that lost pages by this would
     * take their rows for deleted.
     *
     * @return what is to be told about it now
     * @throws Halt when the run is not ours any more
     */
    List<String> forget(Run run, EntityConfig entity, String reason) {
        return transaction.execute(status -> {
            ledger.guard(run);
            sql.sql("delete from syncline.run_page where run_id = ? and entity = ?").params(run.id(), entity.name()).update();
            staging.forget(run.id(), run.sync(), entity, 1);
            return sql.sql("""
                    update syncline.run_entity set state = 'reading', mark = null, finished_at = null, reasons = told_first || ?
                    where run_id = ? and entity = ? returning reasons""").params(reason, run.id(), entity.name())
                    .query((row, n) -> List.of((String[]) row.getArray(1).getArray())).optional().orElse(List.of());
        });
    }

    /** The same, and everything is to be read instead of what changed, also by whoever takes the run over. */
    List<String> widen(Run run, EntityConfig entity, String reason) {
        return transaction.execute(status -> {
            List<String> told = forget(run, entity, reason);
            sql.sql("update syncline.run_entity set whole = true, since = null, by_cursor = false, told_first = reasons where run_id = ? and entity = ?")
                    .params(run.id(), entity.name()).update();
            return told;
        });
    }

    /** Which parked children return is looked up again, once everything has been read. */
    private void forgetReturned(Run run, EntityConfig entity) {
        transaction.executeWithoutResult(status -> sql.sql("select min(number) from syncline.run_page where run_id = ? and entity = ? and origin = 'parked'")
                .params(run.id(), entity.name()).query((row, n) -> row.getObject(1, Integer.class)).list().stream().filter(first -> first != null)
                .forEach(first -> {
                    ledger.guard(run);
                    sql.sql("delete from syncline.run_page where run_id = ? and entity = ? and number >= ?").params(run.id(), entity.name(), first).update();
                    staging.forget(run.id(), run.sync(), entity, first);
                }));
    }

    private Optional<Opened> opened(Run run, EntityConfig entity) {
        return sql.sql("select since, by_cursor, moves_mark, state, reasons from syncline.run_entity where run_id = ? and entity = ?")
                .params(run.id(), entity.name())
                .query((row, n) -> new Opened(instant(row), row.getBoolean("by_cursor"), row.getBoolean("moves_mark"), row.getString("state"),
                        List.of((String[]) row.getArray("reasons").getArray()))).optional();
    }

    private String position(Run run, EntityConfig entity) {
        return sql.sql("select resume from syncline.run_page where run_id = ? and entity = ? and origin = 'source' order by number desc limit 1")
                .params(run.id(), entity.name()).query((row, n) -> Optional.ofNullable(row.getString(1))).list().stream().flatMap(Optional::stream).findFirst()
                .orElse(null);
    }

    private EntityPass goOn(EntityPass pass, int lastPage, String progress, String position) {
        try {
            pass.goOn(json.readValue(progress, Progress.class), lastPage, position);
            return pass;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("progress is always JSON", e);
        }
    }

    private static Instant instant(ResultSet row) throws SQLException {
        OffsetDateTime since = row.getObject("since", OffsetDateTime.class);
        return since == null ? null : since.toInstant();
    }
}
