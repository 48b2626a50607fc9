package io.syncline.conflict;

import io.syncline.config.EntityConfig;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What of an entity can be written to its system. */
final class Reach {
    /** The ways in which a record is written. */
    enum Way { CREATE, UPDATE, DELETE, RESTORE }

    private final String entity;
    private final Set<Way> ways;

    private Reach(String entity, Set<Way> ways) {
        this.entity = entity;
        this.ways = ways;
    }

    static Reach of(EntityConfig entity) {
        return new Reach(entity.name(), entity.readOnly() ? EnumSet.noneOf(Way.class) : EnumSet.allOf(Way.class));
    }

    /** Null where it can be written like this; else a sentence that says why not, and what can be done. */
    String why(Way way, String system) {
        return ways.contains(way) ? null : "The system's file declares no " + way.name().toLowerCase(Locale.ROOT) + " for " + entity
                + ", so this could never be sent to " + system + ". Take what " + system + " says, or change the record there.";
    }

    String whyNotBack(String system) {
        return ways.contains(Way.RESTORE) || ways.contains(Way.CREATE) ? null : system + " has deleted the record, and its file declares neither restore nor"
                + " create for " + entity + ", so it cannot be brought back from here. Take the deletion, or bring the record back at " + system
                + " and let the next read find it.";
    }

    String wayBack() {
        return ways.contains(Way.RESTORE) ? "restore" : "create";
    }
}
