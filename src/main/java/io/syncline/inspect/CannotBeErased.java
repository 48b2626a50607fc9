package io.syncline.inspect;

/** A record cannot be erased as things stand; the message says what to do first. */
public final class CannotBeErased extends RuntimeException {
    private final String code;

    CannotBeErased(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
