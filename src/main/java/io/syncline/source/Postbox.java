package io.syncline.source;

import io.syncline.config.SourceConfig.Limits;
import io.syncline.source.SourceFailure.Kind;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLException;

/** Posts a document to an address that the operator set and that is no system: through the same guard as every read, once, and no redirect is followed. */
public final class Postbox implements AutoCloseable {
    private static final long MOST = 64 << 10;

    private final Outbound outbound;
    private final ReadOnlyPlaces readOnly;

    Postbox(Outbound outbound, ReadOnlyPlaces readOnly) {
        this.outbound = outbound;
        this.readOnly = readOnly;
    }

    /**
     * @param setting names the address in messages
     * @throws SourceFailure when nothing may be sent there
     */
    public static void check(String setting, String url) {
        address(new Asked(setting, "the address"), url);
    }

    private static URI address(Asked asked, String url) {
        try {
            return new Origin(url, asked).at("");
        } catch (SourceFailure e) {
            throw asked.failure(Kind.FORBIDDEN_ADDRESS, "is no address that can be sent to",
                    "Write http or https, a host and a path, such as https://anchors.example.com/syncline, without a user, a query or a fragment");
        }
    }

    /**
     * @param setting names the address in messages; the address itself may hold what is secret
     * @throws SourceFailure when it was not taken, with the reason and what to do
     */
    public void post(String setting, String url, boolean privateNetwork, Map<String, String> headers, String json, Duration timeout) {
        Asked asked = new Asked(setting, "POST");
        HttpRequest request = new HttpRequest(HttpRequest.Purpose.DELIVERY, "POST", address(asked, url), headers, json, "application/json", asked);
        if (readOnly.hold(request.uri())) {
            // Promise 21: not by this way either.
            throw asked.failure(Kind.FORBIDDEN_ADDRESS, "a read-only system stands at that address, and nothing is sent there", "Set another address");
        }
        Limits limits = new Limits(timeout, MOST, 1, Duration.ZERO, Duration.ZERO);
        int status;
        try {
            status = outbound.send(request, Network.of(privateNetwork), limits).status();
        } catch (ForbiddenAddress e) {
            throw asked.failure(Kind.FORBIDDEN_ADDRESS, "stands at an address that is not allowed", "If a private network is meant, say so in its settings;"
                    + " link-local and metadata addresses stay closed");
        } catch (SSLException e) {
            throw asked.failure(Kind.UNREACHABLE, "no secure connection can be made", "Check its certificate and address", e);
        } catch (IOException e) {
            throw asked.failure(Kind.UNREACHABLE, "nobody took it there in time", "Check that the address is right and its service up", e);
        }
        if (status < 200 || status > 299) {
            throw asked.failure(Kind.REFUSED, "answered " + status + (status / 100 == 3 ? ", a redirect, and redirects are not followed" : ""),
                    "It has to answer 2xx once it has kept what was sent");
        }
    }

    @Override
    public void close() {
        outbound.close();
    }
}
