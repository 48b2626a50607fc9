package io.syncline.attention;

import java.util.List;

/**
 * An item with all that a person needs to decide.
 *
 * @param record  what the source showed, mapped, as a canonical document; null where it could not be mapped
 * @param raw     what the source sent, where that did not fit
 * @param base    of a conflict, what both sides had agreed; else null
 * @param theirs  of a conflict, what the side shows now; null where it has deleted the record
 * @param ours    of a conflict, what the row says
 * @param keys    of held deletes, the first of them
 * @param advice  what to do, in sentences
 * @param actions what can be done with it here
 */
public record AttentionDetail(AttentionItem item, String record, String raw, String base, String theirs, String ours, List<String> keys, String advice,
                              List<Action> actions) {
    /** What can be done with an item. */
    public enum Action { RETRY, DISCARD, APPROVE, SETTLE }
}
