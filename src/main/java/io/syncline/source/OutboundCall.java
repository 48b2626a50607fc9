package io.syncline.source;

import org.apache.hc.core5.concurrent.Cancellable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One request under way: it can be broken off from another thread, at any moment, and collects what comes back. */
final class OutboundCall {
    static final String VARIABLE = "call";

    private final long maxBytes;
    private final Departure departure;
    private final Map<String, List<String>> headers = new HashMap<>();
    private Cancellable connection;
    private boolean brokenOff;
    private int status;
    private boolean left;

    /** @param departure what may be sent */
    OutboundCall(long maxBytes, Departure departure) {
        this.maxBytes = maxBytes;
        this.departure = departure;
    }

    /** @throws OnlyReads when the system may not be sent this */
    void require(String method, String path) {
        departure.require(method, path);
    }

    /**
     * There is a connection, and from now on something may arrive.
     *
     * @throws IOException when it was broken off: whoever waited has been told that nothing left, and so nothing does
     */
    synchronized void leaves() throws IOException {
        if (brokenOff) {
            throw new InterruptedIOException("broken off before it left");
        }
        left = true;
    }

    synchronized boolean hasLeft() {
        return left;
    }

    long maxBytes() {
        return maxBytes;
    }

    synchronized void connectedBy(Cancellable connection) {
        this.connection = connection;
        if (brokenOff) {
            connection.cancel();
        }
    }

    synchronized void breakOff() {
        brokenOff = true;
        if (connection != null) {
            connection.cancel();
        }
    }

    void answered(int status) {
        this.status = status;
    }

    void header(String name, String value) {
        headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>(1)).add(value);
    }

    int status() {
        return status;
    }

    Map<String, List<String>> headers() {
        return headers;
    }
}
