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
 * @param agrees    the agreement with the side is to be what was observed (also where the row stays as it is)
 * @param fields    the fields the two sides disagree on, for conflicts
 * @param settledBy the policy that settled a conflict, or null
 */
public record Change(Outcome outcome, String reason, Observed observed, Stored stored, Document document, boolean agrees,
                     List<String> fields, Rules.Policy settledBy) {

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
        return new Change(outcome, reason, observed, stored, document, agrees, List.copyOf(fields), settledBy);
    }

    Change settledBy(Rules.Policy policy) {
        return new Change(outcome, reason, observed, stored, document, agrees, fields, policy);
    }
}
