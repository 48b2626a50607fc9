package io.syncline.run;

/**
 * The answer to a request, and a run's place in the line.
 *
 * @param joined an equal run was under way already; this is its number
 * @param single it is brief, as one about single records, and brief runs have a line of their own
 */
public record Ticket(long run, boolean joined, boolean single) {
    public Ticket(long run, boolean joined) {
        this(run, joined, false);
    }
}
