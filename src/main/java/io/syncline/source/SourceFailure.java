package io.syncline.source;

import io.syncline.config.Explained;

/** A system did not answer as it should. The message is for people: what was asked, what came back, what to do. It never holds a secret or a body. */
public class SourceFailure extends RuntimeException implements Explained {
    private final Kind kind;

    /** What kind of failure it is, for those who decide what comes next. */
    public enum Kind {
        /** No answer: refused, reset, timed out, 5xx, still limited after all attempts. */
        UNREACHABLE,
        /** We are not let in, or not there. */
        DENIED,
        /** The declared request is not possible: 4xx. */
        REFUSED,
        /** An answer that cannot be understood, or contradicts itself. */
        NONSENSE,
        /** The outbound guard does not allow the address. */
        FORBIDDEN_ADDRESS,
        /** The source no longer knows the position we want to go on from. */
        POSITION_LOST,
        /** The source no longer knows what changed since the mark we ask from. */
        MARK_LOST
    }

    public SourceFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public SourceFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
