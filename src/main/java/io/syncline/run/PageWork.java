package io.syncline.run;

import io.syncline.record.Observed;

import java.util.List;

/**
 * A page on its way through the record route.
 *
 * @param origin    {@code source}, {@code absence} or {@code parked}
 * @param delivered how many records it came with
 * @param open      those that have to be judged one by one; the others are in the tally already
 * @param seen      the rows that the source still has
 */
public record PageWork(int number, String origin, int delivered, List<?> open, long[] seen, String resume, Tally tally) {
}
