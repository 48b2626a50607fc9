package io.syncline.api;

import java.io.PrintStream;

/** The command {@code new-key}: a key that nobody has yet, for {@code SYNCLINE_ADMIN_KEY}. */
public final class NewKey {
    private NewKey() {
    }

    public static int print(PrintStream out) {
        out.println(ApiKey.random().text());
        return 0;
    }
}
