package io.syncline.access;

/** What a reader lost when it was dropped. */
public enum Dropped {
    /** There was no such reader. */
    NOTHING,
    /** Its rights; its role was made otherwise and stays. */
    RIGHTS,
    /** Its rights and its role. */
    ROLE
}
