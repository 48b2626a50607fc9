package io.syncline.activity;

import java.time.Instant;

/**
 * Something that somebody did.
 *
 * @param action a word such as {@code record-edited}
 * @param sync   that it was about, or null; likewise entity, key and run
 * @param key    the record's; of a key or link, its name
 * @param detail in words, or null; never a secret
 */
public record Deed(long id, Instant at, String actor, String action, String sync, String entity, String key, Long run, String detail) {
}
