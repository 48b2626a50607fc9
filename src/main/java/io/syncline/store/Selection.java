package io.syncline.store;

import java.util.List;

/**
 * Which rows of a plan are to be applied: those that all of these let through. Null lets everything through.
 *
 * @param outcomes words of {@code Outcome}
 * @param rows     only these
 * @param except   not these
 */
public record Selection(List<String> entities, List<String> outcomes, List<Row> rows, List<Row> except) {

    /** A row of a plan, by the key of its record. */
    public record Row(String entity, String key) {
    }

    boolean hasEntity(String entity) {
        return entities == null || entities.contains(entity);
    }

    /** The keys among these rows that are the entity's; null where there is no such list. */
    static String[] keys(List<Row> rows, String entity) {
        return rows == null ? null : rows.stream().filter(row -> row.entity().equals(entity)).map(Row::key).toArray(String[]::new);
    }
}
