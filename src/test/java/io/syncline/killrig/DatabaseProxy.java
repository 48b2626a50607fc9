package io.syncline.killrig;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Stands between the product and PostgreSQL and counts commits, of all connections together; those of the pulse, which come by the clock, are no points. */
final class DatabaseProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseProxy.class);

    private static final Pattern TABLE = Pattern.compile("\\b(?:insert into|update|delete from|copy) ((?!of\\b|skip\\b)[\\w.\"]+)");

    private final ServerSocket door;
    private final Trap trap;
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private volatile URI target;

    /** @param trap told of each commit */
    DatabaseProxy(Trap trap) {
        this.trap = trap;
        try {
            door = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread("proxy", this::accept);
    }

    /** The address to give to the product in place of this one. */
    String inFrontOf(String url) {
        target = URI.create(url.substring("jdbc:".length()));
        return "jdbc:postgresql://127.0.0.1:" + door.getLocalPort() + target.getPath() + "?" + target.getQuery() + "&sslmode=disable&gssEncMode=disable";
    }

    /** PostgreSQL has ended all that the product's connections had asked for, also what a killed process did not live to hear of. */
    boolean isDone(JdbcClient sql) {
        return sql.sql("select count(*) from pg_stat_activity where datname = current_database() and client_port = any(?)")
                .param(ports.toArray(Integer[]::new)).query(Integer.class).single() == 0;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                thread("proxied", () -> serve(client));
            } catch (IOException e) {
                LOG.debug("The proxy is closed: {}", e.getMessage());
            }
        }
    }

    private void serve(Socket client) {
        try (client; Socket server = new Socket(target.getHost(), target.getPort())) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            ports.add(server.getLocalPort());
            Answers answers = new Answers(server, client);
            thread("answers", answers::handOn);
            Frontend frontend = new Frontend(new BufferedInputStream(client.getInputStream(), 1 << 16),
                    new BufferedOutputStream(server.getOutputStream(), 1 << 16));
            frontend.greet();
            while (frontend.readBatch()) {
                List<String> committed = frontend.committed();
                Trap.Fate fate = committed.stream().allMatch(DatabaseProxy::isPulse) ? Trap.Fate.PASSES : trap.count(KillPoint.Kind.COMMIT, tables(committed));
                if (fate == Trap.Fate.NEVER_HAPPENS) {
                    return;
                }
                if (fate == Trap.Fate.HAPPENS_UNANSWERED) {
                    answers.withhold();
                }
                frontend.handOn();
            }
        } catch (IOException e) {
            LOG.debug("A connection ended: {}", e.getMessage());
        }
    }

    private static boolean isPulse(String statement) {
        return statement.startsWith("update syncline.run set alive_until") && statement.contains("skip locked");
    }

    private static String tables(List<String> statements) {
        return statements.stream().map(TABLE::matcher).filter(Matcher::find).map(table -> table.group(1)).distinct().collect(Collectors.joining(", "));
    }

    /** The way back. */
    private final class Answers {
        private final Socket server;
        private final Socket client;
        private volatile boolean withheld;

        private Answers(Socket server, Socket client) {
            this.server = server;
            this.client = client;
        }

        /** From here on nothing reaches the client, and when the server is done with it the client is killed. */
        void withhold() {
            withheld = true;
        }

        void handOn() {
            try (Closeable end = client; DataInputStream in = new DataInputStream(new BufferedInputStream(server.getInputStream(), 1 << 16));
                 DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream(), 1 << 16))) {
                while (true) {
                    int type = in.read();
                    if (type < 0) {
                        return;
                    }
                    int length = in.readInt();
                    byte[] body = in.readNBytes(length - 4);
                    if (withheld) {
                        if (type == 'Z') {
                            trap.kill();
                            return;
                        }
                        continue;
                    }
                    out.writeByte(type);
                    out.writeInt(length);
                    out.write(body);
                    if (in.available() == 0) {
                        out.flush();
                    }
                }
            } catch (IOException e) {
                LOG.debug("A connection ended: {}", e.getMessage());
            }
        }
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
