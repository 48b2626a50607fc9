package io.syncline.api;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Which entries somebody works on. A claim stands for one connection that this process keeps for all of them: it is anybody's to take when PostgreSQL has that
 * session no more, whatever the process died of, and no clock is asked.
 */
final class Claims implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
    private static final String TAKE = """
            insert into syncline.claim as c (entry, pid, began) values (?, ?, ?) on conflict (entry) do update set pid = excluded.pid, began = excluded.began
            where (c.pid, c.began) = (?, ?) or not exists (select from pg_stat_activity a where a.pid = c.pid and a.backend_start = c.began)""";

    private final DataSource database;
    private final Set<Long> held = new HashSet<>();
    private Connection connection;
    private Session session;

    private record Session(int pid, OffsetDateTime began) {
    }

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
        return written(entry, session);
    }

    /** With the connection, all claims were lost; they are taken again before anybody else looks. */
    private void connectAnew(long entry) throws SQLException {
        drop();
        connection = database.getConnection();
        Session former = session;
        try (PreparedStatement statement = connection.prepareStatement("select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()");
             ResultSet row = statement.executeQuery()) {
            row.next();
            session = new Session(row.getInt(1), row.getObject(2, OffsetDateTime.class));
        }
        for (long each : held) {
            if (each != entry) {
                written(each, former == null ? session : former);
            }
        }
    }

    private boolean written(long entry, Session former) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setLong(1, entry);
            statement.setInt(2, session.pid());
            statement.setObject(3, session.began());
            statement.setInt(4, former.pid());
            statement.setObject(5, former.began());
            return statement.executeUpdate() == 1;
        }
    }

    synchronized void release(long entry) {
        held.remove(entry);
        try {
            delete(entry);
        } catch (SQLException e) {
            LOG.debug("The connection that held the claims is gone, and they with it", e);
        }
    }

    private void delete(long entry) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("delete from syncline.claim where entry = ? and pid = ? and began = ?")) {
            statement.setLong(1, entry);
            statement.setInt(2, session.pid());
            statement.setObject(3, session.began());
            statement.execute();
        }
    }

    private void drop() {
        if (connection != null) {
            try (Connection last = connection; Statement statement = last.createStatement()) {
                statement.execute("delete from syncline.claim where pid = pg_backend_pid()");
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
