package io.syncline.inspect;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * All records of an entity as they were, one after the other in the order of their rows. One statement with a cursor, in a transaction that sees one picture of
 * the database: a step of a few hundred is held in memory, whatever their number (promise 26).
 */
@Component
public class Export {
    private static final int STEP = 500;
    private static final String ALL = "select v.row_id, v.key, nullif(v.snapshot_id, 0) as snapshot, v.valid_from, encode(v.hash, 'hex') as hash,"
            + " nullif(v.document, '') as document, case when v.document = '' then (select m.kind from syncline.removal_of({sync}, {entity}, :organisation,"
            + " v.row_id, v.valid_from, v.valid_to) m) end as removed from (%s) v where not v.deleted order by v.row_id";

    private final JdbcTemplate jdbc;
    private final NamedParameterJdbcTemplate sql;
    private final TransactionTemplate transaction;

    Export(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        JdbcTemplate stepwise = new JdbcTemplate(jdbc.getDataSource());
        stepwise.setFetchSize(STEP);
        this.sql = new NamedParameterJdbcTemplate(stepwise);
        this.transaction = new TransactionTemplate(transactions);
        transaction.setReadOnly(true);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /** Whoever takes the records; when that fails, nothing more is read. */
    public interface Taker {
        void take(ExportedRecord record) throws IOException;
    }

    /** What is made of the records; it may go through them more than once, and each time they are the same. */
    public interface Work {
        void on(Pass records) throws IOException;
    }

    /** Goes through the records. */
    public interface Pass {
        void each(Taker taker) throws IOException;
    }

    public void read(Place place, Then then, Work work) throws IOException {
        Map<String, Object> parameters = new HashMap<>(Versions.parameters(then));
        parameters.put("organisation", place.organisation());
        try {
            transaction.executeWithoutResult(status -> {
                // All of it is wanted, not the first rows soon; and whoever takes nothing for minutes does not keep the transaction.
                jdbc.execute("set local cursor_tuple_fraction = 1; set local jit = off; set local idle_in_transaction_session_timeout = '5min'");
                try {
                    work.on(taker -> sql.query(place.table().fill(ALL).formatted(Versions.at(place, then)), parameters, row -> {
                        try {
                            taker.take(exported(row));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static ExportedRecord exported(ResultSet row) throws SQLException {
        return new ExportedRecord(row.getLong("row_id"), row.getString("key"), row.getObject("snapshot", Long.class), Records.instant(row, "valid_from"),
                row.getString("hash"), row.getString("document"), row.getString("removed"));
    }
}
