package io.syncline.source;

/** 64 bits that tell pages, keys and cursors apart (FNV-1a with a final mix). */
final class Fingerprint {
    private static final long PRIME = 0x100000001b3L;

    private long state = 0xcbf29ce484222325L;

    static long of(String text) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.text(text);
        return fingerprint.value();
    }

    /** A record stands for its key, and one without a readable key for its bytes. */
    void add(String key, byte[] bytes, int from, int to) {
        if (key != null) {
            text(key);
            return;
        }
        for (int at = from; at < to; at++) {
            state = (state ^ bytes[at]) * PRIME;
        }
    }

    private void text(String text) {
        for (int at = 0; at < text.length(); at++) {
            state = (state ^ text.charAt(at)) * PRIME;
        }
        state = (state ^ 0x1ffff) * PRIME;
    }


    /** Never 0. */
    long value() {
        long mixed = (state ^ state >>> 32) * 0x9E3779B97F4A7C15L;
        mixed ^= mixed >>> 29;
        return mixed == 0 ? 1 : mixed;
    }
}
