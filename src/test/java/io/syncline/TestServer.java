package io.syncline;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Makes the HTTP servers of the tests, on this machine at a free port. They answer at once: Java's own would hold the end of a small answer back for 40 ms,
 * unless it is told otherwise before the first one of a JVM is made.
 */
public final class TestServer {
    private static final int BACKLOG = 100;

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private TestServer() {
    }

    /** Not started yet. */
    public static HttpServer create() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
