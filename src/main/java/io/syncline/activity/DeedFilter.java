package io.syncline.activity;

import java.time.Instant;

/**
 * Which deeds in an organisation a list is about. Whatever is null does not matter.
 *
 * @param from the first moment
 * @param to   the first moment that is too late
 */
public record DeedFilter(String organisation, String actor, String action, String sync, Instant from, Instant to) {
}
