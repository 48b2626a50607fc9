package io.syncline.store;

import io.syncline.record.Json;
import io.syncline.record.Missing;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteConverter;

/** Rows in PostgreSQL's binary {@code COPY} format, gathered in memory (a page at a time) and sent at once. */
final class BinaryCopy {
    private static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final long EPOCH_2000_MICROS = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond() * 1_000_000;
    private static final long EPOCH_2000_DAYS = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final int TEXT_TYPE = 25;
    /** With a point among them, and more zeros behind, they are no more than a long holds. */
    private static final int MOST_DIGITS = 14;
    private static final byte JSONB_VERSION = 1;
    private static final int GROUP = 10_000;
    private static final int NEGATIVE = 0x4000;

    /** A page's rows are sent by the thread that sends the next page's; what one needed, the next one needs. */
    private static final ThreadLocal<byte[]> SPARE = new ThreadLocal<>();
    private static final int MOST_SPARED = 1 << 20;

    private byte[] bytes;
    private int length;

    BinaryCopy() {
        byte[] spare = SPARE.get();
        SPARE.remove();
        bytes = spare == null ? new byte[64 * 1024] : spare;
        raw(HEADER);
    }

    void row(int columns) {
        int2(columns);
    }

    void none() {
        int4(-1);
    }

    void whole(Long value) {
        if (value == null) {
            none();
        } else {
            whole(value.longValue());
        }
    }

    /** Tells that it was written, as all do that may find that there is nothing to write so. */
    boolean whole(long value) {
        int4(8);
        int8(value);
        return true;
    }

    void integer(Integer value) {
        if (value == null) {
            none();
        } else {
            int4(4);
            int4(value);
        }
    }

    boolean truth(boolean value) {
        int4(1);
        reserve(1);
        bytes[length++] = (byte) (value ? 1 : 0);
        return true;
    }

    void text(String value) {
        if (value == null) {
            none();
        } else {
            binary(value.getBytes(StandardCharsets.UTF_8));
        }
    }

    void binary(byte[] value) {
        if (value == null) {
            none();
        } else {
            binary(value, 0, value.length);
        }
    }

    boolean binary(byte[] from, int start, int end) {
        int4(end - start);
        raw(from, start, end);
        return true;
    }

    boolean json(byte[] utf8, int start, int end) {
        int4(end - start + 1);
        reserve(1);
        bytes[length++] = JSONB_VERSION;
        raw(utf8, start, end);
        return true;
    }

    /** A canonical number; false where it is one of so many digits that nothing was written. */
    boolean number(byte[] canonical, int start, int end) {
        int first = canonical[start] == '-' ? start + 1 : start;
        if (end - first > MOST_DIGITS) {
            return false;
        }
        long unscaled = 0;
        int scale = 0;
        int point = end;
        for (int at = first; at < end; at++) {
            if (canonical[at] == '.') {
                point = at;
                scale = end - at - 1;
            } else if (canonical[at] < '0' || canonical[at] > '9') {
                return false;
            } else {
                unscaled = 10 * unscaled + canonical[at] - '0';
            }
        }
        if (point == first || scale == 0 && point < end) {
            return false;
        }
        numeric(unscaled, scale, first > start);
        return true;
    }

    /** PostgreSQL's {@code numeric}: groups of four digits on either side of the point, without those that are nothing but zeros on the outside. */
    private void numeric(long digits, int scale, boolean negative) {
        long groups = digits;
        int behind = (scale + 3) / 4;
        for (int padded = scale; padded < 4 * behind; padded++) {
            groups *= 10;
        }
        int count = 0;
        for (long rest = groups; rest > 0; rest /= GROUP) {
            count++;
        }
        int weight = count - behind - 1;
        while (count > 0 && groups % GROUP == 0) {
            groups /= GROUP;
            count--;
        }
        int4(8 + 2 * count);
        int2(count);
        int2(count == 0 ? 0 : weight);
        int2(negative && count > 0 ? NEGATIVE : 0);
        int2(scale);
        reserve(2 * count);
        for (int at = length + 2 * count - 2; at >= length; at -= 2) {
            ByteConverter.int2(bytes, at, (int) (groups % GROUP));
            groups /= GROUP;
        }
        length += 2 * count;
    }

    void instant(Instant value) {
        if (value == null) {
            none();
        } else {
            moment(value.getEpochSecond() * 1_000_000 + value.getNano() / 1_000);
        }
    }

    /** @param micros since 1970 */
    boolean moment(long micros) {
        return whole(micros - EPOCH_2000_MICROS);
    }

    void texts(List<String> values) {
        if (values.isEmpty()) {
            none();
            return;
        }
        int start = length;
        int4(0);
        int4(1);
        int4(0);
        int4(TEXT_TYPE);
        int4(values.size());
        int4(1);
        values.forEach(this::text);
        int end = length;
        length = start;
        int4(end - start - 4);
        length = end;
    }

    /** The value of a declared field. */
    void value(Object value) {
        if (value == null || value == Missing.MISSING) {
            none();
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof Long whole) {
            whole(whole);
        } else if (value instanceof BigDecimal number) {
            binary(ByteConverter.numeric(number));
        } else if (value instanceof Boolean truth) {
            truth(truth);
        } else if (value instanceof Instant instant) {
            instant(instant);
        } else if (value instanceof LocalDate date) {
            int4(4);
            int4((int) (date.toEpochDay() - EPOCH_2000_DAYS));
        } else if (value instanceof Json json) {
            byte[] utf8 = json.canonical().getBytes(StandardCharsets.UTF_8);
            json(utf8, 0, utf8.length);
        } else {
            throw new IllegalArgumentException("no column for a value of " + value.getClass());
        }
    }

    /** Sends the rows, after which there is nothing to be done with this any more; on a failure the transaction is to be rolled back. */
    void send(Connection connection, String target) throws SQLException {
        row(-1);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy " + target + " from stdin (format binary)");
        try {
            copy.writeToCopy(bytes, 0, length);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
            SPARE.set(bytes.length > MOST_SPARED ? null : bytes);
            bytes = null;
        }
    }

    private void raw(byte[] value) {
        raw(value, 0, value.length);
    }

    private void raw(byte[] from, int start, int end) {
        reserve(end - start);
        System.arraycopy(from, start, bytes, length, end - start);
        length += end - start;
    }

    private void int2(int value) {
        reserve(2);
        ByteConverter.int2(bytes, length, value);
        length += 2;
    }

    private void int4(int value) {
        reserve(4);
        ByteConverter.int4(bytes, length, value);
        length += 4;
    }

    private void int8(long value) {
        reserve(8);
        ByteConverter.int8(bytes, length, value);
        length += 8;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
