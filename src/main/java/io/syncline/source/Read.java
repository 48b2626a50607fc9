package io.syncline.source;

import io.syncline.config.Connection;
import io.syncline.config.SourceConfig;
import io.syncline.config.SystemConfig;
import io.syncline.record.SideMapping;

import java.time.Instant;

/**
 * What is to be read.
 *
 * @param since changes since this mark only (the overlap is added here, not by the caller), or null for everything
 */
public record Read(Connection connection, SystemConfig system, SourceConfig.Resource resource, SideMapping mapping, Instant since) {
}
