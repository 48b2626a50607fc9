package io.syncline.source;

/** Something that the system's file does not declare was about to leave for it. It did not. */
final class OnlyReads extends RuntimeException {
    private final String reason;

    OnlyReads(String method, String reason) {
        super("a " + method + " is not sent: " + reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
