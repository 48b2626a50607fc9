package io.syncline.source;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An HTTP server on loopback that answers as it is told to, properly or not, and keeps what it was asked. One answer a connection. */
public final class FaultyServer implements Closeable {
    private final ServerSocket socket;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger brokenOff = new AtomicInteger();
    private volatile Function<Received, Answer> script = request -> json("[]");

    /** @param target as it came over the wire: path and query, still encoded */
    public record Received(String method, String target, Map<String, String> headers, String body) {
        public String line() {
            return method + " " + target;
        }
    }

    /** Writes whatever it likes to the connection, which is closed afterwards. */
    public interface Answer {
        void write(OutputStream to) throws Exception;
    }

    public FaultyServer() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public List<Received> received() {
        return received;
    }

    /** How often a client went away before it had its whole answer. */
    public int brokenOff() {
        return brokenOff.get();
    }

    /** The request lines, in order. */
    public List<String> lines() {
        return received.stream().map(Received::line).toList();
    }

    public FaultyServer always(Function<Received, Answer> answers) {
        script = answers;
        return this;
    }

    /** One answer after the other; the last one for ever. */
    public FaultyServer script(Answer... answers) {
        List<Answer> left = new ArrayList<>(List.of(answers));
        script = request -> {
            synchronized (left) {
                return left.size() > 1 ? left.remove(0) : left.get(0);
            }
        };
        return this;
    }

    public static Answer json(String body, String... headers) {
        return answer(200, body, headers);
    }

    /** @param headers names and values in turn; Content-Type is JSON unless given */
    public static Answer answer(int status, String body, String... headers) {
        return answer(status, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    public static Answer answer(int status, byte[] body, String... headers) {
        return to -> {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n");
            if (!List.of(headers).contains("Content-Type")) {
                head.append("Content-Type: application/json\r\n");
            }
            for (int i = 0; i < headers.length; i += 2) {
                head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
            }
            to.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            to.write(body);
        };
    }

    /** Bytes as they are, head and all. */
    public static Answer raw(String text) {
        return to -> to.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream from = new BufferedInputStream(connection.getInputStream());
            Received request = request(from);
            if (request != null) {
                received.add(request);
                script.apply(request).write(connection.getOutputStream());
                connection.getOutputStream().flush();
            }
        } catch (IOException e) {
            brokenOff.incrementAndGet();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Received request(InputStream from) throws IOException {
        String[] first = line(from).split(" ");
        if (first.length != 3) {
            return null;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = line(from); !header.isEmpty(); header = line(from)) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).trim());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Received(first[0], first[1], headers, new String(from.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream from) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = from.read(); b >= 0 && b != '\n'; b = from.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "faulty-server");
        thread.setDaemon(true);
        thread.start();
    }
}
