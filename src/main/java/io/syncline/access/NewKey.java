package io.syncline.access;

/** A key that nobody has yet, for {@code SYNCLINE_ADMIN_KEY}: what the command {@code new-key} prints. */
public final class NewKey {
    private NewKey() {
    }

    public static String make() {
        return ApiKey.random().text();
    }
}
