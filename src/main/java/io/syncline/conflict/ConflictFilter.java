package io.syncline.conflict;

import java.util.List;

/**
 * Which conflicts of a sync are meant. Whatever is null does not matter.
 *
 * @param state     {@code open} or {@code settled}
 * @param field     one that the sides disagree on
 * @param text      that the key holds, whatever its case
 * @param settledBy who settled it
 * @param said      that the key or a value of either side holds, whatever its case
 * @param ids       exactly these
 */
public record ConflictFilter(String organisation, String sync, String state, String entity, String field, String kind, String text, String settledBy,
                             String said, List<Long> ids) {
    /** Only open ones can be decided about. */
    ConflictFilter openOf(String entity) {
        return new ConflictFilter(organisation, sync, "open", entity, field, kind, text, null, said, ids);
    }
}
