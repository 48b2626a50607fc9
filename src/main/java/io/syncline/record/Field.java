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
 * @param to         where it stands in what is written to the source; null where it is only read
 * @param excerpt    what of the source's value the field takes
 */
public record Field(String name, FieldType type, Path from, boolean required, boolean set, boolean nullWhenMissing,
                    TimeFormat time, String references, Path to, Excerpt excerpt) {

    /** Written where it is read from, unless that is a place in a list, which cannot be written. */
    public Field(String name, FieldType type, Path from, boolean required, boolean set, boolean nullWhenMissing, TimeFormat time, String references) {
        this(name, type, from, required, set, nullWhenMissing, time, references, from.isPlain() ? from : null, Excerpt.ALL);
    }

    /** Everything that decides the field's value; what only decides whether a record fits, or what the value means to others, is no part of it. */
    String fingerprint() {
        boolean timed = type == FieldType.TIMESTAMP || type == FieldType.DATE;
        return type.word() + " from " + from.fingerprint() + excerpt.fingerprint() + (set ? " as a set" : "") + (nullWhenMissing ? ", missing is null" : "")
                + (timed ? ", " + (time == null ? TimeFormat.ISO : time).fingerprint() : "");
    }
}
