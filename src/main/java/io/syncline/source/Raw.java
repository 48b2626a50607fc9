package io.syncline.source;

import io.syncline.record.Observed;

import java.nio.charset.StandardCharsets;

/** What a source sent of a record that does not fit, for the person who has to look at it; at most 64 KB of it. */
final class Raw {
    private static final int MOST = 64 << 10;

    private Raw() {
    }

    static Observed kept(Observed unfit, byte[] utf8, int from, int to) {
        int end = to;
        if (to - from > MOST) {
            end = from + MOST;
            while ((utf8[end] & 0xC0) == 0x80) {
                end--;
            }
        }
        return with(unfit, new String(utf8, from, end - from, StandardCharsets.UTF_8));
    }

    static Observed kept(Observed unfit, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return kept(unfit, utf8, 0, utf8.length);
    }

    private static Observed with(Observed unfit, String raw) {
        return new Observed(unfit.key(), unfit.document(), unfit.version(), unfit.modifiedAt(), unfit.deleted(), unfit.problems(), raw);
    }
}
