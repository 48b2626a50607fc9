package io.syncline.record;

/** The value of a field that the source did not send, which is not the same as null. */
public enum Missing {
    MISSING
}
