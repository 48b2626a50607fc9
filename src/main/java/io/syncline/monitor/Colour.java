package io.syncline.monitor;

import java.util.Locale;

/** How a sync stands at a glance. */
public enum Colour {
    /** In step, and nothing waits for anybody. */
    GREEN,
    /** It goes on, but somebody should look. */
    YELLOW,
    /** It does not go on by itself. */
    RED;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
