package bench;

import java.util.Arrays;

/** Keys and their hashes. */
final class Known {
    private static final int NONE = -1;

    private long[] keys;
    private int[] index;
    private byte[] hashes;
    private int size;

    Known(int expected) {
        keys = new long[Math.max(16, expected)];
        hashes = new byte[keys.length * Page.HASH];
        index = emptyIndex(keys.length);
    }

    void clear() {
        size = 0;
        Arrays.fill(index, NONE);
    }

    int size() {
        return size;
    }

    void add(long key, byte[] hash) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size * Page.HASH);
            index = emptyIndex(keys.length);
            for (int i = 0; i < size; i++) {
                index[place(keys[i])] = i;
            }
        }
        keys[size] = key;
        System.arraycopy(hash, 0, hashes, size * Page.HASH, Page.HASH);
        index[place(key)] = size++;
    }

    /** Negative where it is not there. */
    int find(long key) {
        return index[place(key)];
    }

    boolean hasHash(int found, Page page, int record) {
        return page.hashIs(record, hashes, found * Page.HASH);
    }

    private int place(long key) {
        int at = (int) (key * 0x9E3779B97F4A7C15L >>> 40) & index.length - 1;
        while (index[at] != NONE && keys[index[at]] != key) {
            at = at + 1 & index.length - 1;
        }
        return at;
    }

    private static int[] emptyIndex(int keys) {
        int[] index = new int[Integer.highestOneBit(keys) * 4];
        Arrays.fill(index, NONE);
        return index;
    }
}
