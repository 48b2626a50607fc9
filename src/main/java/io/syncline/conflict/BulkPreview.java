package io.syncline.conflict;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What many decisions at once would write.
 *
 * @param conflicts how many would be decided about
 * @param leftOut   how many fit the filter and cannot be decided about like this, by why
 * @param here      how many records would be written how, here; likewise there
 * @param fields    how many records would say something else in a field
 * @param first     some of them
 */
public record BulkPreview(UUID token, Instant expiresAt, Wanted.How how, long conflicts, Map<String, Long> leftOut, Map<String, Long> here,
                          Map<String, Long> there, List<FieldCount> fields, List<One> first) {
    /**
     * Of a field.
     *
     * @param here  how many records would say something else here; likewise there
     * @param stays in how many it stays as the one side has it that changed it, though something else is taken where both did
     */
    public record FieldCount(String entity, String field, long here, long there, long stays) {
    }

    /** @param title what people call the record, as JSON; or null */
    public record One(Conflict conflict, String title, Outlook outlook) {
    }
}
