package io.syncline.record;

/**
 * A declared field of an entity: a column of its table and a member of its canonical document.
 *
 * @param name       the column and the document's member, e.g. {@code display_name}
 * @param from       where the source's record holds it
 * @param required   a record in which it is missing or null is rejected
 * @param set        an array whose order means nothing
 * @param nullWhenMissing a missing member counts as null; otherwise the two are told apart
 * @param time       how instants and dates are written
 * @param references the entity whose key this field holds, or null
 */
public record Field(String name, FieldType type, Path from, boolean required, boolean set, boolean nullWhenMissing,
                    TimeFormat time, String references) {

    /** Everything that decides the field's value; what only decides whether a record fits, or what the value means to others, is no part of it. */
    String fingerprint() {
        boolean timed = type == FieldType.TIMESTAMP || type == FieldType.DATE;
        return type.word() + " from " + from.fingerprint() + (set ? " as a set" : "") + (nullWhenMissing ? ", missing is null" : "")
                + (timed ? ", " + (time == null ? TimeFormat.ISO : time).fingerprint() : "");
    }
}
