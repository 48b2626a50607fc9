package io.syncline.audit;

import java.time.Instant;

/**
 * Which decisions of an organisation a list is about. Whatever is null does not matter.
 *
 * @param key  a record's key, or {@code row:} and its row where it has none
 * @param from the first moment
 * @param to   the first moment that is too late
 */
public record DecisionFilter(String organisation, String sync, String entity, String key, String actor, Instant from, Instant to) {
}
