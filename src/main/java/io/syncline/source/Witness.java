package io.syncline.source;

import io.syncline.config.SourceConfig.Paging;
import io.syncline.record.Observed;
import io.syncline.source.JsonAnswer.Understood;
import io.syncline.source.SourceFailure.Kind;

/**
 * Remembers what a read has seen, as far as it takes to notice going in circles and to prove that it is whole. Holds eight to twenty bytes a record where
 * the source tells a total that must be proven, else a few bytes a page.
 */
final class Witness {
    /** So many pages without a record in a row, each with another link to the next, lead nowhere. */
    private static final int MOST_EMPTY = 100;

    private final Paging paging;
    private final boolean resumed;
    private final LongSet pages = new LongSet();
    private final LongSet positions = new LongSet();
    private final LongSet keys = new LongSet();
    private long delivered;
    private long unreadable;
    private Long first;
    private Long last;
    private boolean moved;
    private int empty;

    Witness(Paging paging, Position from) {
        this.paging = paging;
        this.resumed = from.resumed();
        this.first = from.total();
        this.delivered = from.read();
        if (from.at() != null) {
            positions.add(Fingerprint.of(from.at()));
        }
        if (from.before() != null) {
            pages.add(from.before());
        }
    }

    /** Promise 5: a page or position that comes again is a loop, not data. */
    void saw(Understood page, Long total, String next, Asked asked) {
        if (!page.records().isEmpty() && !pages.add(page.fingerprint())) {
            throw asked.failure(Kind.NONSENSE, "the same page came again", "The source does not obey the paging that the system's file declares; correct it");
        }
        if (next != null && !positions.add(Fingerprint.of(next))) {
            throw asked.failure(Kind.NONSENSE, "the next page is one that was read already",
                    "The source sends us in circles; report it to the system's operator, or correct the paging in the system's file");
        }
        empty = page.records().isEmpty() ? empty + 1 : 0;
        if (next != null && empty == MOST_EMPTY) {
            throw asked.failure(SourceFailure.Kind.NONSENSE, MOST_EMPTY + " pages in a row were empty, and each says that there is another",
                    "The source never comes to an end; report it to the system's operator");
        }
        delivered += page.records().size();
        for (Observed record : page.records()) {
            if (record.key() == null) {
                unreadable++;
            } else if (counts() && (total != null || first != null)) {
                keys.add(Fingerprint.of(record.key()));
            }
        }
        if (total != null) {
            moved |= first != null && !first.equals(total);
            first = first == null ? total : first;
            last = total;
        }
    }

    /** The total that was told first, or null. */
    Long firstTotal() {
        return first;
    }

    /** Why the pages, now all read, are no proof that a record is gone; null when they are one. */
    String incomplete() {
        if (unreadable > 0) {
            return unreadable + (unreadable == 1 ? " record" : " records") + " came without a readable key";
        }
        if (first == null) {
            return resumed && counts() ? "the read was interrupted and went on later, and the source does not say how many records there are" : null;
        }
        if (moved) {
            return "the total moved from " + first + " to " + last + " while the pages were read";
        }
        if (uncounted() != null) {
            return null;
        }
        long whole = counts() ? keys.size() : delivered;
        return whole == first ? null : "the source says there are " + first + " records, but " + whole + " different ones came";
    }

    /** How many different records there must have been, where only those who kept what earlier attempts showed can count them; else null. */
    Long uncounted() {
        return resumed && counts() && unreadable == 0 && !moved ? first : null;
    }

    private boolean counts() {
        return !paging.stable();
    }
}
