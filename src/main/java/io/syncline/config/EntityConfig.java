package io.syncline.config;

import io.syncline.change.Rules;
import io.syncline.record.Field;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;

import java.util.List;

/**
 * One kind of record in a sync.
 *
 * @param resource the system's resource it is read from
 * @param readOnly edits in SQL are refused
 * @param brake    how many deletes one run may publish without asking (promise 7)
 * @param match    the fields by which a record is known that has no key here yet; empty where none is
 * @param writes   how edits reach the system, or null where they stay here
 */
public record EntityConfig(String name, String resource, Shape shape, SideMapping mapping, Rules rules, boolean readOnly, Brake brake, List<String> match,
                           WritesConfig writes) {
    public EntityConfig {
        match = List.copyOf(match);
    }

    /** One that is never written to its system. */
    public EntityConfig(String name, String resource, Shape shape, SideMapping mapping, Rules rules, boolean readOnly, Brake brake) {
        this(name, resource, shape, mapping, rules, readOnly, brake, List.of(), null);
    }

    /** The fields that are sent to the system: of one that is written those that lead somewhere, else none. */
    public List<Field> written() {
        return writes == null ? List.of() : shape.fields().stream().filter(field -> field.to() != null).toList();
    }

    /** The field that is sent to the system which this one, only read from there, is a part of; null where there is none. */
    public Field wholeOf(Field field) {
        return written().stream().filter(other -> other.from().segments().get(0).equals(field.from().segments().get(0))).findFirst().orElse(null);
    }

    /** The fields that people may write into: of one that is written to its system those that are sent, of one that stays here all. */
    public List<Field> editable() {
        return readOnly ? List.of() : writes == null ? shape.fields() : written();
    }

    /** The fields without which no record is made: the entity requires them, or the system does. */
    public List<Field> needed() {
        List<String> members = writes == null || writes.create() == null ? List.of() : writes.create().requires();
        return editable().stream().filter(field -> field.required() || field.to() != null && members.contains(field.to().toString())).toList();
    }

    /**
     * Deletes are held when they exceed either limit, and always when the source's answer was empty. Up to five rows never exceed the percent.
     *
     * @param percent of the entity's live rows
     */
    public record Brake(int rows, int percent) {
        public static final Brake DEFAULT = new Brake(500, 20);
    }
}
