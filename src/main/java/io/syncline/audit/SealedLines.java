package io.syncline.audit;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** The lines that a change digest is made of, as {@code syncline.change_digest} writes them. */
final class SealedLines {
    static final int ROWS = 1000;
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final int HASH = 32;
    private static final byte ENDED = 2;

    private SealedLines() {
    }

    /** The line of a live version: row, since when, not deleted, key, hash. */
    static byte[] live(long row, Instant since, String key, byte[] hash) {
        byte[] name = key == null ? new byte[0] : key.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES * 2 + 1 + Integer.BYTES + name.length + HASH).putLong(row).putLong(micros(since)).put((byte) 0)
                .putInt(key == null ? -1 : name.length).put(name).put(hash).array();
    }

    private static long micros(Instant since) {
        Duration elapsed = Duration.between(EPOCH, since);
        return Math.addExact(Math.multiplyExact(elapsed.getSeconds(), 1_000_000L), elapsed.getNano() / 1000);
    }

    /**
     * How many lines these are. Every line is whole, of the same thousand rows and in its place, so that none can hide in another.
     *
     * @param from where the row and time of the line before them are to be, or null
     * @param to   the same of the line after them
     * @throws NotProven where they are not
     */
    static int count(byte[] lines, long thousand, byte[] from, byte[] to) {
        ByteBuffer in = ByteBuffer.wrap(lines);
        byte[] before = from;
        int count = 0;
        try {
            while (in.hasRemaining()) {
                byte[] line = line(in);
                if (ByteBuffer.wrap(line).getLong() / ROWS != thousand || before != null && compare(before, line) >= 0) {
                    throw new NotProven("The lines of the thousand rows are not in their order.");
                }
                before = line;
                count++;
            }
        } catch (BufferUnderflowException | NegativeArraySizeException | IndexOutOfBoundsException e) {
            throw new NotProven("A line of the thousand rows is not whole.");
        }
        if (to != null && before != null && compare(before, to) >= 0) {
            throw new NotProven("The lines of the thousand rows are not in their order.");
        }
        return count;
    }

    private static byte[] line(ByteBuffer in) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(take(in, Long.BYTES * 2));
        byte kind = in.get();
        line.write(kind);
        if (kind == ENDED) {
            line.writeBytes(take(in, Long.BYTES * 2));
        } else if (kind == 0 || kind == 1) {
            byte[] length = take(in, Integer.BYTES);
            line.writeBytes(length);
            line.writeBytes(take(in, Math.max(0, ByteBuffer.wrap(length).getInt())));
        } else {
            throw new NotProven("A line of the thousand rows is of a kind that there is none of.");
        }
        line.writeBytes(take(in, HASH));
        return line.toByteArray();
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] taken = new byte[length];
        in.get(taken);
        return taken;
    }

    /** By row, then by time, then what ended before what began. */
    private static int compare(byte[] one, byte[] other) {
        ByteBuffer a = ByteBuffer.wrap(one);
        ByteBuffer b = ByteBuffer.wrap(other);
        int byRow = Long.compare(a.getLong(), b.getLong());
        int byTime = byRow != 0 ? byRow : Long.compare(a.getLong(), b.getLong());
        return byTime != 0 ? byTime : Boolean.compare(a.get() != ENDED, b.get() != ENDED);
    }
}
