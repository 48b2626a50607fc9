package io.syncline.simulation;

/** A promise that a story saw broken. */
final class Broken extends RuntimeException {
    private final int promise;

    Broken(int promise, String how) {
        super("Promise " + promise + ": " + how, null, false, false);
        this.promise = promise;
    }

    int promise() {
        return promise;
    }
}
