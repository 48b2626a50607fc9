package io.syncline.run;

import java.time.Instant;

/**
 * Which runs of an organisation a list is about. Whatever is null does not matter.
 *
 * @param entity runs that are, or were asked to be, about it
 * @param from   the first moment at which they were asked for
 * @param to     the first moment at which they were not
 */
public record RunFilter(String organisation, String sync, String mode, String state, String trigger, String requestedBy, String entity, Instant from,
                        Instant to) {
}
