package io.syncline.run;

/**
 * The answer to a request.
 *
 * @param joined an equal run was under way already; this is its number
 */
public record Ticket(long run, boolean joined) {
}
