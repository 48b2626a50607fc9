package io.syncline.inspect;

import java.time.Instant;
import java.util.List;

/**
 * What an erasure left behind.
 *
 * @param number   of its entry among the organisation's removals
 * @param row      null where the record never became one
 * @param versions how many versions lost their content
 * @param kept     the decisions that point to versions which kept theirs
 */
public record Erased(long number, Instant at, Long row, String key, long versions, List<Long> kept) {
}
