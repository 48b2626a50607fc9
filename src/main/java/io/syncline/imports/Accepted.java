package io.syncline.imports;

/**
 * The import that a request leads to.
 *
 * @param joined     it was under way already
 * @param begins     it is to be made now: it is new, or its process died
 * @param attempt    how often it was taken over; who makes it by an older number can write nothing
 * @param lacksForce it was asked for with force, and the one under way was not: what was asked for is not done by it
 */
public record Accepted(long id, boolean joined, boolean begins, int attempt, boolean lacksForce) {
}
