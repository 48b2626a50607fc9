package io.syncline.conflict;

import io.syncline.config.EntityConfig;
import io.syncline.config.WritesConfig;
import io.syncline.record.Field;

import java.util.List;
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

    List<String> onlyRead() {
        return entity.shape().fields().stream().filter(this::isOnlyRead).map(Field::name).toList();
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

    String whyNotBack(String system) {
        return !entity.readOnly() && (writes == null || writes.restore() != null) ? null : system + " has deleted the record, and its file declares no"
                + " restore for " + entity.name() + ", so it cannot be brought back from here. Take the deletion, or bring the record back at " + system
                + " and let the next read find it.";
    }

    /** @param nulls fields that would be sent as null */
    String whyNotNull(List<Field> nulls, String system) {
        return writes == null || writes.update() == null ? null : nulls.stream().filter(field -> !writes.update().takesNull(field.to().toString()))
                .findFirst().map(field -> field.name() + " cannot be null: " + system + " takes none for it. Say what it is to say, in a merge.").orElse(null);
    }

    /** How a record that the side has deleted is written. */
    String wayBack() {
        return writes == null ? "nothing" : "restore";
    }
}
