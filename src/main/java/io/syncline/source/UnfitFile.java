package io.syncline.source;

/** A delivered file, or the folder it should stand in, cannot be used as a whole. The message is for people: what is wrong, and what to do. */
public final class UnfitFile extends Exception {
    UnfitFile(String message, Throwable cause) {
        super(message, cause);
    }
}
