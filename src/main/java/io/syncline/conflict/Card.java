package io.syncline.conflict;

import io.syncline.inspect.Version;
import io.syncline.store.DisputedRows;

import java.time.Instant;
import java.util.List;

/**
 * A conflict with all that a person needs to decide.
 *
 * @param seen       names this version of it
 * @param title      what people call the record, as JSON; or null
 * @param system     what people call the other side
 * @param here       what people call this one
 * @param row        as it stands; null where it is there no more
 * @param fields     in the order of the sync's file
 * @param decisions  that can be made about it; none where it is settled
 * @param parents    what the record leads to
 * @param children   what leads to the record
 * @param versions   the last ones of the record, the newest first
 * @param taken      what was decided about it, the newest first; some of that came too late
 * @param reopenedAs the conflict that it became when the side moved again, or null
 */
public record Card(Conflict conflict, Seen seen, String title, String system, String here, DisputedRows.Row row, List<FieldView> fields,
                   List<Outlook> decisions, List<Relative> parents, List<Relative> children, List<Version> versions, List<Taken> taken, Long reopenedAs) {
    /**
     * Somebody's decision.
     *
     * @param state {@code waiting}, {@code made}, or {@code too-late} where a side had moved before it could be made true
     */
    public record Taken(long id, String by, Instant at, String how, String reason, String state) {
    }
}
