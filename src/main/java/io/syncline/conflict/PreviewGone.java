package io.syncline.conflict;

/** A preview of many decisions is kept no longer; nothing was decided. */
public final class PreviewGone extends RuntimeException {
    PreviewGone(String message) {
        super(message);
    }
}
