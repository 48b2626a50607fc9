package io.syncline.source;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;

import java.time.Instant;
import java.util.UUID;

/**
 * One thing to be said to a system.
 *
 * @param id          the idempotency key: the same over all attempts, restarts and read-backs
 * @param key         the system's key of the record; null for a create
 * @param agreed      what was last agreed; null for a create
 * @param document    what the record is to say; for a delete what it said last
 * @param agreedHash  the hash of what was last agreed; null for a create, and where it was agreed that the system does not have it
 * @param firstSentAt when it was sent for the first time; null where it never was
 * @param made        the key of the record that was made of a create, where the system told that and nothing else; null otherwise
 */
public record WriteOrder(UUID id, SyncConfig sync, EntityConfig entity, String organisation, Action action, String key, Document agreed, Document document,
                         byte[] agreedHash, Instant firstSentAt, String made) {
    public WriteOrder(UUID id, SyncConfig sync, EntityConfig entity, String organisation, Action action, String key, Document agreed, Document document,
                      byte[] agreedHash, Instant firstSentAt) {
        this(id, sync, entity, organisation, action, key, agreed, document, agreedHash, firstSentAt, null);
    }

    public enum Action {
        CREATE, UPDATE, DELETE, RESTORE
    }
}
