package bench;

import java.util.Arrays;

/** Bytes that grow: what is sent, hashed and copied is written here once. */
final class Bytes {
    private static final long[] TENS = new long[19];

    static {
        TENS[0] = 1;
        for (int i = 1; i < TENS.length; i++) {
            TENS[i] = TENS[i - 1] * 10;
        }
    }

    byte[] array;
    int length;

    Bytes(int capacity) {
        array = new byte[capacity];
    }

    void clear() {
        length = 0;
    }

    void reserve(int more) {
        if (length + more > array.length) {
            array = Arrays.copyOf(array, Math.max(2 * array.length, length + more));
        }
    }

    void add(int one) {
        reserve(1);
        array[length++] = (byte) one;
    }

    void add(byte[] more) {
        add(more, 0, more.length);
    }

    void add(byte[] from, int start, int end) {
        int more = end - start;
        reserve(more);
        System.arraycopy(from, start, array, length, more);
        length += more;
    }

    /** In decimal digits. */
    void digits(long number) {
        long rest = number;
        if (rest < 0) {
            add('-');
            rest = -rest;
        }
        int count = 1;
        while (count < TENS.length && rest >= TENS[count]) {
            count++;
        }
        reserve(count);
        for (int at = length + count - 1; at >= length; at--) {
            array[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    void int2(int value) {
        reserve(2);
        array[length++] = (byte) (value >> 8);
        array[length++] = (byte) value;
    }

    void int4(int value) {
        reserve(4);
        int2(value >> 16);
        int2(value);
    }

    void int8(long value) {
        int4((int) (value >> 32));
        int4((int) value);
    }
}
