package io.syncline.source;

import java.io.IOException;

/** An answer is larger, unpacked, than the system's limit. */
final class TooLarge extends IOException {
    TooLarge(long limit) {
        super("more than " + limit + " bytes");
    }
}
