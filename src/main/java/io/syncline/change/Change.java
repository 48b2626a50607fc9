package io.syncline.change;

import io.syncline.record.Document;
import io.syncline.record.Observed;

import java.util.List;

/**
 * What was decided about one record, and why.
 *
 * @param outcome   what is to become of it
 * @param reason    a sentence for people
 * @param observed  what the side showed, or null for a proven absence
 * @param stored    what was stored of it, or null for a record never seen
 * @param document  what the row is to say afterwards, or null where the row's content stays
 * @param agrees    the agreement with the side is to be {@link #agreement()} (also where the row stays as it is)
 * @param fields    the fields the two sides disagree on, for conflicts
 * @param settledBy the policy that settled a conflict, or null
 * @param base      what was agreed with the side, as the mapping of now reads it, where nothing new is agreed but the mapping changed; else null
 */
public record Change(Outcome outcome, String reason, Observed observed, Stored stored, Document document, boolean agrees,
                     List<String> fields, Rules.Policy settledBy, Document base) {

    /** Of a mapping that has not changed. */
    public Change(Outcome outcome, String reason, Observed observed, Stored stored, Document document, boolean agrees, List<String> fields,
                  Rules.Policy settledBy) {
        this(outcome, reason, observed, stored, document, agrees, fields, settledBy, null);
    }

    /** Nothing is left to decide about an open conflict of the row. */
    public boolean endsConflict() {
        return agrees && base == null;
    }

    /**
     * What is agreed with the side afterwards, or null when nothing is. Marks the side did not tell this time stay as they were;
     * of a deletion no hash is agreed, whether its content was told or not.
     */
    public Stored.Agreement agreement() {
        Stored.Agreement before = stored == null ? null : stored.agreement();
        if (!agrees) {
            return before;
        }
        if (base != null) {
            return new Stored.Agreement(before.isGone() ? null : base.hash(), before.version(), before.modifiedAt());
        }
        byte[] hash = observed == null || observed.deleted() ? null : observed.hash();
        if (before == null) {
            return new Stored.Agreement(hash, observed.version(), observed.modifiedAt());
        }
        return new Stored.Agreement(hash,
                observed == null || observed.version() == null ? before.version() : observed.version(),
                observed == null || observed.modifiedAt() == null ? before.modifiedAt() : observed.modifiedAt());
    }

    /** Of a record that stays as it is: there is something to note all the same. A deletion of what was never stored ends its record's waiting, if it did. */
    public boolean isWorthNoting() {
        return agrees || stored == null && observed != null && observed.deleted();
    }

    /** Nothing tells what came first, so its record has to be read again. */
    public boolean isUndecided() {
        return outcome == Outcome.STALE && reason.startsWith(Classifier.UNDECIDED);
    }

    static Change of(Outcome outcome, String reason, Observed observed, Stored stored) {
        return new Change(outcome, reason, observed, stored, null, false, List.of(), null);
    }

    Change writing(Document document) {
        return new Change(outcome, reason, observed, stored, document, true, fields, settledBy);
    }

    Change agreeing() {
        return new Change(outcome, reason, observed, stored, document, true, fields, settledBy);
    }

    Change over(List<String> fields) {
        return new Change(outcome, reason, observed, stored, document, agrees, List.copyOf(fields), settledBy, base);
    }

    Change settledBy(Rules.Policy policy) {
        return new Change(outcome, reason, observed, stored, document, agrees, fields, policy, base);
    }

    /** The same decision, with the document and the agreed one as the mapping of now reads them. */
    Change remapped(Outcome outcome, String reason, Document document, Document base) {
        return new Change(outcome, reason, observed, stored, document, true, fields, settledBy, base);
    }
}
