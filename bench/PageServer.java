package bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system that is read, as a process of its own: {@code GET /items?page=1&size=500} and {@code GET /items/17}. {@code POST /state/1} switches to another
 * state of {@link Goods}, {@code POST /touch/17} changes one record.
 * It does as little as it can, because it shares the machine with what is measured: a socket, a thread a connection, bytes.
 */
final class PageServer {
    private static final Pattern PAGE = Pattern.compile("[?&]page=(\\d+)");
    private static final Pattern SIZE = Pattern.compile("[?&]size=(\\d+)");
    private static final Pattern ONE = Pattern.compile("/(items|touch|state)/(\\d+)");

    private final Goods goods;

    private PageServer(Goods goods) {
        this.goods = goods;
    }

    /** @param arguments how many records; it says the port that it listens at, and ends with its input */
    public static void main(String[] arguments) throws IOException {
        PageServer server = new PageServer(new Goods(Integer.parseInt(arguments[0])));
        ExecutorService threads = Executors.newCachedThreadPool(PageServer::daemon);
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            daemon(() -> server.accept(socket, threads)).start();
            System.out.println(socket.getLocalPort());
            while (System.in.read() >= 0) {
                System.out.flush();
            }
        }
    }

    private void accept(ServerSocket socket, ExecutorService threads) {
        try {
            while (!socket.isClosed()) {
                Socket connection = socket.accept();
                threads.execute(() -> answer(connection));
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            Bytes body = new Bytes(256 * 1024);
            Bytes answer = new Bytes(256 * 1024);
            String request = line(in);
            while (request != null) {
                passOver(in);
                body.clear();
                boolean found = body(request, body);
                answer.clear();
                answer.add(("HTTP/1.1 " + (found ? "200 OK" : "404 Not Found") + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                        + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                answer.add(body.array, 0, body.length);
                out.write(answer.array, 0, answer.length);
                request = line(in);
            }
        } catch (SocketException gone) {
            System.err.println("A connection has ended: " + gone.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean body(String request, Bytes to) {
        String path = request.split(" ")[1];
        if (request.startsWith("POST ")) {
            Matcher one = ONE.matcher(path);
            if (!one.matches()) {
                return false;
            }
            int number = Integer.parseInt(one.group(2));
            if (one.group(1).equals("state")) {
                goods.state(number);
            } else {
                goods.touch(number);
            }
            return true;
        }
        Matcher page = PAGE.matcher(path);
        Matcher size = SIZE.matcher(path);
        if (page.find() && size.find()) {
            goods.page(to, Integer.parseInt(page.group(1)), Integer.parseInt(size.group(1)));
            return true;
        }
        Matcher one = ONE.matcher(path);
        int id = one.matches() ? Integer.parseInt(one.group(2)) : -1;
        if (!goods.isThere(id)) {
            return false;
        }
        goods.record(to, id);
        return true;
    }

    /** The headers, and the body where there is one. */
    private static void passOver(InputStream in) throws IOException {
        long length = 0;
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Long.parseLong(header.substring(15).trim());
            }
        }
        in.skipNBytes(length);
    }

    /** Null where the other side has ended. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }
}
