package io.syncline.source;

/** A set of numbers other than 0, in 16 bytes each at most. */
final class LongSet {
    private long[] slots = new long[64];
    private int size;

    /** True when it was not there yet. */
    boolean add(long value) {
        if (size * 4L >= slots.length * 3L) {
            long[] old = slots;
            slots = new long[old.length * 2];
            for (long each : old) {
                if (each != 0) {
                    slots[free(each)] = each;
                }
            }
        }
        int slot = free(value);
        if (slots[slot] == value) {
            return false;
        }
        slots[slot] = value;
        size++;
        return true;
    }

    int size() {
        return size;
    }

    private int free(long value) {
        int mask = slots.length - 1;
        int slot = (int) (value ^ value >>> 32) & mask;
        while (slots[slot] != 0 && slots[slot] != value) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
