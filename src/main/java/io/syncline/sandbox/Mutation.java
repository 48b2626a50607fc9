package io.syncline.sandbox;

import java.util.List;

/**
 * One change of the sandbox's data.
 *
 * @param fields what changed, besides the change time; empty where the whole record came or went
 */
public record Mutation(Kind kind, Entity entity, long id, List<String> fields) {
    /** What happened to the record. */
    public enum Kind {
        CREATED,
        UPDATED,
        /** Its change time moved and nothing else. */
        TOUCHED,
        DEACTIVATED,
        REACTIVATED,
        /** Gone without a trace. */
        DELETED,
        /** To another category. */
        MOVED,
        /** It shows the new state of one of its categories; its own change time did not move. */
        FOLLOWED
    }
}
