package io.syncline.store;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

/** Reads that a person waits for: they see one picture of the database, write nothing, and no statement of theirs goes on for long. */
@Component
public class BriefReads {
    private static final String CANCELLED = "57014";

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final long millis;

    /** @param limit {@code syncline.lookups.limit}: how long one statement may take; 5 s unless set */
    BriefReads(JdbcClient sql, PlatformTransactionManager transactions, @Value("${syncline.lookups.limit:5s}") Duration limit) {
        this.sql = sql;
        this.millis = limit.toMillis();
        this.transaction = new TransactionTemplate(transactions);
        transaction.setReadOnly(true);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /** @throws TookTooLong when a statement went on for longer than it may */
    public <T> T read(Supplier<T> question) {
        try {
            return transaction.execute(status -> {
                sql.sql("select set_config('statement_timeout', ?, true)").param(Long.toString(millis)).query(String.class).single();
                return question.get();
            });
        } catch (DataAccessException e) {
            if (e.getMostSpecificCause() instanceof SQLException cause && CANCELLED.equals(cause.getSQLState())) {
                throw new TookTooLong(millis);
            }
            throw e;
        }
    }
}
