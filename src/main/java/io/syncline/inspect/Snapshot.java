package io.syncline.inspect;

import java.time.Instant;

/**
 * What a publish left behind.
 *
 * @param id       what the functions of time travel take; people say the number
 * @param previous the digest of the snapshot before, in hexadecimal digits
 */
public record Snapshot(long id, long number, Instant sealedAt, Long run, String mode, String trigger, String requestedBy, long changes, String digest,
                       String previous) {
}
