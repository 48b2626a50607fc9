package io.syncline.source;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.syncline.config.SourceConfig;
import io.syncline.source.SourceFailure.Kind;
import org.apache.camel.CamelContext;
import org.postgresql.ds.PGSimpleDataSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One small pool of read-only connections per organisation, system and credentials; idle ones are closed after a minute. Of a database's address only
 * host, port, name and a few harmless parameters are taken: the driver's others can name classes and files.
 */
final class JdbcPools {
    private static final Pattern ADDRESS = Pattern.compile("jdbc:postgresql://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?/([^?&/\\s]+)(?:\\?(.*))?");
    private static final Set<String> PARAMETERS = Set.of("ssl", "sslmode", "currentSchema", "ApplicationName", "user", "password");

    private final CamelContext camel;
    private final Map<Holder, String> pools = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Map<String, HikariDataSource> open = new ConcurrentHashMap<>();

    JdbcPools(CamelContext camel) {
        this.camel = camel;
    }

    private record Holder(String organisation, String system, int credentials) {
    }

    /** The name under which Camel finds the pool. */
    String pool(Read read, Asked asked) {
        SourceConfig.Jdbc jdbc = (SourceConfig.Jdbc) read.system().source();
        String url = read.connection().fill(jdbc.url());
        String user = read.connection().fill(jdbc.user());
        String password = read.connection().fill(jdbc.password());
        return pools.computeIfAbsent(new Holder(read.connection().organisation(), read.system().name(), Objects.hash(url, user, password)), holder -> {
            String name = "source-" + count.incrementAndGet();
            HikariDataSource pool = new HikariDataSource(settings(url, user, password, Network.of(jdbc.allowPrivateNetwork()), asked));
            open.put(name, pool);
            camel.getRegistry().bind(name, pool);
            return name;
        });
    }

    void close() {
        open.forEach((name, pool) -> {
            camel.getRegistry().unbind(name);
            pool.close();
        });
    }

    private static HikariConfig settings(String url, String user, String password, Network network, Asked asked) {
        HikariConfig settings = new HikariConfig();
        settings.setDataSource(database(url, user, password, network, asked));
        settings.setReadOnly(true);
        settings.setMaximumPoolSize(3);
        settings.setMinimumIdle(0);
        settings.setIdleTimeout(60_000);
        settings.setConnectionTimeout(10_000);
        settings.setInitializationFailTimeout(-1);
        settings.setConnectionInitSql("set default_transaction_read_only = on; set statement_timeout = '30s'; set lock_timeout = '30s'; set time zone 'UTC';"
                + " set datestyle = 'ISO'; set extra_float_digits = 1; set bytea_output = 'hex'");
        return settings;
    }

    private static PGSimpleDataSource database(String url, String user, String password, Network network, Asked asked) {
        Matcher address = ADDRESS.matcher(url);
        if (!address.matches()) {
            throw asked.failure(Kind.REFUSED, "the declared url is not the address of a PostgreSQL database",
                    "Write jdbc:postgresql://host:5432/database; other databases are read by a source of kind route");
        }
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setServerNames(new String[] {address.group(1)});
        database.setPortNumbers(new int[] {address.group(2) == null ? 5432 : Integer.parseInt(address.group(2))});
        database.setDatabaseName(address.group(3));
        try {
            for (String parameter : address.group(4) == null ? new String[0] : address.group(4).split("&")) {
                String[] pair = parameter.split("=", 2);
                if (pair.length != 2 || !PARAMETERS.contains(pair[0])) {
                    throw asked.failure(Kind.REFUSED, "the declared url has a parameter that is not allowed",
                            "Allowed are ssl, sslmode, currentSchema and ApplicationName");
                }
                database.setProperty(pair[0], pair[1]);
            }
        } catch (SQLException e) {
            throw asked.failure(Kind.REFUSED, "the declared url has a parameter that the driver does not take", "Correct it in the system's file");
        }
        if (!user.isEmpty()) {
            database.setUser(user);
            database.setPassword(password);
        }
        refuseEarly(address.group(1), network, asked);
        database.setSocketFactory(GuardedSockets.class.getName());
        database.setSocketFactoryArg(network.name());
        database.setConnectTimeout(10);
        database.setSocketTimeout(35);
        // Bound texts take the type of what they are compared with.
        database.setStringType("unspecified");
        return database;
    }

    /** What is plainly not allowed is said at once; {@link GuardedSockets} checks again when connecting. */
    private static void refuseEarly(String host, Network network, Asked asked) {
        try {
            new GuardedResolver(network, InetAddress::getAllByName).resolve(host);
        } catch (ForbiddenAddress e) {
            throw asked.failure(Kind.FORBIDDEN_ADDRESS, e.getMessage() + ", an address that is not allowed",
                    "If it is meant, write allowPrivateNetwork: true in the system's file");
        } catch (UnknownHostException e) {
            throw asked.failure(Kind.UNREACHABLE, "the host name is not known", "Check the address in the system's file");
        }
    }
}
