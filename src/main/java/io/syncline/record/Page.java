package io.syncline.record;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * One page of a resource, whole and understood.
 *
 * @param number     from 1
 * @param resume     what a reader takes to go on after this page; null on the last
 * @param total      how many records the source says there are, or null
 * @param askedAt    a moment, by the source's clock where it tells it and else by ours, before which every change is in this answer
 * @param incomplete on the last page, why the pages are no proof of an absence; null when they are one
 * @param uncounted  on the last page of a read that was resumed, how many different records all attempts together must have shown to be whole; null when
 *                   there is nothing left to count
 * @param cursor     on the last page, what a later read takes to get what changed after this one, deletions too; null where the source gives none. It may
 *                   hold a secret of the source's
 * @param note       on the last page, what a person should know of how it was read; null where there is nothing to say
 */
public record Page(int number, List<Observed> records, boolean isLast, String resume, Long total, Instant askedAt, String incomplete, Long uncounted,
                   String cursor, String note) {
    public Page(int number, List<Observed> records, boolean isLast, String resume, Long total, Instant askedAt, String incomplete, Long uncounted,
            String cursor) {
        this(number, records, isLast, resume, total, askedAt, incomplete, uncounted, cursor, null);
    }

    public Page(int number, List<Observed> records, boolean isLast, String resume, Long total, Instant askedAt, String incomplete) {
        this(number, records, isLast, resume, total, askedAt, incomplete, null, null);
    }

    public Page(int number, List<Observed> records, boolean isLast, String resume, Long total, Instant askedAt, String incomplete, Long uncounted) {
        this(number, records, isLast, resume, total, askedAt, incomplete, uncounted, null);
    }

    /** The same with each record as the function has it. */
    public Page with(UnaryOperator<Observed> record) {
        return new Page(number, records.stream().map(record).toList(), isLast, resume, total, askedAt, incomplete, uncounted, cursor, note);
    }

    /** The readable keys on it, each once. */
    public List<String> keys() {
        return records.stream().map(Observed::key).filter(Objects::nonNull).distinct().toList();
    }
}
