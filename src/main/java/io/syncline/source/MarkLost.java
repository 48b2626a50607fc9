package io.syncline.source;

/** The source no longer knows what changed since the mark that is asked from; routes tell it from other failures by its type. */
public final class MarkLost extends SourceFailure {
    MarkLost(String message, Throwable cause) {
        super(Kind.MARK_LOST, message, cause);
    }
}
