package io.syncline.source;

import io.syncline.config.Configuration;
import io.syncline.config.Connections;
import io.syncline.config.SourceConfig;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemConfig;

import java.net.URI;
import java.net.URISyntaxException;

/** Where read-only systems stand, so that nothing is delivered there by an address that somebody set elsewhere. */
final class ReadOnlyPlaces {
    private final Configuration configuration;
    private final Connections connections;

    ReadOnlyPlaces(Configuration configuration, Connections connections) {
        this.configuration = configuration;
        this.connections = connections;
    }

    /** Whether a read-only system of any organisation stands at the host and port of the address. */
    boolean hold(URI address) {
        for (SyncConfig sync : configuration.syncs().values()) {
            SystemConfig system = configuration.systemOf(sync);
            if (system.readOnly() && system.source() instanceof SourceConfig.Web web
                    && sync.organisations().stream().anyMatch(each -> isSame(connections.of(each, system.name()).fill(web.baseUrl()), address))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(String baseUrl, URI address) {
        try {
            URI base = new URI(baseUrl);
            return base.getHost() != null && base.getHost().equalsIgnoreCase(address.getHost()) && Origin.port(base) == Origin.port(address);
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
