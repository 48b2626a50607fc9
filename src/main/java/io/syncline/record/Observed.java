package io.syncline.record;

import java.time.Instant;
import java.util.List;

/**
 * One record as a side showed it: mapped to the entity's fields, in canonical form and hashed.
 *
 * @param key        the side's key, or null when it could not be read
 * @param document   what its values say, in canonical form; null when the record is unfit, or deleted and told without content
 * @param version    the side's version number of the record, or null
 * @param modifiedAt when the side says it changed, or null
 * @param deleted    the side says that it is deleted
 * @param problems   why it is unfit, one sentence each; empty for a fit record
 * @param raw        what the source sent, kept for unfit records only so that a person can see it; else null
 */
public record Observed(String key, Document document, Long version, Instant modifiedAt, boolean deleted,
                       List<String> problems, String raw) {
    public boolean isFit() {
        return problems.isEmpty();
    }

    public byte[] hash() {
        return document.hash();
    }
}
