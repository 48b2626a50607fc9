package io.syncline.record;

import java.util.Map;
import java.util.Set;

/**
 * What a source said when it was asked for records that a whole read had not shown. What is neither there nor unclear is provably gone (promise 6).
 *
 * @param there   those that are there after all, by key
 * @param unclear the keys of those that it did not answer for
 * @param problem why it did not, for people; null when it answered for all
 */
public record Confirmation(Map<String, Observed> there, Set<String> unclear, String problem) {
}
