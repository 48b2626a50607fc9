package io.syncline.conflict;

import java.util.List;

/**
 * Records that a record leads to, or that lead to it, by one field.
 *
 * @param entity of those records
 * @param field  that leads from the one to the other
 * @param count  how many there are that are not deleted
 * @param first  some of them, in the order of their keys
 */
public record Relative(String entity, String field, long count, List<One> first) {
    /**
     * @param key   null while it has none at its system
     * @param title what people call it, or null
     */
    public record One(String key, long row, String title, boolean inConflict) {
    }
}
