package io.syncline.conflict;

import io.syncline.config.EntityConfig;
import io.syncline.config.WritesConfig;
import io.syncline.record.Field;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** What of an entity can be written to its system. Of one that is not written at all, what people edit stays here. */
final class Reach {
    private final EntityConfig entity;
    private final WritesConfig writes;

    Reach(EntityConfig entity) {
        this.entity = entity;
        this.writes = entity.writes();
    }

    boolean isWritten() {
        return writes != null;
    }

    /** The side alone says what it is. */
    boolean isOnlyRead(Field field) {
        return writes != null && field.to() == null;
    }

    /** What a field that is only read from the side is a part of; null where it stands for itself. */
    String wholeOf(String field) {
        Field whole = entity.wholeOf(entity.shape().fields().get(entity.shape().position(field)));
        return whole == null ? null : whole.name();
    }

    /** Null where records can be changed there; else a sentence that says why not, and what can be done. */
    String whyNotChanged(String system) {
        return why("update", WritesConfig::update, system);
    }

    String whyNotDeleted(String system) {
        return why("delete", WritesConfig::delete, system);
    }

    private String why(String way, Function<WritesConfig, Object> declared, String system) {
        if (entity.readOnly()) {
            return system + " is only ever read, so what is kept here could never be sent there. Take what it says.";
        }
        return writes == null || declared.apply(writes) != null ? null : "The system's file declares no " + way + " for " + entity.name()
                + ", so this could never be sent to " + system + ". Take what it says, or change the record there.";
    }

    /** Null where what the side has deleted can be there again: brought back, or made anew. */
    String whyNotBack(String system) {
        return !entity.readOnly() && (writes == null || writes.takesBack()) ? null : system + " has deleted the record, and its file declares neither"
                + " restore nor create for " + entity.name() + ", so it cannot be there again from here. Take the deletion, or bring the record back at "
                + system + " and let the next read find it.";
    }

    /** The fields that a record needs to be made anew. */
    List<String> neededAnew() {
        return writes != null && writes.makesAnew() ? entity.needed().stream().map(Field::name).toList() : List.of();
    }

    static String whyNotAnew(String fields, String system) {
        return system + " has deleted the record, and takes no new one without " + fields + ". Say what that is to be, in a merge.";
    }

    /** @param nulls fields that would be sent as null */
    String whyNotNull(List<Field> nulls, String system) {
        Map<String, String> why = whyNotNull(system);
        return nulls.stream().map(field -> why.get(field.name())).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** For each field that cannot be sent as null, in their order. */
    Map<String, String> whyNotNull(String system) {
        Map<String, String> why = new LinkedHashMap<>();
        if (writes != null && writes.update() != null) {
            entity.written().stream().filter(field -> !writes.update().takesNull(field.to().toString())).forEach(field -> why.put(field.name(), field.name()
                    + " cannot be null: " + system + " takes none for it. Say what it is to say, in a merge."));
        }
        return why;
    }

    /** How a record that the side has deleted is written. */
    String wayBack() {
        return writes == null ? "nothing" : writes.makesAnew() ? "create" : "restore";
    }
}
