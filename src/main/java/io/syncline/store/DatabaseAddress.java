package io.syncline.store;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where people find the database with tools of their own. */
@Component
public class DatabaseAddress {
    private final JdbcTemplate jdbc;
    private final EmbeddedDatabase embedded;

    DatabaseAddress(JdbcTemplate jdbc, ObjectProvider<EmbeddedDatabase> embedded) {
        this.jdbc = jdbc;
        this.embedded = embedded.getIfAvailable();
    }

    /** The database is this process's alone; nobody else can be at work in it. */
    public boolean isOurs() {
        return embedded != null;
    }

    /** As psql takes it, e.g. {@code postgresql://postgres@localhost:15432/syncline?passfile=/srv/data/pgpass}; never with a password. */
    public String forPsql() {
        return withoutPassword() + (isOurs() ? "?passfile=" + encoded(embedded.passwordFile()) : "");
    }

    private static String encoded(Path file) {
        return URLEncoder.encode(file.toString(), StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
    }

    private String withoutPassword() {
        return jdbc.execute((ConnectionCallback<String>) connection -> {
            URI url = URI.create(connection.getMetaData().getURL().substring("jdbc:".length()));
            return "postgresql://" + connection.getMetaData().getUserName() + "@" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                    + url.getPath();
        });
    }
}
