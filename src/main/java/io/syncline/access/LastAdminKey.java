package io.syncline.access;

/** Without this key nobody could make keys for its organisation any more, but for whoever owns the host. */
public final class LastAdminKey extends RuntimeException {
    LastAdminKey() {
        super("This is the organisation's last admin key in use. Make another one first; or write lastAdmin=true if that is what you mean: afterwards only"
                + " whoever owns the host can make keys, with the command line.");
    }
}
