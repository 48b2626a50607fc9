package io.syncline.source;

/** Something else than GET or HEAD was about to leave for a read-only system. It did not. */
final class OnlyReads extends RuntimeException {
    OnlyReads(String method) {
        super("a " + method + " to a read-only system is not sent");
    }
}
