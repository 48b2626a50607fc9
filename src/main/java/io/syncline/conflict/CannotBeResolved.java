package io.syncline.conflict;

/** A decision cannot be made like this; nothing was changed. */
public final class CannotBeResolved extends RuntimeException {
    private final String code;

    CannotBeResolved(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
