package io.syncline.source;

import org.apache.hc.client5.http.DnsResolver;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Finds the addresses of a host and checks each of them. The connection is made to what this answers, so that a name which means something else a
 * moment later (DNS rebinding) gains nothing.
 */
final class GuardedResolver implements DnsResolver {
    private final Network network;
    private final Lookup lookup;

    /** How a name becomes addresses. */
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    GuardedResolver(Network network, Lookup lookup) {
        this.network = network;
        this.lookup = lookup;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = lookup.addresses(host);
        for (InetAddress address : addresses) {
            if (!network.allows(address)) {
                throw new ForbiddenAddress(host + " stands at " + address.getHostAddress());
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
