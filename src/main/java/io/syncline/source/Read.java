package io.syncline.source;

import io.syncline.config.Connection;
import io.syncline.config.SourceConfig;
import io.syncline.config.SystemConfig;
import io.syncline.record.SideMapping;

import java.time.Instant;

/**
 * What is to be read.
 *
 * @param since  changes since this mark only (the overlap is added here, not by the caller), or null for everything
 * @param cursor what an earlier read's last page gave to go on from: changes since then only, in place of those since the mark; or null
 */
public record Read(Connection connection, SystemConfig system, SourceConfig.Resource resource, SideMapping mapping, Instant since, String cursor) {
    public Read(Connection connection, SystemConfig system, SourceConfig.Resource resource, SideMapping mapping, Instant since) {
        this(connection, system, resource, mapping, since, null);
    }

    /** The same of everything there is. */
    Read whole() {
        return new Read(connection, system, resource, mapping, null);
    }

    /** A cursor may hold a secret of the source's. */
    @Override
    public String toString() {
        return "Read of " + resource.name() + " from " + system.name();
    }
}
