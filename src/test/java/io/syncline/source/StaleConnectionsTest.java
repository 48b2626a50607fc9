package io.syncline.source;

import io.syncline.config.SourceConfig.Auth;
import io.syncline.config.SourceConfig.Limits;
import io.syncline.record.Observed;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** A firewall or a restarted server forgets all kept connections at once; that must cost one attempt, not one for each of them. */
class StaleConnectionsTest {
    private static final int KEPT = 3;
    private static final String RECORD = "{\"id\": 1, \"name\": \"there\"}";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + RECORD.length() + "\r\n\r\n" + RECORD;

    @Test
    void manyStaleConnectionsCostOneAttempt() throws Exception {
        List<Socket> connections = new CopyOnWriteArrayList<>();
        CyclicBarrier together = new CyclicBarrier(KEPT);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress()); SourceFixture fixture = new SourceFixture()) {
            Thread acceptor = new Thread(() -> accept(server, connections, together));
            acceptor.setDaemon(true);
            acceptor.start();
            Limits limits = new Limits(Limits.DEFAULT.timeout(), Limits.DEFAULT.maxBytes(), 2, Duration.ofMillis(1), Duration.ofMillis(1));
            Read read = SourceFixture.read(SourceFixture.http("http://127.0.0.1:" + server.getLocalPort(), new Auth.None(), limits,
                    SourceFixture.resource(SourceFixture.NONE)), null);
            List<CompletableFuture<Optional<Observed>>> sideBySide = IntStream.range(0, KEPT)
                    .mapToObj(n -> CompletableFuture.supplyAsync(() -> fixture.sources.byId(read, "1"), command -> new Thread(command).start())).toList();
            assertThat(sideBySide).allSatisfy(found -> assertThat(found.join()).isPresent());
            assertThat(connections).hasSize(KEPT);

            for (Socket connection : connections) {
                connection.setSoLinger(true, 0);
                connection.close();
            }
            assertThat(fixture.sources.byId(read, "1")).isPresent();
            assertThat(connections).as("one new connection").hasSize(KEPT + 1);
        }
    }

    /** The first answers wait for each other, so that each has a connection of its own. */
    private static void accept(ServerSocket server, List<Socket> connections, CyclicBarrier together) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.add(socket);
                boolean waits = connections.size() <= KEPT;
                Thread thread = new Thread(new FutureTask<>(() -> serve(socket, waits ? together : null)));
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    /** Ends with an exception where the connection is reset, which is what this is about. */
    private static Void serve(Socket socket, CyclicBarrier together) throws Exception {
        try (socket) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    if (together != null) {
                        together.await();
                    }
                    socket.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
                }
            }
            return null;
        }
    }
}
