package io.syncline.api;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Which entries somebody works on. A claim is a lock of one connection that this process keeps for all of them: PostgreSQL lets go of it when the process
 * dies, whatever it died of, and no clock is asked.
 */
final class Claims implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
    private static final String LOCK = "(hashtextextended('syncline idempotency ' || ?, 0))";

    private final DataSource database;
    private final Set<Long> held = new HashSet<>();
    private Connection connection;

    Claims(DataSource database) {
        this.database = database;
    }

    /** False when somebody has it, here or in another process. */
    synchronized boolean take(long entry) {
        if (!held.add(entry)) {
            return false;
        }
        boolean taken = false;
        try {
            taken = locked(entry);
            return taken;
        } catch (SQLException e) {
            throw new SQLExceptionSubclassTranslator().translate("claiming an entry", null, e);
        } finally {
            if (!taken) {
                held.remove(entry);
            }
        }
    }

    private boolean locked(long entry) throws SQLException {
        if (connection == null || !connection.isValid(2)) {
            connectAnew(entry);
        }
        return ask("select pg_try_advisory_lock" + LOCK, entry);
    }

    /** With the connection, all claims were lost; they are taken again before anybody else looks. */
    private void connectAnew(long entry) throws SQLException {
        drop();
        connection = database.getConnection();
        for (long each : held) {
            if (each != entry) {
                ask("select pg_try_advisory_lock" + LOCK, each);
            }
        }
    }

    synchronized void release(long entry) {
        held.remove(entry);
        try {
            ask("select pg_advisory_unlock" + LOCK, entry);
        } catch (SQLException e) {
            LOG.debug("The connection that held the claims is gone, and they with it", e);
        }
    }

    private boolean ask(String question, long entry) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setString(1, Long.toString(entry));
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }

    private void drop() {
        if (connection != null) {
            try (Connection last = connection; PreparedStatement statement = last.prepareStatement("select pg_advisory_unlock_all()")) {
                statement.execute();
            } catch (SQLException e) {
                LOG.debug("The connection that held the claims is gone, and they with it", e);
            }
            connection = null;
        }
    }

    @Override
    public synchronized void destroy() {
        drop();
    }
}
