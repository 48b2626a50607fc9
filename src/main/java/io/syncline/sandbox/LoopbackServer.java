package io.syncline.sandbox;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A small HTTP/1.1 server on 127.0.0.1 that also knows how to misbehave. The JDK's own writes its own Date header and cannot reset a connection,
 * and a system with a wrong clock is one of the things to be simulated.
 */
final class LoopbackServer implements AutoCloseable {
    private static final int MOST_HEAD_BYTES = 64 << 10;
    private static final int MOST_BODY_BYTES = 10 << 20;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Outages outages = new Outages();
    private volatile ServerSocket listener;
    private final Function<Request, Answer> handler;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool(LoopbackServer::thread);
    private final Thread acceptor = thread(this::accept);

    /** @param port 0 for a free one */
    LoopbackServer(int port, Function<Request, Answer> handler) throws IOException {
        this.handler = handler;
        try {
            listener = listening(port);
        } catch (BindException e) {
            throw new BindException("port " + port + " on 127.0.0.1 is taken; syncline.sandbox.port chooses another one, 0 a free one");
        }
        acceptor.start();
    }

    private static ServerSocket listening(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 200);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "sandbox");
        thread.setDaemon(true);
        return thread;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Waits, but not beyond the server's end. */
    void pause(Duration time) {
        try {
            closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Afterwards nobody can connect any more: as long as its thread has not come back from waiting, a closed listener still takes connections. */
    @Override
    public void close() {
        closed.countDown();
        outages.end();
        shut(listener);
        try {
            acceptor.join(GRACE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(LoopbackServer::shut);
        threads.shutdownNow();
    }

    /** All connections are reset and nobody can connect when this comes back, for so long or until {@link #comeUp}. */
    void goDown(Duration length) {
        outages.begin(length, () -> shut(listener));
    }

    /** An outage is over when this comes back. */
    void comeUp() {
        outages.end();
    }

    private void accept() {
        while (closed.getCount() > 0) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                if (closed.getCount() > 0) {
                    sitOutOutage(e);
                }
            }
        }
    }

    /** The port stays ours meanwhile: a socket that is bound but does not listen refuses whoever comes. */
    private void sitOutOutage(IOException interruption) {
        int port = listener.getLocalPort();
        try (Socket placeholder = new Socket()) {
            placeholder.setReuseAddress(true);
            placeholder.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            connections.forEach(LoopbackServer::shut);
            outages.sitOut(interruption);
            if (closed.getCount() > 0) {
                listener = listening(port);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the sandbox can take no more connections", e);
        } finally {
            outages.over();
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) IDLE.toMillis());
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 << 10);
            boolean open = true;
            boolean stale = false;
            while (open) {
                Request request = read(in, out);
                if (request == null) {
                    return;
                }
                if (stale) {
                    reset(socket);
                    return;
                }
                Answer answer = handler.apply(request);
                stale = answer.delivery() instanceof Answer.ResetAfter;
                open = write(socket, out, request, answer);
            }
        } catch (SocketException | SocketTimeoutException | EOFException e) {
            System.getLogger(LoopbackServer.class.getName()).log(System.Logger.Level.DEBUG, "the client left: {0}", e.getMessage());
        } catch (IOException | IllegalArgumentException e) {
            System.getLogger(LoopbackServer.class.getName()).log(System.Logger.Level.WARNING, "a request could not be served", e);
        } finally {
            connections.remove(socket);
        }
    }

    /** The next request, or null when the client has closed. */
    private static Request read(InputStream in, OutputStream out) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        String[] words = first.split(" ");
        if (words.length != 3 || !words[1].startsWith("/")) {
            throw new IOException("not an HTTP request line: " + first);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.put(header.substring(0, colon).trim().toLowerCase(Locale.ROOT), header.substring(colon + 1).trim());
            }
        }
        if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        byte[] body = headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")
                ? chunks(in) : exactly(in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
        int mark = words[1].indexOf('?');
        return new Request(words[0], mark < 0 ? words[1] : words[1].substring(0, mark), mark < 0 ? "" : words[1].substring(mark + 1), headers, body);
    }

    /** @return whether the connection can be used for another request */
    private boolean write(Socket socket, OutputStream out, Request request, Answer answer) throws IOException {
        if (answer.delivery() instanceof Answer.Reset) {
            return reset(socket);
        } else if (answer.delivery() instanceof Answer.Late late) {
            pause(late.by());
        }
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(answer.status()).append(' ').append(reason(answer.status())).append("\r\n");
        answer.headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        boolean halfChunk = answer.delivery() instanceof Answer.HalfChunk;
        if (halfChunk) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (answer.status() != 204) {
            head.append("Content-Length: ").append(answer.body().length).append("\r\n");
        }
        head.append("\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        byte[] body = request.method().equals("HEAD") ? new byte[0] : answer.body();
        if (answer.delivery() instanceof Answer.Half) {
            out.write(body, 0, body.length / 2);
            out.flush();
            pause(Duration.ofMillis(50));
            return reset(socket);
        }
        if (halfChunk) {
            out.write((Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, body.length / 2);
            out.flush();
            return false;
        }
        if (answer.delivery() instanceof Answer.Drip drip) {
            drip(out, body, drip.overall());
        } else {
            out.write(body);
        }
        out.flush();
        return !request.header("connection").equalsIgnoreCase("close");
    }

    private void drip(OutputStream out, byte[] body, Duration overall) throws IOException {
        int piece = Math.max(1, (body.length + 99) / 100);
        for (int at = 0; at < body.length && closed.getCount() > 0; at += piece) {
            out.write(body, at, Math.min(piece, body.length - at));
            out.flush();
            pause(overall.dividedBy(100));
        }
    }

    private static boolean reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        return false;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (line.size() > MOST_HEAD_BYTES) {
                throw new IOException("a header line is too long");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
            body.write(exactly(in, size));
            line(in);
            if (body.size() > MOST_BODY_BYTES) {
                throw new IOException("a request body is too large");
            }
        }
        line(in);
        return body.toByteArray();
    }

    private static int chunkSize(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            throw new EOFException();
        }
        return Integer.parseInt(line.split(";")[0].trim(), 16);
    }

    private static byte[] exactly(InputStream in, int size) throws IOException {
        if (size < 0 || size > MOST_BODY_BYTES) {
            throw new IOException("a request body of " + size + " bytes is not taken");
        }
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException();
        }
        return bytes;
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 410 -> "Gone";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
    }

    private static void shut(AutoCloseable door) {
        try {
            door.close();
        } catch (Exception e) {
            System.getLogger(LoopbackServer.class.getName()).log(System.Logger.Level.DEBUG, "closing: {0}", e.getMessage());
        }
    }
}
