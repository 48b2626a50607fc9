package io.syncline.source;

/** The source no longer knows the position that a read was to go on from; routes tell it from other failures by its type. */
public final class PositionLost extends SourceFailure {
    PositionLost(String message, Throwable cause) {
        super(Kind.POSITION_LOST, message, cause);
    }
}
