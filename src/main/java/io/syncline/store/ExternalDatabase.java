package io.syncline.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL that the operator gives us, 15 or newer, looked at once before it is used.
 *
 * @param url {@code jdbc:postgresql://host/database}, or the form {@code postgresql://user:password@host/database} that hosting services hand out
 */
record ExternalDatabase(String url, String user, String password) {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalDatabase.class);
    private static final int OLDEST = 15;

    /** Splits what was given into an address without secrets, and who we are. */
    static ExternalDatabase of(String given, String user, String password) {
        if (given.startsWith("jdbc:postgresql:")) {
            return new ExternalDatabase(given, user, password);
        }
        if (!given.startsWith("postgresql://") && !given.startsWith("postgres://")) {
            throw new UnusableDatabase("SYNCLINE_DATABASE_URL is no address of a PostgreSQL database. Write it like jdbc:postgresql://host:5432/syncline.");
        }
        URI uri = address(given);
        String[] who = uri.getUserInfo() == null ? new String[0] : uri.getUserInfo().split(":", 2);
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new ExternalDatabase("jdbc:postgresql://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + uri.getPath() + query,
                who.length > 0 ? who[0] : user, who.length > 1 ? who[1] : password);
    }

    private static URI address(String given) {
        try {
            URI uri = new URI(given);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            LOG.debug("The address is broken at character {}", e.getIndex());
        }
        // Promise 28: what is written may hold a password, so it is not shown.
        throw new UnusableDatabase("SYNCLINE_DATABASE_URL is no address of a PostgreSQL database. Write it like postgresql://host:5432/syncline, "
                + "and the user and password into SYNCLINE_DATABASE_USER and SYNCLINE_DATABASE_PASSWORD; or percent-encode them, a # as %23 and a % as %25.");
    }

    /** @throws UnusableDatabase when it cannot be reached, does not let us in, is too old, or does not hold Unicode */
    void check() {
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("loginTimeout", "10");
        try (Connection connection = DriverManager.getConnection(url, properties); var statement = connection.createStatement()) {
            if (connection.getMetaData().getDatabaseMajorVersion() < OLDEST) {
                throw new UnusableDatabase("The database at " + shown() + " is PostgreSQL " + connection.getMetaData().getDatabaseProductVersion()
                        + "; Syncline needs " + OLDEST + " or newer.");
            }
            try (var row = statement.executeQuery("show server_encoding")) {
                row.next();
                if (!row.getString(1).equals("UTF8")) {
                    throw new UnusableDatabase("The database at " + shown() + " has the encoding " + row.getString(1)
                            + "; Syncline needs UTF8: create database … encoding 'UTF8'.");
                }
            }
        } catch (SQLException e) {
            throw new UnusableDatabase(reason(e));
        }
    }

    private String reason(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.startsWith("28")) {
            return "The database at " + shown() + " does not let " + (user == null ? "us" : user)
                    + " in: user or password are wrong. Set SYNCLINE_DATABASE_USER and SYNCLINE_DATABASE_PASSWORD.";
        }
        if (state.equals("3D000")) {
            return "There is no such database at " + shown() + ". Create it, or correct SYNCLINE_DATABASE_URL.";
        }
        return "The database at " + shown() + " cannot be reached (SQL state " + state + "). Is it running, and is SYNCLINE_DATABASE_URL right?";
    }

    /** The address without its parameters, which may hold a password. */
    private String shown() {
        return url.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
    }

    @Override
    public String toString() {
        return shown();
    }
}
