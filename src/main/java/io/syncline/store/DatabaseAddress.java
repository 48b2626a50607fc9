package io.syncline.store;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import java.net.URI;

/** Where people find the database with tools of their own. */
@Component
public class DatabaseAddress {
    private final JdbcTemplate jdbc;
    private final boolean ours;

    DatabaseAddress(JdbcTemplate jdbc, ObjectProvider<EmbeddedDatabase> embedded) {
        this.jdbc = jdbc;
        this.ours = embedded.getIfAvailable() != null;
    }

    /** The database is this process's alone; nobody else can be at work in it. */
    public boolean isOurs() {
        return ours;
    }

    /** As psql takes it, e.g. {@code postgresql://postgres@localhost:54320/syncline}; never with a password. */
    public String forPsql() {
        return jdbc.execute((ConnectionCallback<String>) connection -> {
            URI url = URI.create(connection.getMetaData().getURL().substring("jdbc:".length()));
            return "postgresql://" + connection.getMetaData().getUserName() + "@" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                    + url.getPath();
        });
    }
}
