package io.syncline.access;

/** What was shown opens nothing, or nothing was shown. The message says which, never what. */
public final class NotAdmitted extends RuntimeException {
    private final boolean shown;

    NotAdmitted(String message, boolean shown) {
        super(message, null, false, false);
        this.shown = shown;
    }

    /** Whether something was shown that should have opened. */
    public boolean shown() {
        return shown;
    }
}
