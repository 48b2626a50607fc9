package io.syncline.inspect;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Why a version has no content any more.
 *
 * @param number of the entry of the organisation's removals
 * @param kind   {@code erased} or {@code expired}
 */
public record Removal(long number, String kind, Instant at, String actor, String reason) {
    /** As columns of a statement that joins {@link #JOINED}. */
    static final String COLUMNS = ", m.number as removal, m.kind as removal_kind, m.at as removed_at, m.actor as removed_by, m.reason as removal_reason";

    /** For versions {@code v} of {@link Versions}. */
    static final String JOINED = " left join lateral syncline.removal_of({sync}, {entity}, :organisation, v.row_id, v.valid_from, v.valid_to) m"
            + " on v.document = ''";

    /** Null where the version has its content. */
    static Removal of(ResultSet row) throws SQLException {
        Long number = row.getObject("removal", Long.class);
        return number == null ? null : new Removal(number, row.getString("removal_kind"), Records.instant(row, "removed_at"), row.getString("removed_by"),
                row.getString("removal_reason"));
    }
}
