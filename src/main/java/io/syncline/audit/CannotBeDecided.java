package io.syncline.audit;

/** There is nothing in the snapshot to decide about. */
public final class CannotBeDecided extends RuntimeException {
    private final String code;

    CannotBeDecided(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** A word for programs. */
    public String code() {
        return code;
    }
}
