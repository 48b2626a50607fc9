package bench;

/** Keys that were seen, eight to sixteen bytes each. */
final class LongSet {
    private long[] slots;
    private int size;
    private boolean zero;

    LongSet(int expected) {
        slots = new long[Math.max(16, Integer.highestOneBit(Math.max(1, expected) * 2 - 1) * 2)];
    }

    int size() {
        return size + (zero ? 1 : 0);
    }

    /** Whether it is new. */
    boolean add(long key) {
        if (key == 0) {
            boolean isNew = !zero;
            zero = true;
            return isNew;
        }
        if (2 * (size + 1) > slots.length) {
            long[] before = slots;
            slots = new long[2 * before.length];
            size = 0;
            for (long each : before) {
                if (each != 0) {
                    add(each);
                }
            }
        }
        int at = place(key);
        if (slots[at] == key) {
            return false;
        }
        slots[at] = key;
        size++;
        return true;
    }

    boolean has(long key) {
        return key == 0 ? zero : slots[place(key)] == key;
    }

    private int place(long key) {
        int at = (int) (key * 0x9E3779B97F4A7C15L >>> 40) & slots.length - 1;
        while (slots[at] != 0 && slots[at] != key) {
            at = at + 1 & slots.length - 1;
        }
        return at;
    }
}
